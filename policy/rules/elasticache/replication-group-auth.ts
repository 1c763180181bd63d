import { list } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { peek, UNKNOWN } from "../../core/unknown";

export const replicationGroupAuth: ResourceRule = {
  scope: "resource",
  name: "replication-group-auth",
  types: [T.cacheGroup],
  holds: "A cache asks who is calling.",
  why: "Anything in the network could read and flush it.",
  mend: "set authToken or userGroupIds",
  severity: "high",
  level: "production",
  ids: { F: ["ElastiCache.6"], N: ["AEC6"], K: ["31"] },
  check(group, { report }) {
    const set = ["authToken", "userGroupIds"].some((key) => {
      const value = peek(() => group.props[key]);
      return value === UNKNOWN || list(value).length > 0;
    });
    if (!set) report(group, "must authenticate its callers, got neither authToken nor userGroupIds");
  },
};
