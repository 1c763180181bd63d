import { examples } from "../../network/examples";
import { requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { isPublic, statements } from "../../stack/iam";
import { isSet } from "../../stack/invocations";
import { at, block, blocks, isTrue, list, number, show, text, texts } from "../../stack/read";
import { T } from "../../stack/types";
import { peek, UNKNOWN } from "../../stack/unknown";

/** Rules for OpenSearch Service. */
export const opensearchRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "domain-at-rest",
    types: [T.search],
    description: "A search domain is encrypted at rest.",
    rationale: "Its indexes are copies of the data that they were built from.",
    fix: "set encryptAtRest.enabled to true",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["Opensearch.1"], cdkNag: ["AwsSolutions-OS8"], checkov: ["CKV_AWS_5"] },
    check(domain, context) {
      requireTrue(domain, context, "encryptAtRest.enabled", "be encrypted at rest");
    },
  },
  {
    scope: "stack",
    name: "domain-fine-grained",
    types: [T.search],
    description: "A search domain has users, and each user has rights.",
    rationale: "Every program that can connect could otherwise read every index.",
    fix: "set advancedSecurityOptions.enabled to true, and name principals in accessPolicies",
    severity: "high",
    level: "mandatory",
    lowUnless: ["operated"],
    ids: { securityHub: ["Opensearch.7"], cdkNag: ["AwsSolutions-OS3", "AwsSolutions-OS5"], checkov: ["CKV2_AWS_52"] },
    check(domain, context) {
      requireTrue(domain, context, "advancedSecurityOptions.enabled", "have users with rights of their own");
      if (isTrue(at(domain.props, "advancedSecurityOptions.enabled"))) return; // users decide then
      const open = peek(() => statements(domain.props["accessPolicies"]).some(isPublic));
      if (open === true)
        context.report(
          domain,
          'must name who may use it in accessPolicies, got Principal "*"',
          "set Principal in accessPolicies to the roles that use the domain",
        );
    },
  },
  {
    scope: "resource",
    name: "domain-https",
    types: [T.search],
    description: "A search domain accepts HTTPS only, with TLS 1.2 or newer.",
    rationale: "Queries and results can otherwise be read on the network.",
    fix: "set domainEndpointOptions.enforceHttps and tlsSecurityPolicy Policy-Min-TLS-1-2-PFS-2023-10",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["Opensearch.8"], checkov: ["CKV_AWS_83", "CKV_AWS_228"] },
    check(domain, context) {
      // Within the block the provider's default is true.
      const isDefault = isSet(domain, "domainEndpointOptions") && !isSet(domain, "domainEndpointOptions.enforceHttps");
      if (!isDefault) requireTrue(domain, context, "domainEndpointOptions.enforceHttps", "accept HTTPS only");
      const policy = text(at(domain.props, "domainEndpointOptions.tlsSecurityPolicy"));
      if (!policy.startsWith("Policy-Min-TLS-1-2"))
        context.report(
          domain,
          `must refuse TLS before 1.2, got domainEndpointOptions.tlsSecurityPolicy ${show(policy || undefined)}`,
          "set domainEndpointOptions.tlsSecurityPolicy to Policy-Min-TLS-1-2-PFS-2023-10",
        );
    },
  },
  {
    scope: "resource",
    name: "domain-in-vpc",
    types: [T.search],
    description: "A search domain is inside a VPC.",
    rationale: "A public endpoint can be reached from the internet, with only a policy to protect the data.",
    fix: "set vpcOptions.subnetIds and securityGroupIds",
    severity: "critical",
    level: "mandatory",
    ids: { securityHub: ["Opensearch.2"], cdkNag: ["AwsSolutions-OS1"], checkov: ["CKV_AWS_137"] },
    check(domain, { report, advise }) {
      // Outside a VPC its policy is all that protects it, which may admit only principals of the account.
      const isClosed = peek(() => statements(domain.props["accessPolicies"]).some(isPublic)) === false;
      const subnets = peek(() => list(block(domain.props["vpcOptions"])["subnetIds"]));
      if (subnets !== UNKNOWN && subnets.length === 0)
        (isClosed ? advise : report)(domain, "must be in a VPC, got no vpcOptions.subnetIds");
    },
  },
  {
    scope: "stack",
    name: "domain-logs",
    types: [T.search],
    description: "A search domain publishes its error and audit logs.",
    rationale: "Why it fails, and which user read which document, is written nowhere else.",
    fix: "add logPublishingOptions for each, and SEARCH_SLOW_LOGS and INDEX_SLOW_LOGS to find slow requests",
    severity: "medium",
    level: "production",
    lowUnless: ["audited"],
    ids: {
      securityHub: ["Opensearch.4", "Opensearch.5"],
      cdkNag: ["AwsSolutions-OS9"],
      checkov: ["CKV_AWS_84", "CKV_AWS_317"],
    },
    settings: {
      logs: {
        type: "array",
        description: "Kinds of logs that a domain publishes.",
        default: ["ES_APPLICATION_LOGS", "AUDIT_LOGS"],
      },
    },
    check(domain, { report, setting }) {
      const on = blocks(domain.props["logPublishingOptions"])
        .filter((one) => one["enabled"] !== false)
        .map((one) => one["logType"]);
      const missing = texts(setting("logs")).filter((type) => !on.includes(type));
      if (missing.length > 0)
        report(
          domain,
          `must publish its logs, got no ${missing.join(", ")}`,
          `add ${missing.join(" and ")} to logPublishingOptions, each with a log group`,
        );
    },
  },
  {
    scope: "resource",
    name: "domain-node-to-node",
    types: [T.search],
    description: "Nodes of a search domain use TLS between each other.",
    rationale: "Documents can otherwise be read on the network between the nodes.",
    fix: "set nodeToNodeEncryption.enabled to true",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["Opensearch.3"], cdkNag: ["AwsSolutions-OS2"], checkov: ["CKV_AWS_6"] },
    check(domain, context) {
      requireTrue(domain, context, "nodeToNodeEncryption.enabled", "encrypt between nodes");
    },
  },
  {
    scope: "stack",
    name: "domain-nodes",
    types: [T.search],
    description: "A search domain has three data nodes and three dedicated master nodes.",
    rationale: "With fewer nodes, the loss of a zone leaves no majority of masters or no copy of an index.",
    fix: "set clusterConfig.instanceCount and dedicatedMasterCount to 3 or more, with dedicatedMasterEnabled",
    severity: "medium",
    level: "production",
    example: examples.none,
    ids: {
      securityHub: ["Opensearch.6", "Opensearch.11"],
      cdkNag: ["AwsSolutions-OS4", "AwsSolutions-OS7"],
      checkov: ["CKV_AWS_318"],
    },
    check(domain, { report }) {
      const config = block(domain.props["clusterConfig"]);
      const masters = isTrue(config["dedicatedMasterEnabled"]) ? (number(config["dedicatedMasterCount"]) ?? 0) : 0;
      const data = number(config["instanceCount"]) ?? 1;
      if (data < 3 || masters < 3)
        report(
          domain,
          `must have 3 data and 3 dedicated master nodes, got ${data} and ${masters}`,
          `set ${[
            ...(data < 3 ? ["clusterConfig.instanceCount to 3"] : []),
            ...(masters < 3
              ? ["clusterConfig.dedicatedMasterEnabled to true", "clusterConfig.dedicatedMasterCount to 3"]
              : []),
          ].join(" and ")}`,
        );
    },
  },
  {
    scope: "resource",
    name: "domain-standby",
    types: [T.search],
    description: "A search domain of three zones keeps one zone on standby.",
    rationale:
      "Without a standby the loss of a zone slows all requests down while shards are copied, and the SLA is lower.",
    fix: "set clusterConfig.multiAzWithStandbyEnabled to true",
    severity: "low",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html",
    check(domain, { report }) {
      const config = block(domain.props["clusterConfig"]);
      const zones = number(block(config["zoneAwarenessConfig"])["availabilityZoneCount"]) ?? 2;
      // A domain with fewer zones or masters cannot have a standby; domain-nodes reports it.
      const large = zones === 3 && isTrue(config["zoneAwarenessEnabled"]) && isTrue(config["dedicatedMasterEnabled"]);
      if (large && !isTrue(config["multiAzWithStandbyEnabled"]))
        report(
          domain,
          `must keep a zone on standby, got multiAzWithStandbyEnabled ${show(config["multiAzWithStandbyEnabled"])}`,
          "set clusterConfig.multiAzWithStandbyEnabled to true",
        );
    },
  },
];
