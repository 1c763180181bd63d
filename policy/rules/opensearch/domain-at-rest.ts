import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const domainAtRest: ResourceRule = {
  scope: "resource",
  name: "domain-at-rest",
  types: [T.search],
  holds: "A search domain is encrypted at rest.",
  why: "Its index holds the data it was made from.",
  mend: "set encryptAtRest.enabled to true",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["Opensearch.1"], N: ["OS8"], K: ["5"] },
  check(domain, context) {
    requireTrue(domain, context, "encryptAtRest.enabled", "be encrypted");
  },
};
