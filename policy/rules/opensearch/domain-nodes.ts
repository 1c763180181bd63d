import { block, isTrue, number } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const domainNodes: ResourceRule = {
  scope: "resource",
  name: "domain-nodes",
  types: [T.search],
  holds: "A search domain has three data and three dedicated master nodes.",
  why: "Two masters cannot agree, and a lost zone takes the domain with it.",
  mend: "set clusterConfig.instanceCount and dedicatedMasterCount to 3 or more, with dedicatedMasterEnabled",
  severity: "medium",
  level: "production",
  ids: { F: ["Opensearch.6", "Opensearch.11"], N: ["OS4", "OS7"] },
  check(domain, { report }) {
    const config = block(domain.props["clusterConfig"]);
    const masters = isTrue(config["dedicatedMasterEnabled"]) ? (number(config["dedicatedMasterCount"]) ?? 0) : 0;
    const data = number(config["instanceCount"]) ?? 1;
    if (data < 3) report(domain, `must have 3 data nodes, got ${data}`);
    if (masters < 3) report(domain, `must have 3 dedicated master nodes, got ${masters}`);
  },
};
