import { requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { list, number, show, text } from "../../stack/read";
import { T } from "../../stack/types";
import { peek, UNKNOWN } from "../../stack/unknown";

/** Rules for ElastiCache. */
export const elasticacheRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "replication-group-at-rest",
    types: [T.cacheGroup],
    description: "A cache is encrypted at rest.",
    rationale: "Its snapshots hold what it holds.",
    fix: "set atRestEncryptionEnabled to true",
    severity: "high",
    level: "production",
    ids: { securityHub: ["ElastiCache.4"], checkov: ["CKV_AWS_29", "CKV_AWS_191"] },
    check(group, context) {
      requireTrue(group, context, "atRestEncryptionEnabled", "be encrypted");
    },
  },
  {
    scope: "resource",
    name: "replication-group-auth",
    types: [T.cacheGroup],
    description: "A cache asks who is calling.",
    rationale: "Anything in the network could read and flush it.",
    fix: "set authToken or userGroupIds",
    severity: "high",
    level: "production",
    ids: { securityHub: ["ElastiCache.6"], cdkNag: ["AwsSolutions-AEC6"], checkov: ["CKV_AWS_31"] },
    check(group, { report }) {
      const set = ["authToken", "userGroupIds"].some((key) => {
        const value = peek(() => group.props[key]);
        return value === UNKNOWN || list(value).length > 0;
      });
      if (!set) report(group, "must authenticate its callers, got neither authToken nor userGroupIds");
    },
  },
  {
    scope: "resource",
    name: "replication-group-failover",
    types: [T.cacheGroup],
    description: "A cache fails over to a replica in another zone by itself.",
    rationale: "Without it the loss of one node waits for a person.",
    fix: "set automaticFailoverEnabled and multiAzEnabled to true",
    severity: "high",
    level: "production",
    ids: { securityHub: ["ElastiCache.3"], cdkNag: ["AwsSolutions-AEC4"], checkov: ["CKV2_AWS_50"] },
    check(group, context) {
      requireTrue(group, context, "automaticFailoverEnabled", "fail over by itself");
      requireTrue(group, context, "multiAzEnabled", "be in several zones");
    },
  },
  {
    scope: "resource",
    name: "replication-group-snapshots",
    types: [T.cacheGroup],
    description: "A cache is backed up.",
    rationale: "After a loss it would be filled from the database at once, which then fails too.",
    fix: "set snapshotRetentionLimit to 1 or more",
    severity: "medium",
    level: "production",
    ids: { securityHub: ["ElastiCache.1"], checkov: ["CKV_AWS_134"] },
    check(group, { report }) {
      const days = number(group.props["snapshotRetentionLimit"]) ?? 0;
      if (days < 1) report(group, `must keep snapshots, got ${days} days`);
    },
  },
  {
    scope: "resource",
    name: "replication-group-transit",
    types: [T.cacheGroup],
    description: "A cache speaks TLS.",
    rationale: "Sessions and tokens cross the network to it.",
    fix: "set transitEncryptionEnabled to true",
    severity: "high",
    level: "production",
    ids: { securityHub: ["ElastiCache.5"], cdkNag: ["AwsSolutions-AEC3"], checkov: ["CKV_AWS_30"] },
    check(group, context) {
      requireTrue(group, context, "transitEncryptionEnabled", "speak TLS");
    },
  },
  {
    scope: "resource",
    name: "replication-group-updates",
    types: [T.cacheGroup],
    description: "A cache takes minor versions by itself, from a subnet group of its own.",
    rationale: "Fixes wait for somebody otherwise; the default subnet group is in the default VPC.",
    fix: "leave autoMinorVersionUpgrade on and set subnetGroupName",
    severity: "medium",
    level: "production",
    ids: { securityHub: ["ElastiCache.2", "ElastiCache.7"], cdkNag: ["AwsSolutions-AEC1"] },
    check(group, { report }) {
      const upgrade = group.props["autoMinorVersionUpgrade"];
      if (upgrade === false || upgrade === "false")
        report(group, "must take minor versions, got autoMinorVersionUpgrade false");
      const subnets = peek(() => text(group.props["subnetGroupName"]));
      if (subnets === "" || subnets === "default")
        report(group, `must be in a subnet group of its own, got ${show(subnets || undefined)}`);
    },
  },
];
