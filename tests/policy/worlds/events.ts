import type { World } from "../helpers";
import { trust } from "./network";

const secure = { Effect: "Deny", Principal: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } };
/** Lets AWS services of the account take an action. */
const admit = (services: string | readonly string[], action: string | readonly string[]) => ({
  Effect: "Allow",
  Principal: { Service: services },
  Action: action,
  Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
});
const queue = (senders: readonly string[], inputs: object = {}) =>
  [
    "aws:sqs/queue:Queue",
    {
      ...inputs,
      kmsMasterKeyId: "@{key}",
      policy: { Statement: [{ ...secure, Action: "sqs:*" }, admit(senders, "sqs:SendMessage")] },
    },
  ] as const;
const alarmOn = (name: string, dimension = "FunctionName") =>
  [
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    { alarmActions: ["@{alarms.arn}"], treatMissingData: "notBreaching", dimensions: { [dimension]: `@{${name}}` } },
  ] as const;
const lambda = (variables: Record<string, string> = {}) =>
  [
    "aws:lambda/function:Function",
    {
      role: "@{role.arn}",
      runtime: "nodejs22.x",
      timeout: 10,
      reservedConcurrentExecutions: 100,
      tracingConfig: { mode: "Active" },
      environment: { variables },
    },
  ] as const;
const topic = [
  "aws:sns/topic:Topic",
  {
    kmsMasterKeyId: "@{key}",
    policy: {
      Statement: [
        { ...secure, Action: "sns:Publish" },
        admit("events.amazonaws.com", "sns:Publish"),
        admit("cloudwatch.amazonaws.com", "sns:Publish"),
      ],
    },
  },
] as const;

/** Events on their way: queues, a topic, a bus, a stream, a pipe and a schedule, with functions that handle them. */
export const events: World = {
  draft: {
    key: [
      "aws:kms/key:Key",
      {
        enableKeyRotation: true,
        policy: {
          Statement: [
            { Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "kms:*" },
            admit(
              ["cloudwatch.amazonaws.com", "events.amazonaws.com", "sns.amazonaws.com"],
              ["kms:Decrypt", "kms:GenerateDataKey*"],
            ),
          ],
        },
      },
    ],
    role: ["aws:iam/role:Role", { assumeRolePolicy: trust("lambda.amazonaws.com") }],
    alarms: topic,
    failed: queue(["events.amazonaws.com", "sns.amazonaws.com"], { messageRetentionSeconds: 1_209_600 }),
    orders: queue(["sns.amazonaws.com"], {
      visibilityTimeoutSeconds: 90,
      redrivePolicy: { deadLetterTargetArn: "@{failed.arn}", maxReceiveCount: 5 },
    }),
    worker: lambda({ IDEMPOTENCY: "key" }),
    "worker-alarm": alarmOn("worker"),
    "failed-alarm": alarmOn("failed", "QueueName"),
    "worker-mapping": [
      "aws:lambda/eventSourceMapping:EventSourceMapping",
      {
        functionName: "@{worker}",
        eventSourceArn: "@{orders.arn}",
        maximumBatchingWindowInSeconds: 5,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: 20 },
      },
    ],
    projector: lambda({ IDEMPOTENCY: "key" }),
    "projector-alarm": alarmOn("projector"),
    "projector-mapping": [
      "aws:lambda/eventSourceMapping:EventSourceMapping",
      {
        functionName: "@{projector}",
        eventSourceArn: "arn:aws:kinesis:eu-west-1:123456789012:stream/orders",
        startingPosition: "TRIM_HORIZON",
        maximumRetryAttempts: 5,
        destinationConfig: { onFailure: { destinationArn: "@{failed.arn}" } },
      },
    ],
    mailer: lambda({ IDEMPOTENCY: "key" }),
    "mailer-alarm": alarmOn("mailer"),
    "mailer-permission": [
      "aws:lambda/permission:Permission",
      {
        action: "lambda:InvokeFunction",
        function: "@{mailer}",
        principal: "events.amazonaws.com",
        sourceArn: "@{rule.arn}",
      },
    ],
    "upload-permission": [
      "aws:lambda/permission:Permission",
      {
        action: "lambda:InvokeFunction",
        function: "@{mailer}",
        principal: "s3.amazonaws.com",
        sourceArn: "arn:aws:s3:::uploads-0a1b2c",
        sourceAccount: "123456789012",
      },
    ],
    "mailer-invocations": [
      "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
      {
        functionName: "@{mailer}",
        maximumEventAgeInSeconds: 3600,
        maximumRetryAttempts: 2,
        destinationConfig: { onFailure: { destination: "@{failed.arn}" } },
      },
    ],
    rule: ["aws:cloudwatch/eventRule:EventRule", { eventPattern: "{}" }],
    target: [
      "aws:cloudwatch/eventTarget:EventTarget",
      {
        rule: "@{rule.name}",
        arn: "@{mailer.arn}",
        deadLetterConfig: { arn: "@{failed.arn}" },
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 10 },
      },
    ],
    notice: [
      "aws:cloudwatch/eventTarget:EventTarget",
      {
        rule: "@{rule.name}",
        arn: "@{alarms.arn}",
        deadLetterConfig: { arn: "@{failed.arn}" },
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 10 },
      },
    ],
    "bus-policy": [
      "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
      {
        policy: {
          Statement: [
            { Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "events:PutEvents" },
          ],
        },
      },
    ],
    subscription: [
      "aws:sns/topicSubscription:TopicSubscription",
      {
        topic: "@{alarms.arn}",
        protocol: "sqs",
        endpoint: "@{orders.arn}",
        redrivePolicy: { deadLetterTargetArn: "@{failed.arn}" },
      },
    ],
    webhook: [
      "aws:sns/topicSubscription:TopicSubscription",
      {
        topic: "@{alarms.arn}",
        protocol: "https",
        endpoint: "https://hooks.example.com/orders",
        redrivePolicy: { deadLetterTargetArn: "@{failed.arn}" },
      },
    ],
    schedule: [
      "aws:scheduler/schedule:Schedule",
      {
        scheduleExpression: "rate(1 hour)",
        target: {
          arn: "@{orders.arn}",
          deadLetterConfig: { arn: "@{failed.arn}" },
          retryPolicy: { maximumEventAgeInSeconds: 600, maximumRetryAttempts: 5 },
        },
      },
    ],
    pipe: [
      "aws:pipes/pipe:Pipe",
      {
        source: "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2026-01-01T00:00:00.000",
        target: "@{orders.arn}",
        sourceParameters: {
          dynamodbStreamParameters: {
            startingPosition: "LATEST",
            maximumRetryAttempts: 5,
            deadLetterConfig: { arn: "@{failed.arn}" },
          },
        },
      },
    ],
  },
};
