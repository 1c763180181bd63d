import { blocks } from "../../core/read";
import { workloadRegions } from "../../core/regions";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const tableReplicas: StackRule = {
  scope: "stack",
  name: "table-replicas",
  types: [T.table],
  holds: "A table has a replica in every region that serves.",
  why: "After failover the other region has servers and no data.",
  mend: "add a replica per region",
  severity: "critical",
  level: "mandatory",
  ids: { availability: 42 },
  url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html",
  check(table, { stack, report }) {
    const home = stack.regionOf(table);
    const own = blocks(table.props["replicas"]).map((one) => one["regionName"]);
    const separate = stack
      .referrers(table, "aws:dynamodb/tableReplica:TableReplica", "globalTableArn")
      .map((one) => stack.regionOf(one));
    const missing = workloadRegions(stack).filter(
      (region) => region !== home && !own.includes(region) && !separate.includes(region),
    );
    if (missing.length > 0) report(table, `must have a replica in every region, got none in ${missing.join(", ")}`);
  },
};
