import type { Change, ChangeLog, WriteClock } from "./change-log";
import { Deadlines } from "./deadlines";
import {
  act,
  db,
  type Item,
  isDynaliteOperation,
  promised,
  type ServiceError,
  serviceError,
  tableOf,
  validated,
} from "./dynalite";
import { Items } from "./items";
import { Streams } from "./streams";
import { TableOperations } from "./table-operations";
import { TimeToLive } from "./time-to-live";
import { Transactions } from "./transactions";

type Run = (input: any) => Promise<object>;

/** What a write with a condition may have. */
interface ConditionalInput {
  readonly TableName: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ReturnValuesOnConditionCheckFailure?: string;
}

/** Removing what streams no longer have, at a time scale of 1. */
const trimMs = 3_600_000;
/** Deleting what has expired, at a time scale of 1, and the shortest time between. AWS says only: within days. */
const sweepMs = 10_000;
const leastMs = 200;

/** The tables of one region, each with the region's own copy of the items. */
export class RegionTables {
  private readonly items: Items;
  private readonly streams: Streams;
  private readonly timeToLive: TimeToLive;
  /** Operations of DynamoDB's API that dynalite does not have, or not whole. */
  private readonly own: Readonly<Record<string, Run>>;

  /**
   * @param path  folder of this region's items
   * @param factor  how many times faster than planned time passes
   * @param streamLabels  of the streams that tables are created with, by table; any other has the time at which it starts
   */
  constructor(
    readonly region: string,
    account: string,
    path: string,
    clock: WriteClock,
    private readonly factor: number,
    streamLabels: Readonly<Record<string, string>> = {},
  ) {
    this.items = new Items(region, account, path, clock, new Deadlines(factor));
    this.timeToLive = new TimeToLive(this.items, region, clock);
    this.streams = new Streams(this.items, region, factor);
    const transactions = new Transactions(this.items, factor);
    const tables = new TableOperations(this.items, this.streams, streamLabels);
    this.own = {
      CreateTable: (input) => tables.create(input),
      DeleteTable: (input) => tables.delete(input),
      DescribeTable: (input) => tables.describe(input),
      DescribeTimeToLive: (input) => this.timeToLive.describe(input),
      UpdateTimeToLive: (input) => this.timeToLive.update(input),
      UpdateTable: (input) => tables.update(input),
      TransactGetItems: (input) => transactions.get(input),
      TransactWriteItems: (input) => transactions.write(input),
    };
  }

  /** Goes on with the tables that are there. @param failed  gets what goes wrong later */
  async open(failed: (error: unknown) => void): Promise<void> {
    await this.items.open();
    repeat(trimMs / this.factor, () => this.streams.trim().catch(failed));
    repeat(Math.max(leastMs, sweepMs / this.factor), () => this.timeToLive.sweep().catch(failed));
  }

  /** Logs the writes of a table from now on. @param replicas  other regions that have it */
  replicate(table: string, replicas: readonly string[]): Promise<ChangeLog> {
    return this.items.replicate(table, replicas);
  }

  /** Returns up to which entry a table here has got what another region wrote to it. */
  cursor(table: string, from: string): Promise<number> {
    return this.items.cursor(table, from);
  }

  /** Makes a write of another region here; see `Items.apply`. */
  apply(table: string, change: Change, number: number): Promise<void> {
    return this.items.apply(table, change, number);
  }

  /** Runs an operation of an API. @param version  of the API @throws {ServiceError} when DynamoDB would refuse it */
  async run(version: string, operation: string, input: object): Promise<object> {
    if (version === "DynamoDBStreams_20120810") return this.streams.run(operation, input);
    if (version !== "DynamoDB_20120810") throw unknown();
    if (Object.hasOwn(this.own, operation)) return this.own[operation]!(input);
    if (!isDynaliteOperation(operation)) throw unknown();
    // dynalite takes away what it does not know.
    const asked = { ...(input as ConditionalInput) };
    try {
      return await act(operation, this.items.store, validated(operation, input, this.items.store));
    } catch (error) {
      throw await this.withItem(error, asked);
    }
  }

  /** Adds to a failed condition the item, where the caller asks for it. */
  private async withItem(error: unknown, input: ConditionalInput): Promise<unknown> {
    const { statusCode, body } = error as Partial<ServiceError>;
    if (input.ReturnValuesOnConditionCheckFailure !== "ALL_OLD") return error;
    if (!body?.__type.endsWith("#ConditionalCheckFailedException")) return error;
    const { store } = this.items;
    const table = await tableOf(store, input.TableName);
    const key = db.createKey(input.Item ?? input.Key!, table);
    const item = await promised<Item | undefined>((done) => store.getItemDb(input.TableName).get(key, done));
    return item === undefined
      ? error
      : Object.assign(new Error(body.message), { statusCode, body: { ...body, Item: item } });
  }
}

/** Runs again and again, with a time between an end and the next start. */
function repeat(ms: number, work: () => Promise<void>): void {
  setTimeout(() => work().then(() => repeat(ms, work)), ms);
}

function unknown(): ServiceError {
  return serviceError("UnknownOperationException", "");
}
