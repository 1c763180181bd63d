import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { PlatformFunction } from "../functions/platform-function";
import type { WebSocketApi } from "../gateway/websocket/websocket-api";
import { DeliveryQueue } from "../messaging/delivery-queue";
import type { QueueSender } from "../messaging/queue";
import { receiveStatements } from "../messaging/receive-statements";
import { subscribeQueue } from "../messaging/subscription";
import { allow, throughSqs } from "../security/iam";
import { type Connections, functionArgs, type LiveFunctionArgs } from "./connections";

/** Arguments of `LiveChanges`. */
export interface LiveChangesArgs extends LiveFunctionArgs {
  readonly region: string;
  /** Regions that publish changes, this one among them. */
  readonly regions: readonly string[];
  readonly connections: Connections;
  readonly api: WebSocketApi;
  /** URL of the API's own name in this region, which nothing moves to another. */
  readonly postUrl: string;
  /** Topics of this region's changes, by the service that publishes them. */
  readonly topicArns: Readonly<Record<string, pulumi.Input<string>>>;
  /** Key of the region's queues. */
  readonly keyArn: pulumi.Input<string>;
}

/** Changes that one invocation takes. */
const batchSize = 10;
/** Invocations at once; each posts to many connections at once. */
const maximumConcurrency = 5;
/** Seconds of an invocation: less than a sixth of the time that a message is hidden. */
const handlerSeconds = 15;

/**
 * Posts the changes of items to the connections of one region, and ends connections when their tokens do. The queue takes
 * from the topics of every region, as each change is published in the region where it was written alone.
 */
export class LiveChanges extends pulumi.ComponentResource {
  readonly queue: DeliveryQueue;

  constructor(name: string, args: LiveChangesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:live:LiveChanges", name, {}, opts);
    const { keyArn, alarmTopicArn, connections, topicArns } = args;
    this.queue = new DeliveryQueue(
      `${name}-changes`,
      { keyArn, description: "Changes for open connections", senders: [topicsOf(args)], alarmTopicArn },
      { parent: this },
    );
    for (const [service, topicArn] of Object.entries(topicArns)) {
      subscribeQueue(
        `${name}-${service}-subscription`,
        { topicArn, queueArn: this.queue.arn, deadLettersArn: this.queue.deadLetters.arn },
        { parent: this, dependsOn: [this.queue] },
      );
    }
    this.createSender(name, args);
    this.createCloser(name, args, connections.endings);
    this.registerOutputs({ queueArn: this.queue.arn });
  }

  private createSender(name: string, args: LiveChangesArgs): void {
    const { connections, api, postUrl } = args;
    const sender = new PlatformFunction(
      `${name}-sender`,
      {
        ...functionArgs(args),
        description: "Posts changes to open connections",
        handler: "handler.send",
        memory: 512,
        timeoutSeconds: handlerSeconds,
        variables: { CONNECTIONS_TABLE: connections.table.name, POST_URL: postUrl },
        statements: [
          allow(["dynamodb:DeleteItem", "dynamodb:Scan"], connections.table.arn),
          // It ends a connection that takes no changes.
          allow(["execute-api:ManageConnections"], [api.connections("POST"), api.connections("DELETE")]),
          ...receiveStatements(args.region, [this.queue.arn], args.keyArn),
        ],
      },
      { parent: this },
    );
    this.consume(`${name}-changes-source`, this.queue, sender);
  }

  private createCloser(name: string, args: LiveChangesArgs, endings: DeliveryQueue): void {
    const { connections, api, postUrl } = args;
    const closer = new PlatformFunction(
      `${name}-closer`,
      {
        ...functionArgs(args),
        description: "Ends connections when their tokens do",
        handler: "handler.close",
        memory: 256,
        timeoutSeconds: handlerSeconds,
        variables: {
          CONNECTIONS_TABLE: connections.table.name,
          POST_URL: postUrl,
          ENDINGS_QUEUE_URL: endings.url,
        },
        statements: [
          allow(["dynamodb:DeleteItem"], connections.table.arn),
          allow(["execute-api:ManageConnections"], api.connections("DELETE")),
          allow(["sqs:SendMessage"], endings.arn),
          allow(["kms:GenerateDataKey"], args.keyArn, throughSqs(args.region)),
          ...receiveStatements(args.region, [endings.arn], args.keyArn),
        ],
      },
      { parent: this },
    );
    this.consume(`${name}-endings-source`, endings, closer);
  }

  private consume(name: string, queue: DeliveryQueue, handler: PlatformFunction): void {
    new lambda.EventSourceMapping(
      name,
      {
        eventSourceArn: queue.arn,
        functionName: handler.aliasArn,
        batchSize,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency },
      },
      // Lambda reads the queue with the permissions of the function's role, and checks them first.
      { parent: this, dependsOn: [handler] },
    );
  }
}

/**
 * Returns who puts changes into the queue: the topics of this region, and those of the others by the beginning of their
 * names, as the stack of a later region makes them. They are one sender, and so one statement: SQS takes 20 statements
 * and 10 conditions in a policy.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
 */
function topicsOf({ region, regions, account, topicArns }: LiveChangesArgs): QueueSender {
  const others = regions.filter((each) => each !== region);
  const sourceArn = Object.entries(topicArns).flatMap(([service, own]) => [
    own,
    ...others.map((each) => pulumi.interpolate`arn:aws:sns:${each}:${account}:${each}-${service}-changes-topic-*`),
  ]);
  return { awsService: "sns.amazonaws.com", sourceArn, account };
}
