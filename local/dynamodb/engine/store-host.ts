import { join } from "node:path";
import { type StoreAccess, StoreGuard } from "../store-guard";
import { WriteClock } from "./change-log";
import { Door, type DoorFault } from "./door";
import { RegionTables } from "./region-tables";
import { type RemoteStore, RemoteTables } from "./remote-tables";
import { type ReplicaLag, Replication } from "./replication";

/** What the platform tells the process of the store, one at a time. Each is answered, with ports where it opens some. */
export interface StoreMessage {
  /** The address of all regions listens, on a free port for 0. */
  readonly listen?: { readonly path: string; readonly port: number };
  /** Each region's tables are opened, and listen. */
  readonly open?: {
    readonly account: string;
    readonly ports: Readonly<Record<string, number>>;
    readonly lagMs: number;
    /** How many times faster than planned time passes. */
    readonly factor: number;
    /** Labels of planned streams, by table. @default the times at which they start */
    readonly streamLabels?: Readonly<Record<string, string>>;
    /** Has the items in the place of this process. @default this process has them */
    readonly remote?: RemoteStore;
  };
  /** Planned roles may call, as far as their policies allow; before, only the platform itself may. */
  readonly access?: StoreAccess;
  /** Name of each table that several regions have, with those regions. */
  readonly replicate?: Readonly<Record<string, readonly string[]>>;
  /** Regions that no write leaves or reaches; the others are together again. */
  readonly isolate?: readonly string[];
  /** How the addresses of regions fail; the others answer. */
  readonly fail?: Readonly<Record<string, DoorFault>>;
}

type Opened = Pick<NonNullable<StoreMessage["open"]>, "account" | "factor" | "streamLabels">;

/** What the process of the store says to the platform. */
export interface StoreAnswer {
  /** Of the message that this answers; none for what was not asked. */
  readonly id?: number;
  /** Why the message could not be followed. */
  readonly failed?: string;
  readonly port?: number;
  readonly ports?: Readonly<Record<string, number>>;
  readonly lags?: readonly ReplicaLag[];
}

/** Time between two reports of how far replicas are behind. */
const reportMs = 100;

/** Serves the tables of all regions in the process of the store: at one address for all, and at one for each region. */
export class StoreHost {
  private readonly clock = new WriteClock();
  private readonly regions = new Map<string, RegionTables>();
  private readonly answering = new Map<string, RegionTables | RemoteTables>();
  private readonly guard = new StoreGuard(this.answering);
  private readonly replications: Replication[] = [];
  /** Addresses of single regions. */
  private readonly doors = new Map<string, Door>();
  private path = "";
  private lagMs = 0;
  private report: NodeJS.Timeout | undefined;

  /** @param say  sends to the platform */
  constructor(private readonly say: (answer: StoreAnswer) => void) {}

  async handle({ listen, open, access, replicate, isolate, fail }: StoreMessage): Promise<StoreAnswer> {
    if (listen !== undefined) {
      this.path = listen.path;
      return { port: await this.listen(listen.port) };
    }
    if (open !== undefined) return { ports: await this.open(open) };
    if (access !== undefined) this.guard.allow(access);
    for (const [table, regions] of Object.entries(replicate ?? {})) await this.replicate(table, regions);
    if (isolate !== undefined) {
      for (const each of this.replications) each.separate(isolate.some((region) => each.concerns(region)));
    }
    if (fail !== undefined) for (const [region, door] of this.doors) await door.fail(fail[region]);
    return {};
  }

  private async open({ ports, remote, ...own }: NonNullable<StoreMessage["open"]>): Promise<Record<string, number>> {
    this.lagMs = own.lagMs;
    const opened = Object.entries(ports).map(async ([region, port]) => {
      this.answering.set(region, remote ? new RemoteTables(region, remote) : await this.openRegion(region, own));
      return [region, await this.listen(port, region)] as const;
    });
    return Object.fromEntries(await Promise.all(opened));
  }

  private async openRegion(region: string, { account, factor, streamLabels }: Opened) {
    const tables = new RegionTables(
      region,
      account,
      join(this.path, `dynamodb-${region}`),
      this.clock,
      factor,
      streamLabels,
    );
    await tables.open(report);
    this.regions.set(region, tables);
    return tables;
  }

  private async replicate(table: string, regions: readonly string[]): Promise<void> {
    const all = regions.map((region) => this.regions.get(region)!);
    for (const source of all) {
      const others = all.filter((each) => each !== source);
      const replicas = others.map(({ region }) => region);
      const log = await source.replicate(table, replicas);
      for (const target of others) {
        const options = { lagMs: this.lagMs, changed: () => this.reportSoon(), failed: report };
        this.replications.push(new Replication(table, source, log, target, options));
      }
    }
    await Promise.all(this.replications.slice(-all.length * (all.length - 1)).map((each) => each.start()));
  }

  private reportSoon(): void {
    this.report ??= setTimeout(() => {
      this.report = undefined;
      this.say({ lags: this.replications.map((each) => each.lag()) });
    }, reportMs);
  }

  /** @param region  the only one that the address serves; unset for all. @returns the port */
  private async listen(port: number, region?: string): Promise<number> {
    const door = new Door((req, res) => this.guard.handle(req, res, region));
    if (region !== undefined) this.doors.set(region, door);
    return door.open(port);
  }
}

function report(error: unknown): void {
  process.stderr.write(`${(error as Error).stack}\n`);
}
