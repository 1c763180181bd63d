import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FaultKind, Relay } from "./relay";

/** Has a process look names up by a file; returns what undoes it. */
const { install } = require("./names.cjs") as { install(file: string): () => void };

/** What a platform is started with, so that the names and addresses of its stores can fail. */
export interface RelayedOptions {
  readonly variables: Readonly<Record<string, string>>;
  readonly storeAddress: (region: string, url: string) => Promise<string>;
}

/** Addresses and names in front of the stores of regions, and which processes find names. */
export class StoreRelays {
  private readonly folder = mkdtempSync(join(tmpdir(), "faults-"));
  private readonly file = join(this.folder, "names.json");
  private readonly uninstall: () => void;
  private readonly relays = new Map<string, Relay>();
  /** Names that no process finds, and processes that find none, by zone. */
  private readonly goneNames = new Set<string>();
  private readonly blind = new Map<string, readonly number[]>();

  constructor() {
    this.writeNames();
    this.uninstall = install(this.file);
  }

  get options(): RelayedOptions {
    return {
      variables: {
        NODE_OPTIONS: `--require ${join(__dirname, "names.cjs")}`,
        // Python loads sitecustomize.py from it.
        PYTHONPATH: __dirname,
        PLATFORM_NAMES: this.file,
      },
      storeAddress: async (region, url) => {
        const relay = new Relay(url);
        await relay.open();
        this.relays.set(region, relay);
        return `http://${storeName(region)}:${relay.port}`;
      },
    };
  }

  /** Has the store of a region fail, or work again. @throws {Error} when there is none */
  async fail(region: string, kind: FaultKind | undefined): Promise<void> {
    const relay = this.relays.get(region);
    if (relay === undefined) {
      throw new Error(`the platform has no store in ${region}; name one of ${[...this.relays.keys()].join(", ")}`);
    }
    if (kind === "vanish") this.goneNames.add(storeName(region));
    else this.goneNames.delete(storeName(region));
    this.writeNames();
    await relay.fail(kind);
  }

  /** Has processes of a zone find no names; none: they find them again. */
  blindfold(zone: string, pids: readonly number[]): void {
    if (pids.length > 0) this.blind.set(zone, pids);
    else this.blind.delete(zone);
    this.writeNames();
  }

  /** Breaks the open connections to a region's store, which need no name; those that find it are opened again at once. */
  async reconnect(region: string): Promise<void> {
    await this.relays.get(region)?.fail(undefined);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.relays.values()].map((relay) => relay.close()));
    this.uninstall();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** In one step, so that no process reads a part. */
  private writeNames(): void {
    const text = JSON.stringify({ names: [...this.goneNames], processes: [...this.blind.values()].flat() });
    writeFileSync(`${this.file}.new`, text);
    renameSync(`${this.file}.new`, this.file);
  }
}

function storeName(region: string): string {
  return `dynamodb.${region}.localhost`;
}
