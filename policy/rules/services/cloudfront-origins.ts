import { isBucket, isWebsite, named } from "../../network/origins";
import type { Rule } from "../../pack/rule";
import { block, blocks, show, text, texts } from "../../stack/read";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";

/** Rules for the origins of CloudFront. */
export const cloudfrontOriginsRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "distribution-origin-access",
    types: [T.distribution],
    description: "A distribution reads a bucket with an identity that the bucket can check.",
    rationale: "Without it the bucket must be public, and can be read without the distribution.",
    fix: "set originAccessControlId on the origin, with the bucket's regional domain name",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["CloudFront.13"], cdkNag: ["AwsSolutions-CFR7"] },
    check(distribution, { report, advise }) {
      for (const [i, origin] of blocks(distribution.props["origins"]).entries()) {
        const id = named(origin);
        const path = `origins.${i}`;
        if (isWebsite(origin)) {
          // A website has redirects and index documents, which the other endpoint has not.
          advise(
            distribution,
            `must read its bucket by origin access control, got a website endpoint for ${id}`,
            `set ${path}.domainName to the bucket's regional domain name, with originAccessControlId and no customOriginConfig`,
          );
          continue;
        }
        if (!isBucket(origin)) continue;
        const control = peek(() => text(origin["originAccessControlId"]));
        // The older way, an origin access identity, keeps the bucket private as well.
        const identity = peek(() => text(block(origin["s3OriginConfig"])["originAccessIdentity"]));
        if (control === "" && identity === "")
          report(
            distribution,
            `must read its bucket by origin access control, got no originAccessControlId for ${id}`,
            `set ${path}.originAccessControlId to the id of an aws.cloudfront.OriginAccessControl`,
          );
      }
    },
  },
  {
    scope: "resource",
    name: "distribution-origin-group",
    types: [T.distribution],
    description: "A distribution has a second origin to fail over to.",
    rationale: "A bucket is in one region: when that region fails, the site does.",
    fix: "add originGroups with two members in different regions, and target the group",
    severity: "low",
    level: "advisory",
    ids: { securityHub: ["CloudFront.4"], checkov: ["CKV_AWS_310"] },
    check(distribution, { report }) {
      const groups = blocks(distribution.props["originGroups"])
        .filter((group) => blocks(group["members"]).length >= 2)
        .map((group) => group["originId"]);
      const target = block(distribution.props["defaultCacheBehavior"])["targetOriginId"];
      if (!groups.includes(target)) report(distribution, `must target a group of two origins, got ${show(target)}`);
    },
  },
  {
    scope: "resource",
    name: "distribution-origin-tls",
    types: [T.distribution],
    description: "A distribution connects to its custom origins with TLS 1.2 only.",
    rationale: "SSL 3.0, TLS 1.0 and 1.1 have known weaknesses, and the connection crosses the internet.",
    fix: 'set customOriginConfig.originSslProtocols to ["TLSv1.2"]',
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["CloudFront.10"], cdkNag: ["AwsSolutions-CFR5"] },
    check(distribution, { report }) {
      for (const [i, origin] of blocks(distribution.props["origins"]).entries()) {
        const custom = block(origin["customOriginConfig"]);
        if (custom["originProtocolPolicy"] === "http-only") continue;
        const old = texts(custom["originSslProtocols"]).filter((protocol) => protocol !== "TLSv1.2");
        if (old.length > 0)
          report(
            distribution,
            `must connect to its origins with TLS 1.2, got originSslProtocols ${old.join(", ")} for ${named(origin)}`,
            `set origins.${i}.customOriginConfig.originSslProtocols to ["TLSv1.2"]`,
          );
      }
    },
  },
];
