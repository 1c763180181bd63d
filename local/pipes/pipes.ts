import type { GraphIndex, PlannedResource } from "../../graph/model";
import { type BatchOutcome, type GivenUp, ShardConsumer } from "../dynamodb/shard-consumer";
import { StreamReader, type StreamReaderOptions, type StreamRecord, streamBatchInfo } from "../dynamodb/stream-reader";
import { type EventPattern, readPattern } from "../eventbridge/event-pattern";
import { PatternProblem } from "../eventbridge/value-rules";
import { type MappingSettings, passes } from "../lambda/event-sources/mapping-settings";
import { QueueSource } from "../lambda/event-sources/queue-source";
import type { LogSink } from "../processes/lines";
import type { Queue } from "../sqs/queue";
import type { TimeScale } from "../time-scale";
import { oneOf, required, unsupported } from "../unsupported";
import { type PipeSettings, type PipeTargets, sendOn } from "./pipe";

/** What pipes reach, each as its role. */
export interface PipesOptions {
  readonly time: TimeScale;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: LogSink;
  queue(arn: string): Queue | undefined;
  /** Asks whether a pipe may assume its role. @throws {AccessDenied} */
  assume(roleArn: string, pipeArn: string): void;
  /** Returns a queue that a role may receive from and delete from. @throws {Error} */
  receivingFrom(queueArn: string, roleArn: string): Queue;
  reading(roleArn: string, streamArn: string): Pick<StreamReaderOptions, "url" | "keys">;
  targets(roleArn: string): PipeTargets;
}

interface Source {
  start(): void;
  stop(): Promise<void>;
}

/** Services that a pipe's target may be of here. */
const targetServices = ["sns", "sqs", "lambda"];

/**
 * EventBridge Pipes: each takes the records of a stream or the messages of a queue, filters them, has a function make others
 * of them, and sends these on, as its role.
 */
export class Pipes {
  private readonly sources: readonly Source[];

  /** @throws {UserError} when a planned pipe cannot be run here */
  constructor(
    index: GraphIndex,
    private readonly options: PipesOptions,
  ) {
    this.sources = index
      .ofType("aws:pipes/pipe:Pipe")
      .filter(({ outputs }) => outputs["desiredState"] !== "STOPPED")
      .map((planned) => this.sourceOf(planned));
  }

