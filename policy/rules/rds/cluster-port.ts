import { number, show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

const usual: readonly number[] = [3306, 5432];

export const clusterPort: ResourceRule = {
  scope: "resource",
  name: "cluster-port",
  types: [T.dbCluster],
  holds: "A database listens on a port of its own.",
  why: "Scanners inside the network try the usual port first.",
  mend: "set port to another one",
  severity: "low",
  level: "advisory",
  ids: { N: ["RDS11"] },
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Modifying.html",
  check(cluster, { report }) {
    const port = number(cluster.props["port"]);
    if (port === undefined || usual.includes(port))
      report(cluster, `must not listen on the usual port, got ${show(port)}`);
  },
};
