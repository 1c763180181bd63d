import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ControlPlanes } from "../control-planes";
import type { PlatformOptions, RunningPlatform } from "../platform-options";
import { type FaultKind, Relay } from "./relay";

/** Has a process look names up by a file; returns what undoes it. */
const { install } = require("./names.cjs") as { install(file: string): () => void };

/** What fails: the store of a region, a zone with all that runs in it, or a whole region with its gateways and store. */
export type FaultPlace = { readonly store: string } | { readonly zone: string } | { readonly region: string };

/** How often what has started in a zone since is found, in milliseconds. */
const followMs = 100;

/**
 * Breaks parts of a platform and lets them work again. It takes its place before the platform starts: `options` go into
 * `startPlatform`, and `attach` gets what that returns.
 *
 * | | refuse | hang | vanish |
 * |---|---|---|---|
 * | store | connections are refused | requests are never answered | its name is not found (ENOTFOUND) |
 * | zone | its processes end, and none starts there | its processes stand still | its processes find no name |
 * | region | gateways and store refuse | neither answers | neither name is found |
 *
 * No write leaves or reaches the tables of a store or region that fails.
 */
export class Faults {
  /** Starts, registrations and management APIs of the platform. */
  readonly planes = new ControlPlanes();
  private readonly folder = mkdtempSync(join(tmpdir(), "faults-"));
  private readonly file = join(this.folder, "names.json");
  private readonly uninstall: () => void;
  private readonly stores = new Map<string, Relay>();
  private readonly regions = new Map<string, FaultKind>();
  private readonly isolated = new Set<string>();
  /** Names that no process finds, and processes that find none, by zone. */
  private readonly goneNames = new Set<string>();
  private readonly blind = new Map<string, readonly number[]>();
  private readonly active = new Set<() => Promise<void>>();
  private platform: Pick<RunningPlatform, "state" | "isolateTables"> | undefined;
  /** Answers nothing, in the place of a gateway that hangs. */
  private readonly silence = new Relay("http://127.0.0.1:9");

  constructor() {
    this.writeNames();
    this.uninstall = install(this.file);
  }

  /** What a platform has to be started with. */
  get options(): Pick<PlatformOptions, "storeAddress" | "variables" | "planes" | "reach"> {
    return {
      planes: this.planes,
      variables: {
        NODE_OPTIONS: `--require ${join(__dirname, "names.cjs")}`,
        // Python loads sitecustomize.py from it.
        PYTHONPATH: __dirname,
        PLATFORM_NAMES: this.file,
      },
      storeAddress: async (region, url) => {
        const relay = new Relay(url);
        await relay.open();
        this.stores.set(region, relay);
        return `http://${storeName(region)}:${relay.port}`;
      },
      reach: { fault: (region) => this.regions.get(region), silentUrl: () => `http://127.0.0.1:${this.silence.port}` },
    };
  }

  /** Begins to break the parts of a platform, which was started with `options`. */
  async attach(platform: Pick<RunningPlatform, "state" | "isolateTables">): Promise<void> {
    this.platform = platform;
    await this.silence.open();
    await this.silence.fail("hang");
  }

  /** Breaks a part. @returns what has it work again */
  async begin(place: FaultPlace, kind: FaultKind): Promise<() => Promise<void>> {
    const undo = await this.break(place, kind);
    const end = async () => {
      if (this.active.delete(end)) await undo();
    };
    this.active.add(end);
    return end;
  }

  /** Has everything work again. */
  async endAll(): Promise<void> {
    for (const end of [...this.active]) await end();
  }

  /** Ends the faults and the relays; call it before the platform stops, as what stands still cannot end. */
  async stop(): Promise<void> {
    await this.endAll();
    await Promise.all([this.silence, ...this.stores.values()].map((relay) => relay.close()));
    this.uninstall();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async break(place: FaultPlace, kind: FaultKind): Promise<() => Promise<void>> {
    if ("zone" in place) return this.beginInZone(place.zone, kind);
    if ("store" in place) return this.beginInStore(place.store, kind);
    const { region } = place;
    const endStore = await this.beginInStore(region, kind);
    this.regions.set(region, kind);
    return async () => {
      this.regions.delete(region);
      await endStore();
    };
  }

  private async beginInStore(region: string, kind: FaultKind): Promise<() => Promise<void>> {
    const relay = this.stores.get(region);
    if (relay === undefined) {
      throw new Error(`the platform has no store in ${region}; name one of ${[...this.stores.keys()].join(", ")}`);
    }
    const vanishes = (gone: boolean) => {
      if (kind !== "vanish") return;
      if (gone) this.goneNames.add(storeName(region));
      else this.goneNames.delete(storeName(region));
      this.writeNames();
    };
    vanishes(true);
    await relay.fail(kind);
    await this.isolate(region, true);
    return async () => {
      vanishes(false);
      await relay.fail(undefined);
      await this.isolate(region, false);
    };
  }

  private async isolate(region: string, apart: boolean): Promise<void> {
    if (apart) this.isolated.add(region);
    else this.isolated.delete(region);
    await this.platform?.isolateTables([...this.isolated]);
  }

  private async beginInZone(zone: string, kind: FaultKind): Promise<() => Promise<void>> {
    if (kind === "refuse") this.planes.lose(zone, true);
    const strike = () => {
      const pids = this.processesIn(zone);
      if (kind === "vanish") {
        this.blind.set(zone, pids);
        this.writeNames();
      } else for (const pid of pids) signal(pid, kind === "hang" ? "SIGSTOP" : "SIGKILL");
    };
    strike();
    // Connections that are open need no name; those of the other zones are opened again at once.
    if (kind === "vanish") await this.stores.get(zone.slice(0, -1))?.fail(undefined);
    const timer = setInterval(strike, followMs);
    return async () => {
      clearInterval(timer);
      this.planes.lose(zone, false);
      this.blind.delete(zone);
      this.writeNames();
      if (kind === "hang") for (const pid of this.processesIn(zone)) signal(pid, "SIGCONT");
    };
  }

  private processesIn(zone: string): number[] {
    const workloads = this.platform?.state().workloads ?? [];
    return workloads.flatMap(({ servers }) =>
      servers.flatMap(({ zone: own, pid }) => (own === zone && pid !== undefined ? [pid] : [])),
    );
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

/** A process may have ended since it was listed. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {}
}
