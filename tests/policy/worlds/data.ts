import type { Draft, World } from "../helpers";

const secure = { Effect: "Deny", Principal: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } };
const key: Draft = {
  key: [
    "aws:kms/key:Key",
    {
      enableKeyRotation: true,
      policy: {
        Statement: [
          { Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "kms:*" },
          { Effect: "Allow", Principal: { Service: "cloudwatch.amazonaws.com" }, Action: "kms:*" },
        ],
      },
    },
    { protect: true },
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
        serverSideEncryption: { enabled: true, kmsKeyArn: "@{key.arn}" },
        ttl: { attributeName: "expiresAt", enabled: true },
        replicas: [{ regionName: "eu-central-1", pointInTimeRecovery: true, deletionProtectionEnabled: true }],
      },
      { protect: true },
    ],
    carts: [
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
    "dead-letters": [
      "aws:sqs/queue:Queue",
      { messageRetentionSeconds: 1209600, policy: { Statement: [{ ...secure, Action: "sqs:*" }] } },
    ],
    "dead-letters-alarm": [
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      {
        alarmActions: ["@{topic.arn}"],
        treatMissingData: "notBreaching",
        dimensions: { QueueName: "@{dead-letters}" },
      },
    ],
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
    secret: ["aws:secretsmanager/secret:Secret", { description: "Password of the orders database" }],
    "secret-rotation": [
      "aws:secretsmanager/secretRotation:SecretRotation",
      { secretId: "@{secret}", rotationRules: { automaticallyAfterDays: 30 } },
    ],
    stream: [
      "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
      {
        destination: "extended_s3",
        serverSideEncryption: { enabled: true },
        extendedS3Configuration: {
          cloudwatchLoggingOptions: { enabled: true, logGroupName: "@{logs.name}", logStreamName: "delivery" },
          processingConfiguration: { enabled: true },
          errorOutputPrefix: "failed/",
        },
      },
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
