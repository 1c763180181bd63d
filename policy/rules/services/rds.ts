import { examples } from "../../network/examples";
import { requirePresent, requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { isInBackupPlan } from "../../stack/backups";
import { isSet } from "../../stack/invocations";
import { isTrue, number, text } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import { T } from "../../stack/types";

const instance = "aws:rds/instance:Instance";
const databases: readonly string[] = [T.dbCluster, instance];

/** Rules for RDS and Aurora. A database is a cluster, or an instance without one. */
export const rdsRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "database-backup",
    types: databases,
    description: "Backups of a database are kept for a week or longer.",
    rationale: "Wrong data that is noticed after the last backup has expired cannot be restored.",
    fix: "raise backupRetentionPeriod, or select it in a plan of AWS Backup",
    severity: "high",
    level: "production",
    lowUnless: ["operated"],
    example: examples.keptDatabase,
    ids: { securityHub: ["RDS.11"], cdkNag: ["AwsSolutions-RDS13"], checkov: ["CKV_AWS_133"] },
    settings: { days: { type: "integer", description: "Least days that backups are kept.", default: 7 } },
    check(database, { stack, report, setting }) {
      if (isReplica(database)) return;
      // A restored database keeps its backups for as long as its source does, unless the program says otherwise.
      if (isRestored(database) && !isSet(database, "backupRetentionPeriod")) return;
      // The provider's default is no backup for an instance, AWS's is one day for a cluster.
      const days = number(database.props["backupRetentionPeriod"]) ?? (database.type === instance ? 0 : 1);
      const least = setting<number>("days");
      if (days < least && !isInBackupPlan(database, least, stack))
        report(
          database,
          `must keep backups for ${least} days, got backupRetentionPeriod ${days}`,
          `set backupRetentionPeriod to ${least}, or select it in a plan of AWS Backup`,
        );
    },
  },
  {
    scope: "stack",
    name: "database-deletion-protection",
    types: databases,
    description: "A database cannot be deleted by mistake.",
    rationale: "Restoring it takes hours, and what was written after the last backup is lost.",
    fix: "set deletionProtection to true",
    severity: "high",
    level: "production",
    lowUnless: ["operated"],
    example: examples.keptDatabase,
    ids: {
      securityHub: ["RDS.7", "RDS.8"],
      cdkNag: ["AwsSolutions-RDS10"],
      checkov: ["CKV_AWS_139", "CKV_AWS_293"],
    },
    check(database, context) {
      if (isReplica(database)) return;
      // The lock of Pulumi, with a final snapshot, keeps it from the program's own mistakes.
      const isLocked = database.protect && !isTrue(database.props["skipFinalSnapshot"]);
      const report = isLocked ? context.advise : context.report;
      requireTrue(database, { ...context, report }, "deletionProtection", "be protected against deletion");
    },
  },
  {
    scope: "resource",
    name: "database-encrypted",
    types: databases,
    description: "A database is encrypted at rest.",
    rationale: "Encryption cannot be turned on later, and snapshots are encrypted only if the database is.",
    fix: "set storageEncrypted to true",
    severity: "high",
    level: "production",
    ids: {
      securityHub: ["RDS.3", "RDS.27"],
      cdkNag: ["AwsSolutions-RDS2"],
      checkov: ["CKV_AWS_16", "CKV_AWS_96"],
    },
    check(database, context) {
      const unset = database.props["storageEncrypted"] === undefined;
      // A replica and a restored database are encrypted as their source is. Aurora encrypts since February 2026:
      // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html
      if (unset && (isAurora(database) || isReplica(database) || isRestored(database))) return;
      // AWS encrypts no database of this class.
      const fix =
        database.props["instanceClass"] === "db.t2.micro"
          ? "set storageEncrypted to true and instanceClass to db.t3.micro"
          : "set storageEncrypted to true";
      requireTrue(database, context, "storageEncrypted", "be encrypted at rest", fix);
    },
  },
  {
    scope: "stack",
    name: "database-final-snapshot",
    types: databases,
    description: "Deleting a database leaves a snapshot.",
    rationale: "After a deletion by mistake the final snapshot is the only copy of the latest data.",
    fix: "set skipFinalSnapshot to false and finalSnapshotIdentifier",
    severity: "high",
    level: "production",
    lowUnless: ["operated"],
    example: examples.keptDatabase,
    ids: {},
    url: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DeleteCluster.html",
    check(database, { report }) {
      if (!isReplica(database) && isTrue(database.props["skipFinalSnapshot"]))
        report(
          database,
          "must leave a final snapshot, got skipFinalSnapshot true",
          `set skipFinalSnapshot to false and finalSnapshotIdentifier to ${database.name}-final`,
        );
    },
  },
  {
    scope: "resource",
    name: "database-iam-auth",
    types: databases,
    description: "Services sign in to a database by their IAM role.",
    rationale: "A token is valid for 15 minutes, while a password that leaks is valid until it is changed.",
    fix: "set iamDatabaseAuthenticationEnabled to true",
    severity: "low",
    level: "advisory",
    ids: { securityHub: ["RDS.10", "RDS.12"], cdkNag: ["AwsSolutions-RDS6"], checkov: ["CKV_AWS_161", "CKV_AWS_162"] },
    check(database, context) {
      if (!hasIamSignIn(database)) return;
      requireTrue(database, context, "iamDatabaseAuthenticationEnabled", "accept IAM tokens");
    },
  },
  {
    scope: "resource",
    name: "database-logs",
    types: databases,
    description: "A database exports its logs to CloudWatch.",
    rationale: "Slow queries and failed sign-ins are seen in the log first, and a lost database loses its own log.",
    fix: "set enabledCloudwatchLogsExports",
    severity: "low",
    level: "advisory",
    ids: {
      securityHub: ["RDS.9", "RDS.34", "RDS.37"],
      cdkNag: ["AwsSolutions-RDS16"],
      checkov: ["CKV_AWS_129", "CKV_AWS_324"],
    },
    check(database, context) {
      const kind = /postgres/.test(text(database.props["engine"])) ? "postgresql" : "error";
      requirePresent(
        database,
        context,
        "enabledCloudwatchLogsExports",
        "export its logs",
        `set enabledCloudwatchLogsExports to ["${kind}"]`,
      );
    },
  },
  {
    scope: "resource",
    name: "database-not-public",
    types: [T.dbCluster, T.dbInstance, instance],
    description: "A database has no public address.",
    rationale: "Anyone on the internet could try passwords on it.",
    fix: "set publiclyAccessible to false",
    severity: "critical",
    level: "mandatory",
    ids: { securityHub: ["RDS.2"], checkov: ["CKV_AWS_17"] },
    check(database, { report }) {
      if (isTrue(database.props["publiclyAccessible"]))
        report(database, "must not be public, got publiclyAccessible true", "set publiclyAccessible to false");
    },
  },
];

/** Data of a replica is backed up, and protected, where it comes from. */
function isReplica(database: Resource): boolean {
  return isSet(database, "replicateSourceDb") || isSet(database, "replicationSourceIdentifier");
}

function isRestored(database: Resource): boolean {
  return isSet(database, "snapshotIdentifier") || isSet(database, "restoreToPointInTime");
}

function isAurora(database: Resource): boolean {
  return database.type === T.dbCluster && !/^(mysql|postgres)$/.test(text(database.props["engine"]));
}

/** Only MySQL, MariaDB and PostgreSQL, and Aurora with them, accept IAM tokens. */
function hasIamSignIn(database: Resource): boolean {
  return /^(|aurora.*|mysql|mariadb|postgres)$/.test(text(database.props["engine"]));
}
