import type { Change, ChangeLog, WriteClock } from "./change-log";
import { act, type DynaliteOperation, isDynaliteOperation, serviceError, validated } from "./dynalite";
import { Items } from "./items";
import { Transactions } from "./transactions";

/** The tables of one region, each with the region's own copy of the items. */
export class RegionTables {
  private readonly items: Items;
  private readonly transactions: Transactions;

  /**
   * @param path  folder of this region's items
   * @param factor  how many times faster than planned time passes
   */
  constructor(
    readonly region: string,
    account: string,
    path: string,
    clock: WriteClock,
    factor: number,
  ) {
    this.items = new Items(region, account, path, clock);
    this.transactions = new Transactions(this.items, factor);
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

  /** Runs an operation of the API. @throws {ServiceError} when DynamoDB would refuse it */
  async run(operation: string, input: object): Promise<object> {
    if (operation === "TransactWriteItems") return this.transactions.write(input);
    if (operation === "TransactGetItems") return this.transactions.get(input);
    if (!isDynaliteOperation(operation)) throw serviceError("UnknownOperationException", "");
    const { store } = this.items;
    return this.described(operation, await act(operation, store, validated(operation, input, store)));
  }

  /** Adds to what dynalite says of a table what it does not know. */
  private described(operation: DynaliteOperation, answer: any): object {
    if (operation !== "DescribeTable") return answer;
    const replicas = this.items.replicasOf(answer.Table.TableName);
    if (replicas.length === 0) return answer;
    const Replicas = replicas.map((RegionName) => ({ RegionName, ReplicaStatus: "ACTIVE" }));
    return { Table: { ...answer.Table, GlobalTableVersion: "2019.11.21", Replicas } };
  }
}
