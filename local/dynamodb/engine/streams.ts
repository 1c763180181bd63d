import type { Change } from "./change-log";
import { type Item, type ServiceError, serviceError, type Table, tableOf } from "./dynalite";
import { sizeOf } from "./item-size";
import type { Items, TableSettings } from "./items";

type Stream = NonNullable<TableSettings["stream"]>;

/** The stream that a request is about. */
interface Named {
  readonly table: string;
  readonly arn: string;
  readonly stream: Stream;
}

/** What a shard iterator says. */
interface Position {
  /** Number of the last entry that was read. */
  readonly after: number;
  /** When it was made, in milliseconds since the epoch. */
  readonly madeAt: number;
}

const shard = "shardId-00000000000000000001-00000001";
const trimMs = 24 * 3_600_000;
const iteratorMs = 15 * 60_000;
/** Readers need this time to use an iterator, however fast time passes. */
const leastIteratorMs = 1_000;
const mostRecords = 1_000;
const mostBytes = 1_024 * 1_024;
/** Sequence numbers have 21 digits or more. */
const firstNumber = 100_000_000_000_000_000_000n;

const oldViews = ["OLD_IMAGE", "NEW_AND_OLD_IMAGES"];
const newViews = ["NEW_IMAGE", "NEW_AND_OLD_IMAGES"];
/** Views that a stream may have. */
export const streamViews: readonly string[] = ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"];

/**
 * The API of DynamoDB Streams for the tables of one region: every write of the last 24 hours that changed an item, also
 * those of other regions, in one shard that never closes.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html
 */
export class Streams {
  /** @param factor  how many times faster than planned time passes */
  constructor(
    private readonly items: Items,
    private readonly region: string,
    private readonly factor: number,
  ) {}

  /** Runs an operation of the API. @throws {ServiceError} when it is refused */
  async run(operation: string, input: any): Promise<object> {
    switch (operation) {
      case "ListStreams":
        return this.list(input);
      case "DescribeStream":
        return this.describe(input);
      case "GetShardIterator":
        return this.iterator(input);
      case "GetRecords":
        return this.records(input);
      default:
        throw serviceError("UnknownOperationException", "");
    }
  }

  /** Removes from the logs of all tables what is older than 24 hours. */
  async trim(): Promise<void> {
    for (const name of this.items.names()) {
      const { log } = this.items.tracked(name)!;
      await log.trim((await this.firstNumber(name)) - 1);
    }
  }

  /** Returns the ARN of a table's stream. */
  arnOf({ TableArn }: Pick<Table, "TableArn">, { label }: Stream): string {
    return `${TableArn}/stream/${label}`;
  }

  private async list({ TableName, Limit = 100, ExclusiveStartStreamArn }: any): Promise<object> {
    const names = this.items.names().filter((name) => TableName === undefined || name === TableName);
    const all = await Promise.all(
      names.sort().map(async (name) => {
        const { stream } = this.items.tracked(name)!.settings;
        if (stream === undefined) return [];
        const StreamArn = this.arnOf(await tableOf(this.items.store, name), stream);
        return [{ StreamArn, StreamLabel: stream.label, TableName: name }];
      }),
    );
    const streams = all.flat();
    const start = streams.findIndex(({ StreamArn }) => StreamArn === ExclusiveStartStreamArn) + 1;
    const Streams = streams.slice(start, start + Limit);
    const more = start + Limit < streams.length ? { LastEvaluatedStreamArn: Streams.at(-1)!.StreamArn } : {};
    return { Streams, ...more };
  }

  private async describe({ StreamArn }: any): Promise<object> {
    const { table, arn, stream } = this.named(StreamArn);
    const { KeySchema, CreationDateTime } = await tableOf(this.items.store, table);
    const range = { StartingSequenceNumber: sequenceNumber(await this.firstNumber(table)) };
    return {
      StreamDescription: {
        ...{ StreamArn: arn, StreamLabel: stream.label, StreamStatus: "ENABLED", StreamViewType: stream.view },
        ...{ TableName: table, KeySchema, CreationRequestDateTime: CreationDateTime },
        Shards: [{ ShardId: shard, SequenceNumberRange: range }],
      },
    };
  }

  private async iterator(input: any): Promise<object> {
    const { table, arn } = this.named(input.StreamArn);
    const { ShardId, ShardIteratorType: type, SequenceNumber } = input;
    if (ShardId !== shard) throw missing(`Requested resource not found: Shard ${ShardId} in Stream ${arn} not found`);
    const first = await this.firstNumber(table);
    const { complete } = this.items.tracked(table)!.log;
    const at = () => {
      const number = entryNumber(SequenceNumber);
      if (number === undefined || number > complete + 1) throw invalid("SequenceNumber is not one of the shard");
      if (number < first) throw trimmed();
      return number;
    };
    const after: Readonly<Record<string, () => number>> = {
      TRIM_HORIZON: () => first - 1,
      LATEST: () => complete,
      AT_SEQUENCE_NUMBER: () => at() - 1,
      AFTER_SEQUENCE_NUMBER: at,
    };
    if (!Object.hasOwn(after, type)) {
      const allowed = Object.keys(after).join(", ");
      throw invalid(
        `1 validation error detected: Value '${type}' at 'shardIteratorType' failed to satisfy constraint: Member must satisfy enum value set: [${allowed}]`,
      );
    }
    return { ShardIterator: iteratorText(arn, after[type]!()) };
  }

