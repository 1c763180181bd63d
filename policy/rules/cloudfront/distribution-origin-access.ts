import { blocks, show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { peek } from "../../core/unknown";

export const distributionOriginAccess: ResourceRule = {
  scope: "resource",
  name: "distribution-origin-access",
  types: [T.distribution],
  holds: "A bucket behind a distribution is reached through origin access control.",
  why: "Without it the bucket must be public, and can be read around the distribution.",
  mend: "set originAccessControlId on the origin",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["CloudFront.13"], N: ["CFR7"] },
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
};
