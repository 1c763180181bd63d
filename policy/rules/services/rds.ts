import { requirePresent, requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { isTrue, number, show } from "../../stack/read";
import { T } from "../../stack/types";

const usual: readonly number[] = [3306, 5432];

/** Rules for RDS and Aurora. */
export const rdsRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "cluster-backup",
    types: [T.dbCluster],
    description: "Backups of a database are kept for a week or longer.",
    rationale: "A mistake made on Friday is found on Monday.",
    fix: "raise backupRetentionPeriod",
    severity: "high",
    level: "production",
    ids: { checkov: ["CKV_AWS_133"] },
    url: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html",
    settings: { days: { type: "integer", description: "Least days that backups are kept.", default: 7 } },
    check(cluster, { report, setting }) {
      const days = number(cluster.props["backupRetentionPeriod"]) ?? 1; // AWS's default
      const least = setting<number>("days");
      if (days < least) report(cluster, `must keep backups for ${least} days, got ${days}`);
    },
  },
  {
    scope: "resource",
    name: "cluster-deletion-protection",
    types: [T.dbCluster],
    description: "A database cannot be deleted by mistake.",
    rationale: "Restoring it takes hours, and what came after the backup is lost.",
    fix: "set deletionProtection to true",
    severity: "high",
    level: "production",
    ids: { securityHub: ["RDS.7"], cdkNag: ["AwsSolutions-RDS10"] },
    check(cluster, context) {
      requireTrue(cluster, context, "deletionProtection", "be protected against deletion");
    },
  },
  {
    scope: "resource",
    name: "cluster-encrypted",
    types: [T.dbCluster],
    description: "A database is encrypted at rest.",
    rationale: "It cannot be turned on later, and snapshots inherit it.",
    fix: "set storageEncrypted to true",
    severity: "high",
    level: "production",
    ids: {
      securityHub: ["RDS.27"],
      cdkNag: ["AwsSolutions-RDS2"],
      checkov: ["CKV_AWS_17", "CKV_AWS_96", "CKV_AWS_327"],
    },
    check(cluster, context) {
      requireTrue(cluster, context, "storageEncrypted", "be encrypted");
    },
  },
  {
    scope: "resource",
    name: "cluster-final-snapshot",
    types: [T.dbCluster],
    description: "A deleted database leaves a snapshot.",
    rationale: "It is the last way back.",
    fix: "set skipFinalSnapshot to false and finalSnapshotIdentifier",
    severity: "high",
    level: "production",
    ids: {},
    url: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DeleteCluster.html",
    check(cluster, { report }) {
      if (isTrue(cluster.props["skipFinalSnapshot"]))
        report(cluster, "must leave a final snapshot, got skipFinalSnapshot true");
    },
  },
  {
    scope: "resource",
    name: "cluster-iam-auth",
    types: [T.dbCluster],
    description: "Services sign in to a database with their role.",
    rationale: "A role's token lives for minutes; a password is copied.",
    fix: "set iamDatabaseAuthenticationEnabled to true",
    severity: "medium",
    level: "advisory",
    ids: { securityHub: ["RDS.12"], checkov: ["CKV_AWS_162"] },
    check(cluster, context) {
      requireTrue(cluster, context, "iamDatabaseAuthenticationEnabled", "take IAM tokens");
    },
  },
  {
    scope: "resource",
    name: "cluster-logs",
    types: [T.dbCluster],
    description: "A database exports its logs.",
    rationale: "Slow queries and failed sign-ins are seen there first.",
    fix: "set enabledCloudwatchLogsExports",
    severity: "medium",
    level: "advisory",
    ids: { securityHub: ["RDS.34"], cdkNag: ["AwsSolutions-RDS16"], checkov: ["CKV_AWS_324"] },
    check(cluster, context) {
      requirePresent(cluster, context, "enabledCloudwatchLogsExports", "export its logs");
    },
  },
  {
    scope: "resource",
    name: "cluster-port",
    types: [T.dbCluster],
    description: "A database listens on a port of its own.",
    rationale: "Scanners inside the network try the usual port first.",
    fix: "set port to another one",
    severity: "low",
    level: "advisory",
    ids: { cdkNag: ["AwsSolutions-RDS11"] },
    url: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Modifying.html",
    check(cluster, { report }) {
      const port = number(cluster.props["port"]);
      if (port === undefined || usual.includes(port))
        report(cluster, `must not listen on the usual port, got ${show(port)}`);
    },
  },
  {
    scope: "resource",
    name: "instance-not-public",
    types: [T.dbInstance, "aws:rds/instance:Instance"],
    description: "No database has a public address.",
    rationale: "Its password would be all that protects it.",
    fix: "set publiclyAccessible to false",
    severity: "critical",
    level: "mandatory",
    ids: { securityHub: ["RDS.2"], checkov: ["CKV_AWS_17"] },
    check(instance, { report }) {
      if (isTrue(instance.props["publiclyAccessible"]))
        report(instance, "must not be public, got publiclyAccessible true");
    },
  },
];
