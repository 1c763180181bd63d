import { requireOneOf, requirePresent } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { block, blocks, show, text } from "../../stack/read";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";

/** Rules for CloudFront. */
export const cloudfrontRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "distribution-https",
    types: [T.distribution],
    description: "A distribution speaks HTTPS to viewers and to its own origins.",
    rationale: "Cookies and pages would cross the internet in the clear.",
    fix: "set viewerProtocolPolicy to redirect-to-https, and originProtocolPolicy to https-only",
    severity: "medium",
    level: "mandatory",
    ids: {
      securityHub: ["CloudFront.3", "CloudFront.9", "CloudFront.10"],
      cdkNag: ["AwsSolutions-CFR5"],
      checkov: ["CKV_AWS_34"],
    },
    check(distribution, { report }) {
      const behaviours = [
        block(distribution.props["defaultCacheBehavior"]),
        ...blocks(distribution.props["orderedCacheBehaviors"]),
      ];
      for (const one of behaviours) {
        const policy = text(one["viewerProtocolPolicy"]);
        if (!["redirect-to-https", "https-only"].includes(policy))
          report(distribution, `must speak HTTPS to viewers, got ${show(policy || undefined)}`);
      }
      for (const origin of blocks(distribution.props["origins"])) {
        const policy = block(origin["customOriginConfig"])["originProtocolPolicy"];
        if (policy !== undefined && policy !== "https-only")
          report(distribution, `must speak HTTPS to its origins, got ${show(policy)}`);
      }
    },
  },
  {
    scope: "resource",
    name: "distribution-logging",
    types: [T.distribution],
    description: "A distribution logs its requests.",
    rationale: "What the cache answered is recorded nowhere else.",
    fix: "set loggingConfig.bucket",
    severity: "medium",
    level: "production",
    ids: { securityHub: ["CloudFront.5"], cdkNag: ["AwsSolutions-CFR3"], checkov: ["CKV_AWS_86"] },
    check(distribution, { report }) {
      const bucket = peek(() => block(distribution.props["loggingConfig"])["bucket"]);
      if (bucket === undefined || bucket === "")
        report(distribution, "must log its requests, got no loggingConfig.bucket");
    },
  },
  {
    scope: "resource",
    name: "distribution-origin-access",
    types: [T.distribution],
    description: "A bucket behind a distribution is reached through origin access control.",
    rationale: "Without it the bucket must be public, and can be read around the distribution.",
    fix: "set originAccessControlId on the origin",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["CloudFront.13"], cdkNag: ["AwsSolutions-CFR7"] },
    check(distribution, { report }) {
      for (const origin of blocks(distribution.props["origins"])) {
        if (origin["customOriginConfig"] !== undefined) continue;
        const control = peek(() => origin["originAccessControlId"]);
        if (control === undefined || control === "")
          report(
            distribution,
            `must reach its bucket by origin access control, got none for ${show(peek(() => origin["originId"]))}`,
          );
      }
    },
  },
  {
    scope: "resource",
    name: "distribution-origin-group",
    types: [T.distribution],
    description: "A distribution has a second origin to turn to.",
    rationale: "A bucket is in one region; when that is down the site is.",
    fix: "add originGroups with two members in different regions, and target the group",
    severity: "medium",
    level: "production",
    ids: { securityHub: ["CloudFront.4"], checkov: ["CKV_AWS_310"] },
    check(distribution, { report }) {
      const sound = blocks(distribution.props["originGroups"])
        .filter((group) => blocks(group["members"]).length >= 2)
        .map((group) => group["originId"]);
      const target = block(distribution.props["defaultCacheBehavior"])["targetOriginId"];
      if (!sound.includes(target)) report(distribution, `must target a group of two origins, got ${show(target)}`);
    },
  },
  {
    scope: "resource",
    name: "distribution-root-object",
    types: [T.distribution],
    description: "The root of a distribution is a page.",
    rationale: "Else the root may list the bucket.",
    fix: "set defaultRootObject",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["CloudFront.1"], checkov: ["CKV_AWS_305"] },
    check(distribution, context) {
      requirePresent(distribution, context, "defaultRootObject", "have a root object");
    },
  },
  {
    scope: "resource",
    name: "distribution-security-headers",
    types: [T.distribution],
    description: "Every answer of a distribution carries security headers.",
    rationale: "Without them a browser lets pages be framed, sniffed and downgraded.",
    fix: "set responseHeadersPolicyId on each behaviour",
    severity: "medium",
    level: "mandatory",
    ids: { checkov: ["CKV2_AWS_32"] },
    url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-response-headers.html",
    check(distribution, { report }) {
      const behaviours = [
        block(distribution.props["defaultCacheBehavior"]),
        ...blocks(distribution.props["orderedCacheBehaviors"]),
      ];
      const bare = behaviours.filter((one) =>
        [undefined, ""].includes(peek(() => one["responseHeadersPolicyId"]) as any),
      );
      if (bare.length > 0) report(distribution, `must send security headers, got ${bare.length} behaviour without`);
    },
  },
  {
    scope: "resource",
    name: "distribution-tls",
    types: [T.distribution],
    description: "A distribution has its own certificate, by SNI, from TLS 1.2 on.",
    rationale: "The default certificate takes TLS 1.0; dedicated addresses cost and help nobody.",
    fix: "set viewerCertificate.minimumProtocolVersion to TLSv1.2_2021 and sslSupportMethod to sni-only",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["CloudFront.7", "CloudFront.8"], cdkNag: ["AwsSolutions-CFR4"], checkov: ["CKV_AWS_174"] },
    check(distribution, context) {
      requireOneOf(
        distribution,
        context,
        "viewerCertificate.minimumProtocolVersion",
        ["TLSv1.2_2018", "TLSv1.2_2019", "TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"],
        "refuse TLS before 1.2",
      );
      requireOneOf(distribution, context, "viewerCertificate.sslSupportMethod", ["sni-only"], "use SNI");
    },
  },
  {
    scope: "resource",
    name: "distribution-waf",
    types: [T.distribution],
    description: "A distribution has a web application firewall.",
    rationale: "Floods and known attacks are refused at the edge, before they cost anything.",
    fix: "set webAclId",
    severity: "medium",
    level: "production",
    ids: { securityHub: ["CloudFront.6"], cdkNag: ["AwsSolutions-CFR2"], checkov: ["CKV_AWS_68"] },
    check(distribution, { report }) {
      const acl = peek(() => distribution.props["webAclId"]);
      if (acl === undefined || acl === "") report(distribution, "must have a web ACL, got none");
    },
  },
];