  private async records({ ShardIterator, Limit = mostRecords }: any): Promise<object> {
    if (!(Number.isInteger(Limit) && Limit >= 1 && Limit <= mostRecords)) {
      throw invalid(`Limit must be a whole number from 1 to ${mostRecords}, got ${Limit}`);
    }
    const [arn, { after, madeAt }] = readIterator(ShardIterator);
    const { table, stream } = this.named(arn);
    if (madeAt + Math.max(leastIteratorMs, iteratorMs / this.factor) < Date.now()) {
      const message = "The iterator provided has expired. Get another one and try again.";
      throw serviceError("ExpiredIteratorException", message);
    }
    if (after < (await this.firstNumber(table)) - 1) throw trimmed();
    const { KeySchema } = await tableOf(this.items.store, table);
    const Records: object[] = [];
    let [last, bytes] = [after, 0];
    for (const { number, change } of await this.items.tracked(table)!.log.after(after, Limit)) {
      const record = change.same ? undefined : this.recordOf(number, change, KeySchema, stream.view);
      bytes += record?.dynamodb.SizeBytes ?? 0;
      if (bytes > mostBytes && Records.length > 0) break;
      if (record !== undefined) Records.push(record);
      last = number;
    }
    return { Records, NextShardIterator: iteratorText(arn, last) };
  }

  private recordOf(number: number, change: Change, schema: Table["KeySchema"], view: string) {
    const { at, from, old, new: now, expired } = change;
    const some = (now ?? old)!;
    const Keys: Item = Object.fromEntries(schema.map(({ AttributeName: name }) => [name, some[name]!]));
    const images = {
      ...(now !== undefined && newViews.includes(view) ? { NewImage: now } : {}),
      ...(old !== undefined && oldViews.includes(view) ? { OldImage: old } : {}),
    };
    return {
      eventID: `${this.region}-${number}`,
      eventName: old === undefined ? "INSERT" : now === undefined ? "REMOVE" : "MODIFY",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: this.region,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(at / 1_000_000),
        ...{ Keys, ...images, SequenceNumber: sequenceNumber(number) },
        SizeBytes: sizeOf(Keys) + Object.values(images).reduce((sum, image) => sum + sizeOf(image), 0),
        StreamViewType: view,
      },
      // Other regions get the deletion as an ordinary one.
      ...(expired && from === this.region
        ? { userIdentity: { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" } }
        : {}),
    };
  }

  /** Returns the number of the first entry that is not older than 24 hours, or that comes next. */
  private async firstNumber(table: string): Promise<number> {
    const { log, settings } = this.items.tracked(table)!;
    const oldest = (Date.now() - trimMs / this.factor) * 1_000;
    for (let [after, count] = [settings.stream?.after ?? 0, 1]; ; count = mostRecords) {
      const entries = await log.after(after, count);
      const found = entries.find(({ change }) => change.at >= oldest);
      if (found !== undefined) return found.number;
      if (entries.length === 0) return log.complete + 1;
      after = entries.at(-1)!.number;
    }
  }

  private named(arn: unknown): Named {
    const [, region, table = "", label] =
      /^arn:aws:dynamodb:([^:]+):\d*:table\/([^/]+)\/stream\/(.+)$/.exec(String(arn)) ?? [];
    const stream = region === this.region ? this.items.tracked(table)?.settings.stream : undefined;
    if (stream === undefined || stream.label !== label) {
      throw missing(`Requested resource not found: Stream: ${arn} not found`);
    }
    return { table, arn: String(arn), stream };
  }
}

function sequenceNumber(number: number): string {
  return String(firstNumber + BigInt(number));
}

function entryNumber(text: unknown): number | undefined {
  return /^\d{21,40}$/.test(String(text)) ? Number(BigInt(String(text)) - firstNumber) : undefined;
}

function iteratorText(arn: string, after: number): string {
  const position: Position = { after, madeAt: Date.now() };
  return `${arn}|1|${Buffer.from(JSON.stringify(position)).toString("base64")}`;
}

function readIterator(text: unknown): [arn: string, Position] {
  const [arn = "", , position = ""] = String(text).split("|");
  try {
    const { after, madeAt } = JSON.parse(Buffer.from(position, "base64").toString());
    if (Number.isInteger(after) && Number.isFinite(madeAt)) return [arn, { after, madeAt }];
  } catch {
    // Refused below.
  }
  throw invalid("Invalid ShardIterator");
}

function missing(message: string): ServiceError {
  return serviceError("ResourceNotFoundException", message);
}

function trimmed(): ServiceError {
  const message = "The operation attempted to read past the oldest stream record in a shard.";
  return serviceError("TrimmedDataAccessException", message);
}

function invalid(message: string): ServiceError {
  return serviceError("ValidationException", message);
}
