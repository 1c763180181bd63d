import type { Case } from "../case";

export const databaseCases: Readonly<Record<string, Case>> = {
  "database-encrypted": {
    world: "databases",
    change: [["cluster", "storageEncrypted", false]],
    on: "cluster",
    says: 'RDS cluster "cluster" must be encrypted at rest, got storageEncrypted false',
  },
  "database-deletion-protection": {
    world: "databases",
    change: [
      ["cluster", "deletionProtection", false],
      ["cluster", "protect", true],
    ],
    on: "cluster",
    says: 'RDS cluster "cluster" must be protected against deletion, got deletionProtection false',
  },
  "database-final-snapshot": {
    world: "databases",
    change: [["cluster", "skipFinalSnapshot", true]],
    on: "cluster",
    says: 'RDS cluster "cluster" must leave a final snapshot, got skipFinalSnapshot true',
  },
  "database-backup": {
    world: "databases",
    change: [["cluster", "backupRetentionPeriod", 3]],
    on: "cluster",
    says: 'RDS cluster "cluster" must keep backups for 7 days, got backupRetentionPeriod 3',
  },
  "database-iam-auth": {
    world: "databases",
    change: [["cluster", "iamDatabaseAuthenticationEnabled"]],
    on: "cluster",
    says: 'RDS cluster "cluster" must accept IAM tokens, got iamDatabaseAuthenticationEnabled none',
  },
  "database-logs": {
    world: "databases",
    change: [["cluster", "enabledCloudwatchLogsExports"]],
    on: "cluster",
    says: 'RDS cluster "cluster" must export its logs, got no enabledCloudwatchLogsExports',
  },
  "database-not-public": {
    world: "databases",
    change: [["reader", "publiclyAccessible", true]],
    on: "reader",
    says: 'RDS cluster instance "reader" must not be public, got publiclyAccessible true',
  },
  "cache-transit": {
    world: "databases",
    change: [["cache", "transitEncryptionEnabled"]],
    on: "cache",
    says: 'ElastiCache replication group "cache" must use TLS to its clients, got transitEncryptionEnabled none',
  },
  "cache-at-rest": {
    world: "databases",
    change: [["cache", "atRestEncryptionEnabled"]],
    on: "cache",
    says: 'ElastiCache replication group "cache" must be encrypted at rest, got atRestEncryptionEnabled none',
  },
  "cache-auth": {
    world: "databases",
    change: [["cache", "userGroupIds"]],
    on: "cache",
    says: 'ElastiCache replication group "cache" must authenticate its clients, got neither authToken nor userGroupIds',
  },
  "cache-snapshots": {
    world: "databases",
    change: [["cache", "snapshotRetentionLimit", 0]],
    on: "cache",
    says: 'ElastiCache replication group "cache" must keep snapshots, got snapshotRetentionLimit 0',
  },
  "cache-failover": {
    world: "databases",
    change: [["cache", "multiAzEnabled", false]],
    on: "cache",
    says: 'ElastiCache replication group "cache" must fail over to another zone, got multiAzEnabled not true',
  },
  "cache-updates": {
    world: "databases",
    change: [["cache", "autoMinorVersionUpgrade", "false"]],
    on: "cache",
    says: 'ElastiCache replication group "cache" must get minor versions, got autoMinorVersionUpgrade false',
  },
  "domain-at-rest": {
    world: "databases",
    change: [["search", "encryptAtRest.enabled", false]],
    on: "search",
    says: 'OpenSearch domain "search" must be encrypted at rest, got encryptAtRest.enabled false',
  },
  "domain-node-to-node": {
    world: "databases",
    change: [["search", "nodeToNodeEncryption"]],
    on: "search",
    says: 'OpenSearch domain "search" must encrypt between nodes, got nodeToNodeEncryption.enabled none',
  },
  "domain-https": {
    world: "databases",
    change: [["search", "domainEndpointOptions.enforceHttps", false]],
    on: "search",
    says: 'OpenSearch domain "search" must accept HTTPS only, got domainEndpointOptions.enforceHttps false',
  },
  "domain-in-vpc": {
    world: "databases",
    change: [["search", "vpcOptions"]],
    on: "search",
    says: 'OpenSearch domain "search" must be in a VPC, got no vpcOptions.subnetIds',
  },
  "domain-fine-grained": {
    world: "databases",
    change: [["search", "advancedSecurityOptions.enabled", false]],
    on: "search",
    says: 'OpenSearch domain "search" must have users with rights of their own, got advancedSecurityOptions.enabled false',
  },
  "domain-logs": {
    world: "databases",
    change: [["search", "logPublishingOptions.0"]],
    on: "search",
    says: 'OpenSearch domain "search" must publish its logs, got no AUDIT_LOGS',
  },
  "domain-nodes": {
    world: "databases",
    change: [["search", "clusterConfig.dedicatedMasterCount", 2]],
    on: "search",
    says: 'OpenSearch domain "search" must have 3 data and 3 dedicated master nodes, got 3 and 2',
  },
  "domain-standby": {
    world: "databases",
    change: [["search", "clusterConfig.multiAzWithStandbyEnabled", false]],
    on: "search",
    says: 'OpenSearch domain "search" must keep a zone on standby, got multiAzWithStandbyEnabled false',
  },
};
