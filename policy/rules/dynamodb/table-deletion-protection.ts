import { blocks, isTrue, show, text } from "../../core/read";
import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const tableDeletionProtection: ResourceRule = {
  scope: "resource",
  name: "table-deletion-protection",
  types: [T.table],
  holds: "Neither a table nor a replica can be deleted by mistake.",
  why: "A restored table has another name, and every service must be told.",
  mend: "set deletionProtectionEnabled on the table and on each replica",
  severity: "medium",
  level: "production",
  ids: { F: ["DynamoDB.6"] },
  check(table, context) {
    requireTrue(table, context, "deletionProtectionEnabled", "be protected against deletion");
    for (const replica of blocks(table.props["replicas"])) {
      const on = replica["deletionProtectionEnabled"];
      if (!isTrue(on))
        context.report(table, `must be protected against deletion in ${text(replica["regionName"])}, got ${show(on)}`);
    }
  },
};
