import type { Case } from "../case";

export const databaseCases: Readonly<Record<string, Case>> = {
  "cluster-encrypted": {
    world: "databases",
    change: [["cluster", "storageEncrypted"]],
    on: "cluster",
    says: 'RDS cluster "cluster" must be encrypted, got storageEncrypted none',
  },
  "cluster-deletion-protection": {
    world: "databases",
    change: [
      ["cluster", "deletionProtection", false],
      ["cluster", "protect", true],
    ],
    on: "cluster",
    says: 'RDS cluster "cluster" must be protected against deletion, got deletionProtection false',
  },
  "cluster-final-snapshot": {
    world: "databases",
    change: [["cluster", "skipFinalSnapshot", true]],
    on: "cluster",
    says: 'RDS cluster "cluster" must leave a final snapshot, got skipFinalSnapshot true',
  },
  "cluster-backup": {
    world: "databases",
    change: [["cluster", "backupRetentionPeriod", 3]],
    on: "cluster",
    says: 'RDS cluster "cluster" must keep backups for 7 days, got 3',
  },
  "cluster-iam-auth": {
    world: "databases",
    change: [["cluster", "iamDatabaseAuthenticationEnabled"]],
    on: "cluster",
    says: 'RDS cluster "cluster" must take IAM tokens, got iamDatabaseAuthenticationEnabled none',
  },
  "cluster-logs": {
    world: "databases",
    change: [["cluster", "enabledCloudwatchLogsExports"]],
    on: "cluster",
    says: 'RDS cluster "cluster" must export its logs, got no enabledCloudwatchLogsExports',
  },
  "cluster-port": {
    world: "databases",
    change: [["cluster", "port", 5432]],
    on: "cluster",
    says: 'RDS cluster "cluster" must not listen on the usual port, got 5432',
  },
  "instance-not-public": {
    world: "databases",
    change: [["reader", "publiclyAccessible", true]],
    on: "reader",
    says: 'RDS cluster instance "reader" must not be public, got publiclyAccessible true',
  },
  "replication-group-transit": {
    world: "databases",
    change: [["cache", "transitEncryptionEnabled"]],
    on: "cache",
    says: 'ElastiCache replication group "cache" must speak TLS, got transitEncryptionEnabled none',
  },
  "replication-group-at-rest": {
    world: "databases",
    change: [["cache", "atRestEncryptionEnabled"]],
    on: "cache",
    says: 'ElastiCache replication group "cache" must be encrypted, got atRestEncryptionEnabled none',
  },
  "replication-group-auth": {
    world: "databases",
    change: [["cache", "userGroupIds"]],
    on: "cache",
    says: 'ElastiCache replication group "cache" must authenticate its callers, got neither authToken nor userGroupIds',
  },
  "replication-group-snapshots": {
    world: "databases",
    change: [["cache", "snapshotRetentionLimit", 0]],
    on: "cache",
    says: 'ElastiCache replication group "cache" must keep snapshots, got 0 days',
  },
  "replication-group-failover": {
    world: "databases",
    change: [["cache", "multiAzEnabled", false]],
    on: "cache",
    says: 'ElastiCache replication group "cache" must be in several zones, got multiAzEnabled false',
  },
  "replication-group-updates": {
    world: "databases",
    change: [["cache", "autoMinorVersionUpgrade", "false"]],
    on: "cache",
    says: 'ElastiCache replication group "cache" must take minor versions, got autoMinorVersionUpgrade false',
  },
  "domain-at-rest": {
    world: "databases",
    change: [["search", "encryptAtRest.enabled", false]],
    on: "search",
    says: 'OpenSearch domain "search" must be encrypted, got encryptAtRest.enabled false',
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
    says: 'OpenSearch domain "search" must take HTTPS only, got domainEndpointOptions.enforceHttps false',
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
    says: 'OpenSearch domain "search" must have fine-grained access, got advancedSecurityOptions.enabled false',
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
    says: 'OpenSearch domain "search" must have 3 dedicated master nodes, got 2',
  },
};
