import { randomUUID } from "node:crypto";
import type { TimeScale } from "../time-scale";
import type { Message } from "./message";
import type { Queue } from "./queue";
import { invalidParameter, invalidValue, noResource, sqsError } from "./sqs-error";

/** A task that moves the messages of a dead letter queue. */
export interface MoveTask {
  readonly handle: string;
  readonly sourceArn: string;
  /** @default each message goes to the queue that it came from */
  readonly destinationArn?: string | undefined;
  readonly perSecond?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly toMove: number;
  status: "RUNNING" | "COMPLETED" | "CANCELLING" | "CANCELLED" | "FAILED";
  moved: number;
  failure?: string;
}

/** Where the queues of a task are found. */
interface FoundQueues {
  at(arn: string): Queue | undefined;
  sourcesOf(queue: Queue): readonly Queue[];
}

const tickSeconds = 0.1;
/** Messages of a second where the caller leaves the rate to SQS. */
const normalPerSecond = 500;

/**
 * The tasks of StartMessageMoveTask, by which messages of dead letter queues are sent again. A message that is moved is a new
 * one: it has another id, and its receives and its retention count from zero.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
export class MoveTasks {
  private readonly tasks: MoveTask[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly queues: FoundQueues,
    private readonly time: TimeScale,
    private readonly now: () => number,
  ) {}

  /** @throws {AwsError} */
  start(sourceArn: string, destinationArn?: string, perSecond?: number): MoveTask {
    const source = this.queues.at(sourceArn);
    if (source === undefined) throw noResource("SourceArn");
    if (this.queues.sourcesOf(source).length === 0) {
      throw invalidValue("Source queue must be configured as a Dead Letter Queue.");
    }
    if (destinationArn !== undefined && this.queues.at(destinationArn) === undefined)
      throw noResource("DestinationArn");
    if (perSecond !== undefined && !(Number.isInteger(perSecond) && perSecond >= 1 && perSecond <= 500)) {
      throw invalidParameter("MaxNumberOfMessagesPerSecond", perSecond, "It must be between 1 and 500.");
    }
    if (this.of(sourceArn).some(({ status }) => status === "RUNNING")) {
      throw invalidValue(
        "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
      );
    }
    const task: MoveTask = {
      handle: Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn })).toString("base64"),
      ...{ sourceArn, destinationArn, perSecond, startedAt: this.now(), toMove: source.counts().visible },
      ...{ status: "RUNNING", moved: 0 },
    };
    this.tasks.unshift(task);
    this.tick(task, source);
    return task;
  }

  /** Returns the tasks of a queue, the newest first. */
  of(sourceArn: string): readonly MoveTask[] {
    return this.tasks.filter((task) => task.sourceArn === sourceArn);
  }

  /** @throws {AwsError} for a task that does not run */
  cancel(handle: string): MoveTask {
    const task = this.tasks.find((each) => each.handle === handle);
    if (task === undefined) throw sqsError("ResourceNotFoundException", "Task does not exist.", { status: 404 });
    if (task.status !== "RUNNING") throw invalidValue("Only active tasks can be cancelled.");
    task.status = "CANCELLED";
    return task;
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  private tick(task: MoveTask, source: Queue): void {
    if (task.status !== "RUNNING") return;
    const budget = Math.max(1, Math.floor((task.perSecond ?? normalPerSecond) * tickSeconds));
    const moved = source.withdraw(Math.min(budget, task.toMove - task.moved), (message) => this.move(task, message));
    if (task.failure !== undefined) return;
    if (moved === 0 || task.moved >= task.toMove) {
      task.status = "COMPLETED";
      return;
    }
    const seconds = Math.max(tickSeconds, 1 / (task.perSecond ?? normalPerSecond));
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.tick(task, source);
    }, this.time.ms(seconds));
    this.timers.add(timer.unref());
  }

  /** @returns false when there is no queue for the message: the task has failed then */
  private move(task: MoveTask, message: Message): boolean {
    const { body, attributes, senderId, trace, groupId, deduplicationId } = message;
    const target = this.queues.at(task.destinationArn ?? message.deadLetterSource ?? "");
    if (target === undefined) {
      task.status = "FAILED";
      task.failure =
        task.destinationArn === undefined
          ? "CouldNotDetermineMessageSource"
          : "AWS.SimpleQueueService.NonExistentQueue";
      return false;
    }
    target.send({
      ...{ body, attributes, senderId, delaySeconds: 0 },
      ...(trace !== undefined && { trace }),
      ...(groupId !== undefined && { groupId }),
      // The one of the first send may not be over yet.
      ...(target.has.fifo && { deduplicationId: `${deduplicationId ?? ""}${randomUUID()}`.slice(0, 128) }),
    });
    task.moved += 1;
    return true;
  }
}
