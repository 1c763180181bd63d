import type { Case } from "../case";

export const dataCases: Readonly<Record<string, Case>> = {
  "bucket-public-access": {
    world: "stores",
    change: [["bucket-block", "blockPublicPolicy", false]],
    on: "bucket",
    says: 'S3 bucket "bucket" must block public access in all four ways, got blockPublicPolicy not true',
  },
  "bucket-tls": {
    world: "stores",
    change: [["bucket-policy", "policy.Statement.0.Condition.Bool.aws:SecureTransport", "true"]],
    on: "bucket",
    says: 'S3 bucket "bucket" must refuse requests without TLS, got no statement that denies them',
  },
  "bucket-acl-not-public": {
    world: "stores",
    change: [["bucket", "acl", "public-read"]],
    on: "bucket",
    says: 'S3 bucket "bucket" must not be for everyone, got acl "public-read"',
  },
  "bucket-policy-not-public": {
    world: "stores",
    change: [["bucket-policy", "policy.Statement.1.Principal", "*"]],
    on: "bucket-policy",
    says: 'S3 bucket policy "bucket-policy" must not allow every principal, got statement ["s3:GetObject"]',
  },
  "bucket-owner-enforced": {
    world: "stores",
    change: [["bucket-owner", "rule.objectOwnership", "ObjectWriter"]],
    on: "bucket",
    says: 'S3 bucket "bucket" must have its ACLs off, got ownership "ObjectWriter"',
  },
  "bucket-versioned": {
    world: "stores",
    change: [["bucket-versions", "versioningConfiguration.status", "Suspended"]],
    on: "bucket",
    says: 'S3 bucket "bucket" must be versioned, got "Suspended"',
  },
  "table-recovery": {
    world: "stores",
    change: [["orders", "pointInTimeRecovery.enabled", false]],
    on: "orders",
    says: 'DynamoDB table "orders" must have point-in-time recovery, got {"enabled":false}',
  },
  "table-deletion-protection": {
    world: "stores",
    change: [["orders", "replicas.0.deletionProtectionEnabled", false]],
    on: "orders",
    says: 'DynamoDB table "orders" must be protected against deletion in eu-central-1, got false',
  },
  "table-capacity": {
    world: "stores",
    change: [["orders", "billingMode", "PROVISIONED"]],
    on: "orders",
    says: 'DynamoDB table "orders" must scale with its load, got billingMode "PROVISIONED" without autoscaling',
  },
  "table-customer-key": {
    world: "stores",
    change: [["orders", "serverSideEncryption"]],
    on: "orders",
    says: 'DynamoDB table "orders" must be encrypted with a KMS key, as other tables are, got serverSideEncryption.enabled none',
  },
  "table-key-protected": {
    world: "stores",
    change: [["key", "protect", false]],
    on: "key",
    says: 'KMS key "key" must be protected, as it encrypts DynamoDB table "orders", got no protect option',
  },
  "table-key-window": {
    world: "stores",
    change: [["key", "deletionWindowInDays", 7]],
    on: "key",
    says: 'KMS key "key" must wait 30 days for its deletion, as it encrypts DynamoDB table "orders", got 7',
  },
  "firehose-encrypted": {
    world: "stores",
    change: [["stream", "serverSideEncryption"]],
    on: "stream",
    says: 'Data Firehose delivery stream "stream" must be encrypted, got serverSideEncryption.enabled none',
  },
  "secret-rotation": {
    world: "stores",
    change: [["secret-rotation", ""]],
    on: "secret",
    says: 'Secrets Manager secret "secret" must rotate, got no rotation',
  },
  "queue-encrypted": {
    world: "stores",
    change: [["queue", "sqsManagedSseEnabled", false]],
    on: "queue",
    says: 'SQS queue "queue" must be encrypted, got sqsManagedSseEnabled false',
  },
  "queue-tls": {
    world: "stores",
    change: [["queue", "policy.Statement.0"]],
    on: "queue",
    says: 'SQS queue "queue" must refuse requests without TLS, got no statement that denies them',
  },
  "queue-not-public": {
    world: "stores",
    change: [["queue", "policy.Statement.1.Principal", "*"]],
    on: "queue",
    says: 'SQS queue "queue" must name its principals, got *',
  },
  "queue-dead-letters": {
    world: "stores",
    change: [],
    add: {
      lonely: [
        "aws:sqs/queue:Queue",
        {
          policy: {
            Statement: [
              {
                Effect: "Deny",
                Principal: "*",
                Action: "sqs:*",
                Condition: { Bool: { "aws:SecureTransport": "false" } },
              },
            ],
          },
        },
      ],
    },
    on: "lonely",
    says: 'SQS queue "lonely" must have a dead-letter queue, got no redrivePolicy',
  },
  "topic-encrypted": {
    world: "stores",
    change: [["topic", "kmsMasterKeyId"]],
    on: "topic",
    says: 'SNS topic "topic" must be encrypted with a KMS key, got no kmsMasterKeyId',
  },
  "topic-tls": {
    world: "stores",
    change: [["topic-policy", "policy.Statement.0"]],
    on: "topic",
    says: 'SNS topic "topic" must refuse requests without TLS, got no statement that denies them',
  },
  "topic-not-public": {
    world: "stores",
    change: [["topic-policy", "policy.Statement.1", { Effect: "Allow", Principal: "*", Action: "sns:Publish" }]],
    on: "topic-policy",
    says: 'SNS topic policy "topic-policy" must name its principals, got *',
  },
};
