import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pipes from "@pulumi/aws/pipes";
import * as sns from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import { logicalName } from "../naming/names";
import { type AlarmTarget, alarmActions } from "../observability/alarm-actions";
import {
  allow,
  createRole,
  messageKeyActions,
  type RoleWithPolicy,
  type Statement,
  tableKeyActions,
  throughDynamoDb,
} from "../security/iam";
import { whenInEffect } from "../security/in-effect";
import { resourcePolicy, tlsOnly } from "../security/resource-policy";
import { createQueue, deadLetterAlarm, longestRetentionSeconds } from "./queue";

/** Arguments of `ChangeTopic`. */
export interface ChangeTopicArgs extends AlarmTarget {
  readonly region: string;
  readonly account: pulumi.Input<string>;
  /** Service whose items change. */
  readonly service: string;
  /** The stream of the service's table in this region, and the customer key that encrypts it. */
  readonly table: { readonly streamArn: pulumi.Input<string>; readonly keyArn?: pulumi.Input<string> };
  /** Key of the topic and the queue. */
  readonly keyArn: pulumi.Input<string>;
  /** Alias of the function that makes messages of records. */
  readonly readerArn: pulumi.Input<string>;
}

/** Attribute of an item that says where it was last written; the kit of services writes it. */
const regionAttribute = "writtenIn";
/** Records that a pipe takes at once; SNS takes as many in one call. */
const batchSize = 10;
/** How long, and how often, a pipe tries to publish a record: one that SNS never takes must not stop its shard for ever. */
const retries = { maximumRetryAttempts: 100, maximumRecordAgeInSeconds: 21_600 };

/**
 * The topic of one service's item changes in one region, and the pipe that publishes them: it takes the records of the
 * table's stream that were written in this region, has a function make messages of them, and sends these to the topic.
 * Streams have the writes of every region; the filter makes each region publish its own alone.
 */
export class ChangeTopic extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** URL of the queue of what could not be published. */
  readonly deadLettersUrl: pulumi.Output<string>;

  constructor(name: string, args: ChangeTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:messaging:ChangeTopic", name, {}, opts);
    const topic = this.createTopic(name, args);
    const failed = createQueue(
      `${name}-failed`,
      { messageRetentionSeconds: longestRetentionSeconds, keyArn: args.keyArn },
      { parent: this },
    ).queue;
    deadLetterAlarm(
      `${name}-failed-alarm`,
      {
        alarmTopicArn: args.alarmTopicArn,
        queue: failed,
        description: `Changes of ${args.service} could not be published; the queue says where they are in the stream`,
      },
      { parent: this },
    );
    const role = this.createRole(name, args, { topicArn: topic.arn, failedArn: failed.arn });
    const pipe = this.createPipe(name, args, { topicArn: topic.arn, failedArn: failed.arn, role });
    this.createAlarms(name, args, topic, pipe);
    this.arn = topic.arn;
    this.deadLettersUrl = failed.url;
    this.registerOutputs({ arn: this.arn });
  }

  private createTopic(name: string, { keyArn }: ChangeTopicArgs): sns.Topic {
    // Version 2 signs with SHA-256.
    const topic = new sns.Topic(`${name}-topic`, { kmsMasterKeyId: keyArn, signatureVersion: 2 }, { parent: this });
    new sns.TopicPolicy(
      `${name}-policy`,
      { arn: topic.arn, policy: resourcePolicy([tlsOnly("sns:Publish", topic.arn)]) },
      { parent: this },
    );
    return topic;
  }

  /** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html */
  private createRole(name: string, args: ChangeTopicArgs, to: Targets): RoleWithPolicy {
    const { region, account, service } = args;
    return createRole(
      `${name}-role`,
      {
        awsService: "pipes.amazonaws.com",
        account,
        sourceArn: pulumi.interpolate`arn:aws:pipes:${region}:${account}:pipe/${pipeName(name)}-*`,
        description: `Publishes changes of ${service}`,
        statements: pipeStatements(args, to),
      },
      { parent: this },
    );
  }

  private createPipe(name: string, args: ChangeTopicArgs, to: Targets & { readonly role: RoleWithPolicy }): pipes.Pipe {
    const { region, service, table, readerArn } = args;
    return new pipes.Pipe(
      pipeName(name),
      {
        description: `Publishes changes of ${service} that were written in ${region}`,
        roleArn: to.role.role.arn,
        source: table.streamArn,
        sourceParameters: {
          dynamodbStreamParameters: {
            // A pipe that is made again publishes a day's changes twice rather than leave some out.
            startingPosition: "TRIM_HORIZON",
            batchSize,
            parallelizationFactor: 1,
            onPartialBatchItemFailure: "AUTOMATIC_BISECT",
            deadLetterConfig: { arn: to.failedArn },
            ...retries,
          },
          filterCriteria: {
            filters: [{ pattern: JSON.stringify({ dynamodb: { NewImage: { [regionAttribute]: { S: [region] } } } }) }],
          },
        },
        enrichment: readerArn,
        target: to.topicArn,
      },
      { parent: this, ...whenInEffect(name, to.role.policy) },
    );
  }

  private createAlarms(name: string, args: ChangeTopicArgs, topic: sns.Topic, pipe: pipes.Pipe): void {
    const alarm = (
      part: string,
      inputs: Pick<cloudwatch.MetricAlarmArgs, "alarmDescription" | "namespace" | "metricName" | "dimensions">,
    ) =>
      new cloudwatch.MetricAlarm(
        `${name}-${part}`,
        {
          ...inputs,
          statistic: "Sum",
          period: 60,
          comparisonOperator: "GreaterThanThreshold",
          threshold: 0,
          evaluationPeriods: 3,
          datapointsToAlarm: 2,
          treatMissingData: "notBreaching",
          ...alarmActions(args),
        },
        { parent: this },
      );
    alarm("pipe-errors", {
      alarmDescription: `Changes of ${args.service} are not published; the pipe tries again`,
      namespace: "AWS/EventBridge/Pipes",
      metricName: "ExecutionFailed",
      dimensions: { PipeName: pipe.name },
    });
    alarm("undelivered", {
      alarmDescription: `Changes of ${args.service} do not reach a subscriber; its queue of dead letters has them`,
      namespace: "AWS/SNS",
      metricName: "NumberOfNotificationsFailed",
      dimensions: { TopicName: topic.name },
    });
  }
}

/** Where a pipe sends changes, and what it could not send. */
interface Targets {
  readonly topicArn: pulumi.Output<string>;
  readonly failedArn: pulumi.Output<string>;
}

function pipeName(name: string): string {
  return logicalName(name, "pipe");
}

function pipeStatements({ region, table, keyArn, readerArn }: ChangeTopicArgs, to: Targets): Statement[] {
  const streamActions = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"];
  return [
    allow(
      streamActions.map((action) => `dynamodb:${action}`),
      table.streamArn,
    ),
    ...(table.keyArn === undefined ? [] : [allow(tableKeyActions, table.keyArn, throughDynamoDb)]),
    allow(["lambda:InvokeFunction"], readerArn),
    allow(["sns:Publish"], to.topicArn),
    allow(["sqs:SendMessage"], to.failedArn),
    allow(messageKeyActions, keyArn, {
      StringEquals: { "kms:ViaService": ["sns", "sqs"].map((service) => `${service}.${region}.amazonaws.com`) },
    }),
  ];
}
