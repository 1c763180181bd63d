import type { Keys } from "../iam/sigv4/signed-headers";
import { callAs } from "./operator-call";

/** A record of a stream, as functions and pipes get it. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: "INSERT" | "MODIFY" | "REMOVE";
  readonly eventSourceARN: string;
  readonly dynamodb: {
    /** Seconds since the epoch. */
    readonly ApproximateCreationDateTime: number;
    readonly SequenceNumber: string;
    readonly [more: string]: unknown;
  };
  readonly [more: string]: unknown;
}

/** Where a reader begins. */
export type StartingPosition = "TRIM_HORIZON" | "LATEST";

/** Settings of `StreamReader`. */
export interface StreamReaderOptions {
  readonly arn: string;
  /** Returns the address of the region's DynamoDB. */
  readonly url: () => string;
  /** Returns what to sign with: that of a role for which the reader reads. */
  readonly keys: () => Keys;
  readonly from: StartingPosition;
}

const version = "DynamoDBStreams_20120810";

/**
 * Reads the one shard that a stream has on this machine, as a role. It keeps its place by sequence numbers, so that it goes on
 * from there when the store ended and started again.
 */
export class StreamReader {
  private iterator: string | undefined;
  private last: string | undefined;
  private shard = "";

  constructor(private readonly options: StreamReaderOptions) {}

  get arn(): string {
    return this.options.arn;
  }

  get shardId(): string {
    return this.shard;
  }

  /** @throws {Error} when the stream is not there, or may not be read */
  async open(): Promise<void> {
    const { StreamDescription } = await this.call("DescribeStream", { StreamArn: this.arn });
    this.shard = StreamDescription.Shards[0].ShardId;
    this.iterator = await this.newIterator();
  }

  /** Returns what comes next; nothing when nothing has been written. @throws {Error} when it cannot be read now */
  async next(limit: number): Promise<StreamRecord[]> {
    if (this.iterator === undefined) await this.open();
    try {
      const { Records, NextShardIterator } = await this.call("GetRecords", {
        ShardIterator: this.iterator,
        Limit: limit,
      });
      this.iterator = NextShardIterator;
      this.last = Records.at(-1)?.dynamodb.SequenceNumber ?? this.last;
      return Records.map((record: any) => this.asDelivered(record));
    } catch (error) {
      // It expired, or the store has another one.
      this.iterator = undefined;
      throw error;
    }
  }

  private async newIterator(): Promise<string> {
    const at =
      this.last === undefined
        ? { ShardIteratorType: this.options.from }
        : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: this.last };
    const input = { StreamArn: this.arn, ShardId: this.shard, ...at };
    return (await this.call("GetShardIterator", input)).ShardIterator;
  }

  private asDelivered({ userIdentity, ...record }: any): StreamRecord {
    const { Type: type, PrincipalId: principalId } = userIdentity ?? {};
    return { ...record, ...(userIdentity && { userIdentity: { type, principalId } }), eventSourceARN: this.arn };
  }

  private call(operation: string, body: object): Promise<any> {
    const region = this.arn.split(":")[3]!;
    return callAs(this.options.keys(), { url: this.options.url(), region }, `${version}.${operation}`, body);
  }
}

/** Returns where records are in a stream, as messages about what could not be handled say it. */
export function streamBatchInfo(reader: StreamReader, records: readonly StreamRecord[]): object {
  const [first, last] = [records[0]!.dynamodb, records.at(-1)!.dynamodb];
  const at = (seconds: number) => new Date(seconds * 1_000).toISOString();
  return {
    shardId: reader.shardId,
    startSequenceNumber: first.SequenceNumber,
    endSequenceNumber: last.SequenceNumber,
    approximateArrivalOfFirstRecord: at(first.ApproximateCreationDateTime),
    approximateArrivalOfLastRecord: at(last.ApproximateCreationDateTime),
    batchSize: records.length,
    streamArn: reader.arn,
  };
}
