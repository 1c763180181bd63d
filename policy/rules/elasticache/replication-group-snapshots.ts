import { number } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const replicationGroupSnapshots: ResourceRule = {
  scope: "resource",
  name: "replication-group-snapshots",
  types: [T.cacheGroup],
  holds: "A cache is backed up.",
  why: "After a loss it would be filled from the database at once, which then fails too.",
  mend: "set snapshotRetentionLimit to 1 or more",
  severity: "medium",
  level: "production",
  ids: { F: ["ElastiCache.1"], K: ["134"] },
  check(group, { report }) {
    const days = number(group.props["snapshotRetentionLimit"]) ?? 0;
    if (days < 1) report(group, `must keep snapshots, got ${days} days`);
  },
};
