import type { GraphIndex } from "../../graph/model";
import { accountOf } from "../iam/account";
import type { LogSink } from "../processes/lines";
import type { Reaper } from "../processes/reaper";
import { addTable, type Call, createTable } from "./create-tables";
import type { DoorFault } from "./engine/door";
import type { ReplicaLag } from "./engine/replication";
import { callAsOperator } from "./operator-call";
import { type PlannedTable, readTables, regionsOf } from "./planned-tables";
import type { StoreAccess } from "./store-guard";
import { StoreProcess } from "./store-process";

/** Settings of `DynamoDbStore`. */
export interface StoreSettings {
  /**
   * From a write in one region to the moment at which other regions have it.
   * @default 1000, as AWS says that it usually takes less than a second
   */
  readonly lagMs?: number;
  /**
   * How many times faster than planned time passes.
   * @default 1
   */
  readonly factor?: number;
  /**
   * Origin of a compatible store that has the items instead, and keeps them. It gets the planned tables that it does not
   * have.
   * @default none: the items end with the platform
   */
  readonly remote?: string;
}

/**
 * DynamoDB on this machine: tables of every region, in one process. A table with replicas is a global table: each region
 * has its own copy of the items, writes reach the others after a while, and the last writer wins. Items are on disk, so
 * that they are kept until the platform ends.
 */
export class DynamoDbStore {
  /** Address of all regions; a call goes to the region that it is signed for. */
  url = "";
  private readonly process: StoreProcess;
  private urls: ReadonlyMap<string, string> = new Map();
  private tables: readonly PlannedTable[] = [];

  constructor(
    log: LogSink,
    reaper: Reaper,
    private readonly settings: StoreSettings = {},
  ) {
    this.process = new StoreProcess(log, reaper);
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** Address of each region, where only calls that are signed for that region are answered. */
  get regions(): ReadonlyMap<string, string> {
    return this.urls;
  }

  /** How far replicas are behind. */
  get lags(): readonly ReplicaLag[] {
    return this.process.lags;
  }

  /** Starts the store, without regions. @throws {UserError} when it does not start */
  async open(): Promise<void> {
    this.url = origin(await this.process.start());
  }

  /** Opens the regions of the plan, without tables. @throws {UserError} on a table that the store cannot have */
  async openRegions(index: GraphIndex): Promise<void> {
    this.tables = readTables(index);
    const { lagMs = 1_000, factor = 1, remote: url } = this.settings;
    const homes = Object.fromEntries(this.tables.map(({ name, regions }) => [name, regions[0]!]));
    const labels = this.tables.flatMap(({ name, streamLabel }) => (streamLabel ? [[name, streamLabel] as const] : []));
    const streamLabels = Object.fromEntries(labels);
    const settings = { account: accountOf(index), lagMs, factor, streamLabels, ...(url && { remote: { url, homes } }) };
    const ports = await this.process.open(regionsOf(index, this.tables), settings);
    this.urls = new Map(Object.entries(ports).map(([region, port]) => [region, origin(port)]));
  }

  /** Lets planned roles call, as far as their policies allow; before, only the platform itself may. */
  async allow(access: StoreAccess): Promise<void> {
    await this.process.tell({ access });
  }

  /** Creates the planned tables in their regions, which are opened if they are not. */
  async createTables(index: GraphIndex): Promise<void> {
    if (this.urls.size === 0) await this.openRegions(index);
    if (this.settings.remote !== undefined) {
      await Promise.all(
        this.tables.map((table) => addTable(table, this.callerOf(table.regions[0]!), this.settings.remote!)),
      );
      return;
    }
    const created = this.tables.flatMap((table) =>
      table.regions.map((region) => createTable(table, this.callerOf(region))),
    );
    await Promise.all(created);
    const global = this.tables.filter(({ regions }) => regions.length > 1);
    const replicate = Object.fromEntries(global.map(({ name, regions }) => [name, regions]));
    if (global.length > 0) await this.process.tell({ replicate });
  }

  /**
   * Keeps regions apart from all others, as when they are down: no write leaves or reaches them. Those that are not named
   * are together again, and get what they have missed.
   */
  async isolate(regions: readonly string[]): Promise<void> {
    await this.process.tell({ isolate: regions });
  }

  /** Has the addresses of regions fail, and those of the others answer; the address of all regions always answers. */
  async fail(regions: Readonly<Record<string, DoorFault>>): Promise<void> {
    await this.process.tell({ fail: regions });
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }

  private callerOf(region: string): Call {
    return (operation, input) => callAsOperator(this.url, region, operation, input);
  }
}

function origin(port: number): string {
  return `http://127.0.0.1:${port}`;
}
