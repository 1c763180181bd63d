import { requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { isPublic, statements } from "../../stack/iam";
import { at, block, blocks, isTrue, list, number, show, text } from "../../stack/read";
import { T } from "../../stack/types";
import { peek, UNKNOWN } from "../../stack/unknown";

const wanted = ["AUDIT_LOGS", "ES_APPLICATION_LOGS", "SEARCH_SLOW_LOGS", "INDEX_SLOW_LOGS"];

/** Rules for OpenSearch Service. */
export const opensearchRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "domain-at-rest",
    types: [T.search],
    description: "A search domain is encrypted at rest.",
    rationale: "Its index holds the data it was made from.",
    fix: "set encryptAtRest.enabled to true",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["Opensearch.1"], cdkNag: ["AwsSolutions-OS8"], checkov: ["CKV_AWS_5"] },
    check(domain, context) {
      requireTrue(domain, context, "encryptAtRest.enabled", "be encrypted");
    },
  },
  {
    scope: "resource",
    name: "domain-fine-grained",
    types: [T.search],
    description: "A search domain knows its users and what each may read.",
    rationale: "Whoever reaches it reads every index otherwise.",
    fix: "set advancedSecurityOptions.enabled to true, and name principals in accessPolicies",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["Opensearch.7"], cdkNag: ["AwsSolutions-OS3", "AwsSolutions-OS5"], checkov: ["CKV_AWS_318"] },
    check(domain, context) {
      requireTrue(domain, context, "advancedSecurityOptions.enabled", "have fine-grained access");
      if (statements(domain.props["accessPolicies"]).some(isPublic))
        context.report(domain, "must name its principals, got *");
    },
  },
  {
    scope: "resource",
    name: "domain-https",
    types: [T.search],
    description: "A search domain takes HTTPS from TLS 1.2 on only.",
    rationale: "Queries and results would cross the network in the clear.",
    fix: "set domainEndpointOptions.enforceHttps and tlsSecurityPolicy Policy-Min-TLS-1-2-PFS-2023-10",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["Opensearch.8"], checkov: ["CKV_AWS_83", "CKV_AWS_228"] },
    check(domain, context) {
      requireTrue(domain, context, "domainEndpointOptions.enforceHttps", "take HTTPS only");
      const policy = text(at(domain.props, "domainEndpointOptions.tlsSecurityPolicy"));
      if (!policy.startsWith("Policy-Min-TLS-1-2"))
        context.report(domain, `must refuse TLS before 1.2, got ${show(policy || undefined)}`);
    },
  },
  {
    scope: "resource",
    name: "domain-in-vpc",
    types: [T.search],
    description: "A search domain is inside a VPC.",
    rationale: "A public endpoint has its access policy as its only door.",
    fix: "set vpcOptions.subnetIds and securityGroupIds",
    severity: "critical",
    level: "mandatory",
    ids: { securityHub: ["Opensearch.2"], cdkNag: ["AwsSolutions-OS1"], checkov: ["CKV_AWS_137"] },
    check(domain, { report }) {
      const subnets = peek(() => list(block(domain.props["vpcOptions"])["subnetIds"]));
      if (subnets !== UNKNOWN && subnets.length === 0) report(domain, "must be in a VPC, got no vpcOptions.subnetIds");
    },
  },
  {
    scope: "resource",
    name: "domain-logs",
    types: [T.search],
    description: "A search domain publishes its audit, error and slow logs.",
    rationale: "Who read what, and why it is slow, is told nowhere else.",
    fix: "set logPublishingOptions for each",
    severity: "medium",
    level: "mandatory",
    ids: {
      securityHub: ["Opensearch.4", "Opensearch.5"],
      cdkNag: ["AwsSolutions-OS9"],
      checkov: ["CKV_AWS_84", "CKV_AWS_317"],
    },
    check(domain, { report }) {
      const on = blocks(domain.props["logPublishingOptions"])
        .filter((one) => one["enabled"] !== false)
        .map((one) => one["logType"]);
      const missing = wanted.filter((type) => !on.includes(type));
      if (missing.length > 0) report(domain, `must publish its logs, got no ${missing.join(", ")}`);
    },
  },
  {
    scope: "resource",
    name: "domain-node-to-node",
    types: [T.search],
    description: "Nodes of a search domain speak TLS to each other.",
    rationale: "Every document crosses the network between them.",
    fix: "set nodeToNodeEncryption.enabled to true",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["Opensearch.3"], cdkNag: ["AwsSolutions-OS2"], checkov: ["CKV_AWS_6"] },
    check(domain, context) {
      requireTrue(domain, context, "nodeToNodeEncryption.enabled", "encrypt between nodes");
    },
  },
  {
    scope: "resource",
    name: "domain-nodes",
    types: [T.search],
    description: "A search domain has three data and three dedicated master nodes.",
    rationale: "Two masters cannot agree, and a lost zone takes the domain with it.",
    fix: "set clusterConfig.instanceCount and dedicatedMasterCount to 3 or more, with dedicatedMasterEnabled",
    severity: "medium",
    level: "production",
    ids: { securityHub: ["Opensearch.6", "Opensearch.11"], cdkNag: ["AwsSolutions-OS4", "AwsSolutions-OS7"] },
    check(domain, { report }) {
      const config = block(domain.props["clusterConfig"]);
      const masters = isTrue(config["dedicatedMasterEnabled"]) ? (number(config["dedicatedMasterCount"]) ?? 0) : 0;
      const data = number(config["instanceCount"]) ?? 1;
      if (data < 3) report(domain, `must have 3 data nodes, got ${data}`);
      if (masters < 3) report(domain, `must have 3 dedicated master nodes, got ${masters}`);
    },
  },
];
