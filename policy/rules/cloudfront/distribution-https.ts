import { block, blocks, show, text } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const distributionHttps: ResourceRule = {
  scope: "resource",
  name: "distribution-https",
  types: [T.distribution],
  holds: "A distribution speaks HTTPS to viewers and to its own origins.",
  why: "Cookies and pages would cross the internet in the clear.",
  mend: "set viewerProtocolPolicy to redirect-to-https, and originProtocolPolicy to https-only",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["CloudFront.3", "CloudFront.9", "CloudFront.10"], N: ["CFR5"], K: ["34"] },
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
};
