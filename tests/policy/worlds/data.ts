import type { Draft, World } from "../helpers";
import { network, subnetIds } from "./network";

const secure = { Effect: "Deny", Principal: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } };
const key: Draft = {
  key: [
    "aws:kms/key:Key",
    {
      enableKeyRotation: true,
      policy: {
        Statement: [{ Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "kms:*" }],
      },
    },
  ],
};

/** A table, buckets, queues and a topic. */
export const stores: World = {
  draft: {
    ...key,
    orders: [
      "aws:dynamodb/table:Table",
      {
        billingMode: "PAY_PER_REQUEST",
        deletionProtectionEnabled: true,
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
        replicas: [{ regionName: "eu-central-1", pointInTimeRecovery: true, deletionProtectionEnabled: true }],
      },
      { protect: true },
    ],
    bucket: ["aws:s3/bucket:Bucket", { forceDestroy: false }],
    "bucket-block": [
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      {
        bucket: "@{bucket}",
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
    ],
    "bucket-owner": [
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
      { bucket: "@{bucket}", rule: { objectOwnership: "BucketOwnerEnforced" } },
    ],
    "bucket-versions": [
      "aws:s3/bucketVersioning:BucketVersioning",
      { bucket: "@{bucket}", versioningConfiguration: { status: "Enabled" } },
    ],
    "bucket-policy": [
      "aws:s3/bucketPolicy:BucketPolicy",
      {
        bucket: "@{bucket}",
        policy: {
          Statement: [
            { ...secure, Action: "s3:*" },
            { Effect: "Allow", Principal: { Service: "cloudfront.amazonaws.com" }, Action: "s3:GetObject" },
          ],
        },
      },
    ],
    queue: [
      "aws:sqs/queue:Queue",
      {
        sqsManagedSseEnabled: true,
        policy: {
          Statement: [
            { ...secure, Action: "sqs:*" },
            { Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "sqs:SendMessage" },
          ],
        },
        redrivePolicy: { deadLetterTargetArn: "@{dead-letters.arn}", maxReceiveCount: 3 },
      },
    ],
    "dead-letters": ["aws:sqs/queue:Queue", { policy: { Statement: [{ ...secure, Action: "sqs:*" }] } }],
    topic: ["aws:sns/topic:Topic", { kmsMasterKeyId: "@{key}" }],
    "topic-policy": [
      "aws:sns/topicPolicy:TopicPolicy",
      {
        arn: "@{topic.arn}",
        policy: {
          Statement: [
            { ...secure, Action: "sns:Publish" },
            {
              Effect: "Allow",
              Principal: { Service: "cloudwatch.amazonaws.com" },
              Action: "sns:Publish",
              Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
            },
          ],
        },
      },
    ],
    secret: ["aws:secretsmanager/secret:Secret", {}],
    "secret-rotation": [
      "aws:secretsmanager/secretRotation:SecretRotation",
      { secretId: "@{secret}", rotationRules: { automaticallyAfterDays: 30 } },
    ],
    stream: [
      "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
      { destination: "extended_s3", serverSideEncryption: { enabled: true } },
    ],
    logs: ["aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 90, kmsKeyId: "@{key.arn}" }],
    alarm: [
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      { alarmActions: ["@{topic.arn}"], treatMissingData: "notBreaching" },
    ],
    role: [
      "aws:iam/role:Role",
      {
        assumeRolePolicy: {
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "firehose.amazonaws.com" },
              Action: "sts:AssumeRole",
              Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
            },
          ],
        },
      },
    ],
    "role-policy": [
      "aws:iam/rolePolicy:RolePolicy",
      {
        role: "@{role}",
        policy: { Statement: [{ Effect: "Allow", Action: ["s3:PutObject"], Resource: "arn:aws:s3:::logs/*" }] },
      },
    ],
  },
};

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
        },
      },
    ],
  },
};

/** Sign-in. */
export const identity: World = {
  draft: {
    pool: [
      "aws:cognito/userPool:UserPool",
      {
        deletionProtection: "ACTIVE",
        mfaConfiguration: "OPTIONAL",
        userPoolAddOns: { advancedSecurityMode: "ENFORCED" },
        passwordPolicy: {
          minimumLength: 12,
          requireLowercase: true,
          requireUppercase: true,
          requireNumbers: true,
          requireSymbols: true,
        },
      },
      { protect: true },
    ],
    client: [
      "aws:cognito/userPoolClient:UserPoolClient",
      {
        userPoolId: "@{pool}",
        preventUserExistenceErrors: "ENABLED",
        enableTokenRevocation: true,
        allowedOauthFlows: ["code"],
        writeAttributes: ["email"],
      },
    ],
    identities: ["aws:cognito/identityPool:IdentityPool", { allowUnauthenticatedIdentities: false }],
  },
};

/** A site on CloudFront. */
export const site: World = {
  draft: {
    distribution: [
      "aws:cloudfront/distribution:Distribution",
      {
        defaultRootObject: "index.html",
        webAclId: "arn:aws:wafv2:us-east-1:123456789012:global/webacl/a",
        loggingConfig: { bucket: "logs.s3.amazonaws.com" },
        viewerCertificate: { minimumProtocolVersion: "TLSv1.2_2021", sslSupportMethod: "sni-only" },
        origins: ["near", "far"].map((originId) => ({
          originId,
          domainName: `${originId}.s3.amazonaws.com`,
          originAccessControlId: "oac",
        })),
        originGroups: [{ originId: "both", members: [{ originId: "near" }, { originId: "far" }] }],
        defaultCacheBehavior: {
          targetOriginId: "both",
          viewerProtocolPolicy: "redirect-to-https",
          responseHeadersPolicyId: "headers",
        },
      },
    ],
  },
};
