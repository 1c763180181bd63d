import type { Case } from "../case";

/** Who may send messages, what becomes of those that fail, and what expires. */
export const messageCases: Readonly<Record<string, Case>> = {
  "key-for-senders": {
    world: "events",
    change: [["key", "policy.Statement.1.Principal.Service", ["cloudwatch.amazonaws.com", "events.amazonaws.com"]]],
    on: "key",
    says: 'KMS key "key" must let sns.amazonaws.com use it, by which SNS topic subscription "subscription" sends to SQS queue "failed", got no statement that does',
  },
  "permission-bucket-account": {
    world: "events",
    change: [["upload-permission", "sourceAccount"]],
    on: "upload-permission",
    says: 'Lambda permission "upload-permission" must name the account of the bucket, got no sourceAccount',
  },
  "pipe-own-region": {
    world: "regions",
    change: [["eu-central-1-pipe", "sourceParameters.filterCriteria"]],
    on: "eu-central-1-pipe",
    says: 'EventBridge Pipes pipe "eu-central-1-pipe" must take what was written in eu-central-1, as pipes of 2 regions read DynamoDB table "eu-west-1-table", got no filter',
  },
  "queue-admits-senders": {
    world: "events",
    change: [["orders", "policy.Statement.1.Action", "sqs:ReceiveMessage"]],
    on: "orders",
    says: 'SQS queue "orders" must let sns.amazonaws.com send, as SNS topic subscription "subscription" needs it, got no statement that does',
  },
  "queue-dead-letter-alarm": {
    world: "events",
    change: [["failed-alarm", "dimensions.QueueName", "orders"]],
    on: "failed",
    says: 'SQS queue "failed" must have an alarm, as it has what could not be delivered, got none',
  },
  "queue-key-for-services": {
    world: "events",
    change: [["orders", "kmsMasterKeyId", "alias/aws/sqs"]],
    on: "orders",
    says: 'SQS queue "orders" must have a key that SNS topic subscription "subscription" may use, got kmsMasterKeyId "alias/aws/sqs"',
  },
  "queue-receive-count": {
    world: "events",
    change: [["orders", "redrivePolicy.maxReceiveCount", 1]],
    on: "orders",
    says: 'SQS queue "orders" must have a message received again before it is a dead letter, got maxReceiveCount 1',
  },
  "subscription-tls": {
    world: "events",
    change: [["webhook", "protocol", "http"]],
    on: "webhook",
    says: 'SNS topic subscription "webhook" must deliver by TLS, got protocol "http"',
  },
  "table-expiry": {
    world: "stores",
    change: [["orders", "ttl.enabled", false]],
    on: "orders",
    says: 'DynamoDB table "orders" must delete items by attribute expiresAt, got ttl.enabled false',
  },
  "topic-admits-senders": {
    world: "events",
    change: [["alarms", "policy.Statement.1.Principal.Service", "s3.amazonaws.com"]],
    on: "alarms",
    says: 'SNS topic "alarms" must let events.amazonaws.com publish, as EventBridge event target "notice" sends to it, got no statement that does',
  },
};
