import { requirePresent } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const distributionRootObject: ResourceRule = {
  scope: "resource",
  name: "distribution-root-object",
  types: [T.distribution],
  holds: "The root of a distribution is a page.",
  why: "Else the root may list the bucket.",
  mend: "set defaultRootObject",
  severity: "high",
  level: "mandatory",
  ids: { F: ["CloudFront.1"], K: ["305"] },
  check(distribution, context) {
    requirePresent(distribution, context, "defaultRootObject", "have a root object");
  },
};
