import { computed, exactly, json, listOf, type MappingTable, part, type, verbatim } from "./mapping";

interface QueueNotification {
  readonly events: readonly string[];
  readonly filterPrefix?: string;
  /** Text for people. */
  readonly id?: string;
  readonly queueArn: string;
}

/** CloudFormation takes an event per configuration. */
function queueConfigurations(notification: QueueNotification) {
  const { events, filterPrefix, queueArn } = exactly(notification, "events", "filterPrefix", "id", "queueArn");
  const filter = { S3Key: { Rules: [{ Name: "prefix", Value: filterPrefix }] } };
  return events.map((Event) => ({ Event, Queue: queueArn, ...(filterPrefix === undefined ? {} : { Filter: filter }) }));
}

/** Topics, queues, pipes, and what hands their messages on. */
export const messagingMappings: MappingTable = {
  "aws:lambda/eventSourceMapping:EventSourceMapping": type(
    "AWS::Lambda::EventSourceMapping",
    {},
    { attributes: { arn: "EventSourceMappingArn" } },
  ),
  "aws:pipes/pipe:Pipe": type("AWS::Pipes::Pipe", {
    "sourceParameters.dynamodbStreamParameters": "DynamoDBStreamParameters",
    tags: verbatim("Tags"),
  }),
  "aws:s3/bucketNotification:BucketNotification": part("aws:s3/bucket:Bucket", "bucket", "id", {
    queues: computed("NotificationConfiguration.QueueConfigurations", (queues: QueueNotification[]) =>
      queues.flatMap(queueConfigurations),
    ),
  }),
  "aws:sns/topic:Topic": type(
    "AWS::SNS::Topic",
    { signatureVersion: computed("SignatureVersion", String) },
    { attributes: { name: "TopicName" } },
  ),
  "aws:sns/topicPolicy:TopicPolicy": type("AWS::SNS::TopicPolicy", {
    arn: listOf("Topics"),
    policy: json("PolicyDocument"),
  }),
  "aws:sns/topicSubscription:TopicSubscription": type("AWS::SNS::Subscription", {
    redrivePolicy: json("RedrivePolicy"),
    topic: "TopicArn",
  }),
  "aws:sqs/queue:Queue": type(
    "AWS::SQS::Queue",
    {
      messageRetentionSeconds: "MessageRetentionPeriod",
      redrivePolicy: json("RedrivePolicy"),
      visibilityTimeoutSeconds: "VisibilityTimeout",
    },
    { attributes: { arn: "Arn", name: "QueueName" } },
  ),
  "aws:sqs/queuePolicy:QueuePolicy": type("AWS::SQS::QueuePolicy", {
    policy: json("PolicyDocument"),
    queueUrl: listOf("Queues"),
  }),
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": part("aws:sqs/queue:Queue", "queueUrl", "url", {
    redriveAllowPolicy: json("RedriveAllowPolicy"),
  }),
};
