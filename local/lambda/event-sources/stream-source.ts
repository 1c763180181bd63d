import { randomUUID } from "node:crypto";
import { type BatchOutcome, type GivenUp, ShardConsumer } from "../../dynamodb/shard-consumer";
import { type StreamReader, type StreamRecord, streamBatchInfo } from "../../dynamodb/stream-reader";
import type { TimeScale } from "../../time-scale";
import { failedItems } from "./batch-response";
import { type MappingSettings, passes } from "./mapping-settings";

/** What `streamSource` works with. */
export interface StreamSourceOptions {
  readonly settings: MappingSettings;
  readonly reader: StreamReader;
  /** @throws {FunctionFailure} */
  readonly invoke: (event: object) => Promise<unknown>;
  /** Sends what the function could not handle to the mapping's destination. @throws {Error} */
  readonly tell: (destinationArn: string, message: object) => Promise<void>;
  readonly time: TimeScale;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: (line: string) => void;
}

/**
 * Hands the records of a stream to a function.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export function streamSource(options: StreamSourceOptions): ShardConsumer {
  const { settings, reader, log } = options;
  const { batchSize, windowSeconds, maximumRetryAttempts, maximumRecordAgeSeconds, bisect } = settings;
  return new ShardConsumer({
    ...options,
    settings: { batchSize, windowSeconds, maximumRetryAttempts, maximumRecordAgeSeconds, bisect },
    takes: (record) => passes(settings.filters, record),
    handle: (records) => handOver(options, records),
    giveUp: async (records, why, attempts, error) => {
      log(`${records.length} records are given up: ${why}`);
      if (settings.failureArn === undefined) return;
      const message = failureMessage(options, { records, why, attempts, error });
      await options.tell(settings.failureArn, { ...message, DDBStreamBatchInfo: streamBatchInfo(reader, records) });
    },
  });
}

async function handOver(
  { settings, invoke, log }: StreamSourceOptions,
  records: readonly StreamRecord[],
): Promise<BatchOutcome> {
  try {
    const answer = await invoke({ Records: records });
    if (!settings.partialResponses) return { kind: "done" };
    const failed = failedItems(answer);
    if (failed?.length === 0) return { kind: "done" };
    const positions = failed?.map((id) => records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === id));
    if (positions === undefined || positions.includes(-1)) return { kind: "failed", error: undefined };
    log(`${records.length - Math.min(...positions)} of ${records.length} records failed`);
    return { kind: "from", position: Math.min(...positions) };
  } catch (error) {
    log(`${records.length} records failed: ${(error as Error).message}`);
    return { kind: "failed", error };
  }
}

interface Failed {
  readonly records: readonly StreamRecord[];
  readonly why: GivenUp;
  readonly attempts: number;
  readonly error: unknown;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html */
function failureMessage({ settings, now }: StreamSourceOptions, { why, attempts, error }: Failed): object {
  return {
    requestContext: {
      ...{ requestId: randomUUID(), functionArn: settings.functionArn },
      ...{ condition: why, approximateInvokeCount: attempts },
    },
    responseContext: {
      ...{ statusCode: 200, executedVersion: "$LATEST" },
      ...(error !== undefined && { functionError: "Unhandled" }),
    },
    version: "1.0",
    timestamp: new Date(now()).toISOString(),
  };
}
