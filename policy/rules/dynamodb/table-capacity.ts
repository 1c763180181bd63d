import { show } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const tableCapacity: StackRule = {
  scope: "stack",
  name: "table-capacity",
  types: [T.table],
  holds: "A table's capacity follows its load.",
  why: "A fixed one is paid for at night and throttles at noon.",
  mend: "set billingMode to PAY_PER_REQUEST, or add autoscaling",
  severity: "medium",
  level: "production",
  ids: { F: ["DynamoDB.1"], K: ["g16"] },
  check(table, { stack, report }) {
    if (table.props["billingMode"] === "PAY_PER_REQUEST") return;
    if (stack.referrers(table, T.scalingTarget, "resourceId").length === 0)
      report(
        table,
        `must scale with its load, got billingMode ${show(table.props["billingMode"])} without autoscaling`,
      );
  },
};
