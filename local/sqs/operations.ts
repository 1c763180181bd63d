import type { ServiceCall } from "../aws/service-call";
import { operationsOfMessages } from "./message-operations";
import type { MoveTask } from "./move-tasks";
import type { Queue } from "./queue";
import type { QueueAttributes } from "./queue-settings";
import type { Queues } from "./queues";
import { missingParameter, sqsError } from "./sqs-error";

/** A call, with its input as the JSON protocol has it. */
export interface SqsCall extends Pick<ServiceCall, "region" | "gone"> {
  readonly queues: Queues;
  readonly input: Readonly<Record<string, any>>;
  /** Id of the sender, as messages have it. */
  readonly senderId: string;
  /** Returns the URL of a queue for the caller. */
  urlOf(queue: Queue): string;
  /** Returns the queue that the call names. @throws {AwsError} */
  queue(): Queue;
}

/** Operations of SQS by name: what each does, and returns as JSON. */
export type Operations = Readonly<Record<string, (call: SqsCall) => object | Promise<object>>>;

const attributeNames = [
  ...["All", "Policy", "VisibilityTimeout", "MaximumMessageSize", "MessageRetentionPeriod", "CreatedTimestamp"],
  ...["LastModifiedTimestamp", "QueueArn", "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
  ...["ApproximateNumberOfMessagesDelayed", "DelaySeconds", "ReceiveMessageWaitTimeSeconds", "RedrivePolicy"],
  ...["RedriveAllowPolicy", "FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"],
  ...["KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled"],
];

const operationsOfQueues: Operations = {
  CreateQueue: ({ queues, region, input, urlOf }) => ({
    QueueUrl: urlOf(queues.create(region, given(input, "QueueName"), input["Attributes"] ?? {})),
  }),
  DeleteQueue: ({ queues, queue }) => {
    queues.delete(queue());
    return {};
  },
  GetQueueUrl: ({ queues, region, input, urlOf }) => ({
    QueueUrl: urlOf(queues.named(region, given(input, "QueueName"))),
  }),
  ListQueues: ({ queues, region, input, urlOf }) => {
    const own = queues.all.filter(({ arn }) => arn.split(":")[3] === region);
    const found = own.filter(({ name }) => name.startsWith(input["QueueNamePrefix"] ?? ""));
    return found.length === 0 ? {} : { QueueUrls: found.map(urlOf) };
  },
  ListDeadLetterSourceQueues: ({ queues, queue, urlOf }) => ({ queueUrls: queues.sourcesOf(queue()).map(urlOf) }),
  GetQueueAttributes: ({ queue, input }) => {
    const names: readonly string[] = input["AttributeNames"] ?? [];
    const unknown = names.find((name) => !attributeNames.includes(name));
    if (unknown !== undefined) throw sqsError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
    const all = Object.entries(attributesOf(queue()));
    const chosen = all.filter(([name]) => names.includes("All") || names.includes(name));
    return chosen.length === 0 ? {} : { Attributes: Object.fromEntries(chosen) };
  },
  SetQueueAttributes: ({ queues, queue, input }) => {
    queues.change(queue(), input["Attributes"] ?? {});
    return {};
  },
  PurgeQueue: ({ queue }) => {
    queue().purge();
    return {};
  },
};

const operationsOfMoves: Operations = {
  StartMessageMoveTask: ({ queues, input }) => {
    const { DestinationArn, MaxNumberOfMessagesPerSecond } = input;
    const task = queues.moves.start(given(input, "SourceArn"), DestinationArn, MaxNumberOfMessagesPerSecond);
    return { TaskHandle: task.handle };
  },
  ListMessageMoveTasks: ({ queues, input }) => ({
    Results: queues.moves
      .of(given(input, "SourceArn"))
      .slice(0, input["MaxResults"] ?? 1)
      .map(taskView),
  }),
  CancelMessageMoveTask: ({ queues, input }) => ({
    ApproximateNumberOfMessagesMoved: queues.moves.cancel(given(input, "TaskHandle")).moved,
  }),
};

/** What SQS does here; tags and permissions by AddPermission are left out. */
export const operations: Operations = { ...operationsOfQueues, ...operationsOfMessages, ...operationsOfMoves };

function attributesOf(queue: Queue): QueueAttributes {
  const { visible, inFlight, delayed } = queue.counts();
  return {
    ...queue.attributes,
    QueueArn: queue.arn,
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1_000)),
    LastModifiedTimestamp: String(Math.floor(queue.changedAt / 1_000)),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
}

function taskView(task: MoveTask): object {
  return {
    ...(task.status === "RUNNING" && { TaskHandle: task.handle }),
    ...{ Status: task.status, SourceArn: task.sourceArn, StartedTimestamp: task.startedAt },
    ...(task.destinationArn !== undefined && { DestinationArn: task.destinationArn }),
    ...(task.perSecond !== undefined && { MaxNumberOfMessagesPerSecond: task.perSecond }),
    ...{ ApproximateNumberOfMessagesMoved: task.moved, ApproximateNumberOfMessagesToMove: task.toMove },
    ...(task.failure !== undefined && { FailureReason: task.failure }),
  };
}

function given(input: SqsCall["input"], name: string): string {
  const value = input[name];
  if (typeof value !== "string" || value === "") throw missingParameter(name);
  return value;
}