  start(): void {
    for (const source of this.sources) source.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.sources.map((source) => source.stop()));
  }

  private sourceOf(planned: PlannedResource): Source {
    const settings = readPipe(planned);
    const filters = filtersOf(planned);
    return settings.sourceArn.split(":")[2] === "sqs"
      ? this.queueSource(planned, settings, filters)
      : this.streamSource(planned, settings, filters);
  }

  private queueSource(planned: PlannedResource, pipe: PipeSettings, filters: readonly EventPattern[]): Source {
    const { options } = this;
    if (options.queue(pipe.sourceArn) === undefined) {
      unsupported(planned, "source", "a planned queue", pipe.sourceArn);
    }
    const given = planned.outputs["sourceParameters"]?.sqsQueueParameters ?? {};
    const settings: MappingSettings = {
      ...{ kind: "queue", sourceArn: pipe.sourceArn, functionArn: pipe.target.arn, partialResponses: true, filters },
      ...{ batchSize: given.batchSize ?? 10, windowSeconds: given.maximumBatchingWindowInSeconds ?? 0 },
      ...{ from: "TRIM_HORIZON", maximumRetryAttempts: -1, maximumRecordAgeSeconds: -1, bisect: false },
    };
    const { roleArn } = planned.outputs;
    return new QueueSource({
      ...{ settings, time: options.time, log: (line) => options.log("pipes", `${pipe.name}: ${line}`) },
      source: () => {
        options.assume(roleArn, pipe.arn);
        return options.receivingFrom(pipe.sourceArn, roleArn);
      },
      invoke: async (event) => {
        const failed = await sendOn(pipe, (event as { Records: object[] }).Records, options.targets(roleArn));
        return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
      },
    });
  }

  private streamSource(planned: PlannedResource, pipe: PipeSettings, filters: readonly EventPattern[]): Source {
    const { options } = this;
    const { roleArn, sourceParameters } = planned.outputs;
    const given = required<any>(
      planned,
      "sourceParameters.dynamodbStreamParameters",
      sourceParameters?.dynamodbStreamParameters,
    );
    const from = oneOf(planned, "startingPosition", ["TRIM_HORIZON", "LATEST"] as const, given.startingPosition);
    const reader = new StreamReader({ arn: pipe.sourceArn, from, ...options.reading(roleArn, pipe.sourceArn) });
    const log = (line: string) => options.log("pipes", `${pipe.name}: ${line}`);
    return new ShardConsumer({
      ...{ reader, time: options.time, now: options.now, log },
      settings: {
        ...{ batchSize: given.batchSize ?? 1, windowSeconds: given.maximumBatchingWindowInSeconds ?? 0 },
        maximumRetryAttempts: given.maximumRetryAttempts ?? -1,
        maximumRecordAgeSeconds: given.maximumRecordAgeInSeconds ?? -1,
        bisect: given.onPartialBatchItemFailure === "AUTOMATIC_BISECT",
      },
      takes: (record) => passes(filters, record),
      handle: (records) => this.handle(planned, pipe, records, log),
      giveUp: async (records, why) => {
        log(`${records.length} records are given up: ${why}`);
        const message = failureMessage(pipe, why, options.now());
        const { arn } = given.deadLetterConfig ?? {};
        const info = { ...message, DDBStreamBatchInfo: streamBatchInfo(reader, records) };
        if (arn !== undefined) await options.targets(roleArn).send(arn, [JSON.stringify(info)]);
      },
    });
  }

  private async handle(
    { outputs }: PlannedResource,
    pipe: PipeSettings,
    records: readonly StreamRecord[],
    log: (line: string) => void,
  ): Promise<BatchOutcome> {
    try {
      this.options.assume(outputs["roleArn"], pipe.arn);
      const failed = await sendOn(pipe, records, this.options.targets(outputs["roleArn"]));
      if (failed.length === 0) return { kind: "done" };
      const positions = failed.map((id) => records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === id));
      return positions.includes(-1)
        ? { kind: "failed", error: undefined }
        : { kind: "from", position: Math.min(...positions) };
    } catch (error) {
      log(`${records.length} records failed: ${(error as Error).message}`);
      return { kind: "failed", error };
    }
  }
}

function readPipe(planned: PlannedResource): PipeSettings {
  const { arn, name, source, enrichment, enrichmentParameters, target, targetParameters } = planned.outputs;
  oneOf(planned, "target", targetServices, String(target).split(":")[2]);
  return {
    ...{ arn, name, sourceArn: source, target: stepOf(target, targetParameters) },
    ...(enrichment && { enrichment: stepOf(enrichment, enrichmentParameters) }),
  };
}

function stepOf(arn: string, parameters: { readonly inputTemplate?: string } | undefined) {
  return { arn, ...(parameters?.inputTemplate && { template: parameters.inputTemplate }) };
}

function filtersOf(planned: PlannedResource): EventPattern[] {
  const filters: { readonly pattern: string }[] = planned.outputs["sourceParameters"]?.filterCriteria?.filters ?? [];
  try {
    return filters.map(({ pattern }) => readPattern(JSON.parse(pattern)));
  } catch (error) {
    if (!(error instanceof PatternProblem) && !(error instanceof SyntaxError)) throw error;
    return unsupported(planned, "filterCriteria", `patterns as EventBridge takes them (${error.message})`, filters);
  }
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-error-troubleshooting.html */
function failureMessage({ arn }: PipeSettings, why: GivenUp, now: number): object {
  const context = { partnerResourceArn: arn, condition: why };
  return { context, version: "1.0", timestamp: new Date(now).toISOString() };
}
