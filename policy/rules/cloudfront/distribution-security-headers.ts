import { block, blocks } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { peek } from "../../core/unknown";

export const distributionSecurityHeaders: ResourceRule = {
  scope: "resource",
  name: "distribution-security-headers",
  types: [T.distribution],
  holds: "Every answer of a distribution carries security headers.",
  why: "Without them a browser lets pages be framed, sniffed and downgraded.",
  mend: "set responseHeadersPolicyId on each behaviour",
  severity: "medium",
  level: "mandatory",
  ids: { K: ["g32"] },
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
};
