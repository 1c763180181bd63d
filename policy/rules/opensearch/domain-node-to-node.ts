import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const domainNodeToNode: ResourceRule = {
  scope: "resource",
  name: "domain-node-to-node",
  types: [T.search],
  holds: "Nodes of a search domain speak TLS to each other.",
  why: "Every document crosses the network between them.",
  mend: "set nodeToNodeEncryption.enabled to true",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["Opensearch.3"], N: ["OS2"], K: ["6"] },
  check(domain, context) {
    requireTrue(domain, context, "nodeToNodeEncryption.enabled", "encrypt between nodes");
  },
};
