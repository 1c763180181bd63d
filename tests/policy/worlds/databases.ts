import type { World } from "../helpers";
import { network, subnetIds } from "./network";

/** Databases, a cache and a search domain inside a VPC. */
export const databases: World = {
  draft: {
    ...network,
    group: ["aws:ec2/securityGroup:SecurityGroup", { vpcId: "@{vpc}", description: "Data" }],
    "group-in": [
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      {
        securityGroupId: "@{group}",
        referencedSecurityGroupId: "@{endpoint-group}",
        fromPort: 5432,
        toPort: 5432,
        ipProtocol: "tcp",
        description: "Servers",
      },
    ],
    "group-out": [
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
      {
        securityGroupId: "@{group}",
        cidrIpv4: "10.0.0.0/16",
        fromPort: 443,
        toPort: 443,
        ipProtocol: "tcp",
        description: "Endpoints",
      },
    ],
    "cluster-subnets": ["aws:rds/subnetGroup:SubnetGroup", { subnetIds }],
    cluster: [
      "aws:rds/cluster:Cluster",
      {
        engine: "aurora-postgresql",
        port: 5433,
        storageEncrypted: true,
        deletionProtection: true,
        skipFinalSnapshot: false,
        backupRetentionPeriod: 14,
        iamDatabaseAuthenticationEnabled: true,
        enabledCloudwatchLogsExports: ["postgresql"],
        dbSubnetGroupName: "@{cluster-subnets}",
        vpcSecurityGroupIds: ["@{group}"],
      },
    ],
    writer: [
      "aws:rds/clusterInstance:ClusterInstance",
      { clusterIdentifier: "@{cluster}", publiclyAccessible: false, availabilityZone: "eu-west-1a" },
    ],
    reader: [
      "aws:rds/clusterInstance:ClusterInstance",
      { clusterIdentifier: "@{cluster}", publiclyAccessible: false, availabilityZone: "eu-west-1b" },
    ],
    "cache-subnets": ["aws:elasticache/subnetGroup:SubnetGroup", { subnetIds }],
    cache: [
      "aws:elasticache/replicationGroup:ReplicationGroup",
      {
        numCacheClusters: 3,
        transitEncryptionEnabled: true,
        atRestEncryptionEnabled: true,
        userGroupIds: ["services"],
        automaticFailoverEnabled: true,
        multiAzEnabled: true,
        snapshotRetentionLimit: 7,
        subnetGroupName: "@{cache-subnets}",
        securityGroupIds: ["@{group}"],
      },
    ],
    search: [
      "aws:opensearch/domain:Domain",
      {
        encryptAtRest: { enabled: true },
        nodeToNodeEncryption: { enabled: true },
        domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
        advancedSecurityOptions: { enabled: true },
        vpcOptions: { subnetIds, securityGroupIds: ["@{group}"] },
        logPublishingOptions: ["AUDIT_LOGS", "ES_APPLICATION_LOGS", "SEARCH_SLOW_LOGS", "INDEX_SLOW_LOGS"].map(
          (logType) => ({ logType, cloudwatchLogGroupArn: "@{flow-logs.arn}" }),
        ),
        clusterConfig: {
          instanceCount: 3,
          dedicatedMasterEnabled: true,
          dedicatedMasterCount: 3,
          zoneAwarenessEnabled: true,
          zoneAwarenessConfig: { availabilityZoneCount: 3 },
          multiAzWithStandbyEnabled: true,
        },
      },
    ],
  },
};
