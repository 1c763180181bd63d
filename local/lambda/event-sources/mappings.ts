import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { AwsError } from "../../aws/aws-error";
import { StreamReader, type StreamReaderOptions } from "../../dynamodb/stream-reader";
import type { LogSink } from "../../processes/lines";
import type { Queue } from "../../sqs/queue";
import type { TimeScale } from "../../time-scale";
import { unsupported } from "../../unsupported";
import { invalid, type MappingInput, type MappingSettings, settingsOf, viewOf } from "./mapping-settings";
import { QueueSource } from "./queue-source";
import { streamSource } from "./stream-source";

/** What event source mappings reach. */
export interface MappingTargets {
  readonly time: TimeScale;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: LogSink;
  queue(arn: string): Queue | undefined;
  /** Tells whether a stream is there. */
  hasStream(arn: string): boolean;
  /** Returns how a stream is read for a function. */
  reading(streamArn: string, functionArn: string): Pick<StreamReaderOptions, "url" | "keys">;
  /** Returns a queue that a function's role may receive from and delete from. @throws {Error} */
  receivingFrom(queueArn: string, functionArn: string): Queue;
  /** @throws {FunctionFailure} */
  invoke(functionArn: string, event: object): Promise<unknown>;
  /** Sends to a queue or topic what a function could not handle, as the function's role. @throws {Error} */
  tell(destinationArn: string, message: object, functionArn: string): Promise<void>;
}

interface Source {
  start(): void;
  stop(): Promise<void>;
}

/** Lambda's event source mappings of queues and of DynamoDB streams. */
export class EventSourceMappings {
  private readonly sources: Source[] = [];
  private started = false;

  constructor(private readonly targets: MappingTargets) {}

  /** Makes the planned mappings. @throws {UserError} on a setting that Lambda would not take */
  createPlanned(index: GraphIndex): void {
    for (const planned of index.ofType("aws:lambda/eventSourceMapping:EventSourceMapping")) {
      if (planned.outputs["enabled"] === false) continue;
      try {
        this.create(inputOf(index, planned));
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        unsupported(planned, "settings", `as Lambda takes them (${error.message})`, planned.outputs["eventSourceArn"]);
      }
    }
  }

  /** Makes a mapping. @returns what Lambda answers @throws {AwsError} InvalidParameterValueException */
  create(input: MappingInput): Readonly<Record<string, unknown>> {
    const settings = settingsOf(input);
    const source = settings.kind === "queue" ? this.queueSource(settings) : this.streamSource(settings);
    this.sources.push(source);
    if (this.started) source.start();
    return viewOf(settings);
  }

  start(): void {
    this.started = true;
    for (const source of this.sources) source.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.sources.map((source) => source.stop()));
  }

  private queueSource(settings: MappingSettings): QueueSource {
    const { targets } = this;
    const { sourceArn, functionArn } = settings;
    if (targets.queue(sourceArn) === undefined) {
      throw invalid(
        "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.",
      );
    }
    return new QueueSource({
      ...{ settings, time: targets.time },
      source: () => targets.receivingFrom(sourceArn, functionArn),
      invoke: (event) => targets.invoke(functionArn, event),
      log: (line) => targets.log("lambda", `${sourceArn.split(":").at(-1)}: ${line}`),
    });
  }

  private streamSource(settings: MappingSettings): Source {
    const { targets } = this;
    const { sourceArn, functionArn, from } = settings;
    if (!targets.hasStream(sourceArn)) throw invalid(`Stream not found: ${sourceArn}`);
    return streamSource({
      ...{ settings, time: targets.time, now: targets.now },
      reader: new StreamReader({ arn: sourceArn, from, ...targets.reading(sourceArn, functionArn) }),
      invoke: (event) => targets.invoke(functionArn, event),
      tell: (arn, message) => targets.tell(arn, message, functionArn),
      log: (line) => targets.log("lambda", `${sourceArn.split("/")[1]}: ${line}`),
    });
  }
}

function inputOf(index: GraphIndex, { outputs }: PlannedResource): MappingInput {
  const { filterCriteria, scalingConfig, destinationConfig, functionName } = outputs;
  const filters = filterCriteria?.filters?.map(({ pattern }: { pattern: string }) => ({ Pattern: pattern }));
  const named = index.ofType("aws:lambda/function:Function").find((each) => each.outputs["name"] === functionName);
  return {
    EventSourceArn: outputs["eventSourceArn"],
    FunctionName: named?.outputs["arn"] ?? functionName,
    ...present("BatchSize", outputs["batchSize"]),
    ...present("MaximumBatchingWindowInSeconds", outputs["maximumBatchingWindowInSeconds"]),
    ...present("FunctionResponseTypes", outputs["functionResponseTypes"]),
    ...present("FilterCriteria", filters && { Filters: filters }),
    ...present("ScalingConfig", scalingConfig && { MaximumConcurrency: scalingConfig.maximumConcurrency }),
    ...present("StartingPosition", outputs["startingPosition"]),
    ...present("MaximumRetryAttempts", outputs["maximumRetryAttempts"]),
    ...present("MaximumRecordAgeInSeconds", outputs["maximumRecordAgeInSeconds"]),
    ...present("BisectBatchOnFunctionError", outputs["bisectBatchOnFunctionError"]),
    ...present(
      "DestinationConfig",
      destinationConfig?.onFailure && { OnFailure: { Destination: destinationConfig.onFailure.destinationArn } },
    ),
  };
}

function present<Name extends string, Value>(name: Name, value: Value | undefined | null) {
  return (value === undefined || value === null ? {} : { [name]: value }) as { readonly [name in Name]?: Value };
}
