import { at, blocks, isTrue, show, text } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const tableRecovery: ResourceRule = {
  scope: "resource",
  name: "table-recovery",
  types: [T.table],
  holds: "A table and each of its replicas can be restored to any second.",
  why: "Replicas copy a wrong delete within a second; only recovery undoes it.",
  mend: "set pointInTimeRecovery on the table and on each replica",
  severity: "medium",
  level: "production",
  ids: { F: ["DynamoDB.2"], N: ["DDB3"], K: ["28"] },
  check(table, { report }) {
    if (!isTrue(at(table.props, "pointInTimeRecovery.enabled")))
      report(table, `must have point-in-time recovery, got ${show(table.props["pointInTimeRecovery"])}`);
    for (const replica of blocks(table.props["replicas"])) {
      if (!isTrue(replica["pointInTimeRecovery"]))
        report(
          table,
          `must have point-in-time recovery in ${text(replica["regionName"])}, got ${show(replica["pointInTimeRecovery"])}`,
        );
    }
  },
};
