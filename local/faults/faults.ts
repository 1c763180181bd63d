import { ControlPlanes } from "../control-planes";
import type { Reach } from "./cut-gateway";
import type { FaultPlace, How, ServerPlace } from "./kinds";
import { type FaultKind, Relay } from "./relay";
import { type RelayedOptions, StoreRelays } from "./store-relays";

/** What faults need of a platform that runs. */
export interface Breakable {
  state(): { readonly workloads: readonly BreakableWorkload[] };
  /** See `RunningPlatform`. */
  isolateTables(regions: readonly string[]): Promise<void>;
  /** See `RunningPlatform`. */
  failStore(region: string, how: How | undefined): Promise<void>;
  /** See `RunningPlatform`. */
  shiftZone(zone: string, on: boolean): unknown;
}

interface BreakableWorkload {
  readonly service: string;
  readonly region: string;
  readonly servers: readonly { readonly zone: string; readonly pid?: number; readonly health: string }[];
}

/** A server that a fault has chosen. */
export interface ChosenServer {
  readonly service: string;
  readonly region: string;
  readonly zone: string;
  readonly pid: number;
}

/** How often what has started in a zone since is found, in milliseconds. */
const followMs = 100;
/** A slow process runs for this part of each `followMs`. */
const slowMs = 10;

/**
 * Breaks parts of a platform and lets them work again.
 *
 * | | refuse | hang | vanish | silence | kill | slow | flaky |
 * |---|---|---|---|---|---|---|---|
 * | server | | it stands still | | | it ends | it runs a tenth of the time | |
 * | store | connections are refused | requests are never answered | its name is not found | | | an answer takes a second longer | every second call fails |
 * | zone | as kill | its processes stand still | its processes find no name | as hang, and nothing starts there | its processes end, and nothing starts there | | |
 * | region | gateways and store refuse | neither answers | neither name is found | nothing gets in or out; what runs goes on | refuse, and kill in its zones | | |
 *
 * A zone can be shifted away from, too (`shift`): nothing fails there, and it gets no more requests.
 * No write leaves or reaches the tables of a store or region that fails, but for a store that is slow or flaky. `vanish` is
 * for faults that were there before the platform started: `new Faults()`, whose `options` go into `startPlatform`.
 */
export class Faults {
  private readonly regions = new Map<string, FaultKind>();
  private readonly isolated = new Set<string>();
  private readonly active = new Set<() => Promise<void>>();
  private platform: Breakable | undefined;
  /** Answers nothing, in the place of a gateway that hangs. */
  private readonly silence = new Relay("http://127.0.0.1:9");

  constructor(
    /** Starts, registrations and management APIs of the platform. */
    readonly planes = new ControlPlanes(),
    private readonly relays: StoreRelays | null = new StoreRelays(),
  ) {}

  /** Returns faults of a platform that was started without names and addresses in front of its stores. */
  static within(planes: ControlPlanes): Faults {
    return new Faults(planes, null);
  }

  /** What a platform has to be started with. */
  get options(): RelayedOptions & { readonly faults: Faults } {
    return { ...this.relays!.options, faults: this };
  }

  /** Whether regions are reached. */
  readonly reach: Reach = {
    fault: (region) => this.regions.get(region),
    silentUrl: () => `http://127.0.0.1:${this.silence.port}`,
  };

  /** Begins to break the parts of a platform. */
  async attach(platform: Breakable): Promise<void> {
    this.platform = platform;
    if (this.silence.port !== 0) return;
    await this.silence.open();
    await this.silence.fail("hang");
  }

  /** Breaks a part. @returns what has it work again @throws {Error} when there is no such part */
  async begin(place: FaultPlace, how: How): Promise<() => Promise<void>> {
    const undo = await this.break(place, how);
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
    await Promise.all([this.silence.close(), this.relays?.stop()]);
  }

  /** Returns the server that a fault of a place would break: one that is healthy and has a twin, where there is one. */
  serverAt({ service, region, zone }: ServerPlace): ChosenServer | undefined {
    const groups = this.workloads()
      .filter((each) => service === undefined || each.service === service)
      .filter((each) => region === undefined || each.region === region)
      .map((each) => ({ ...each, healthy: each.servers.filter(({ health }) => health === "healthy") }))
      .sort((a, b) => Math.min(2, b.healthy.length) - Math.min(2, a.healthy.length));
    for (const group of groups) {
      const server = group.healthy.find((each) => each.pid !== undefined && (zone === undefined || each.zone === zone));
      if (server) return { service: group.service, region: group.region, zone: server.zone, pid: server.pid! };
    }
    return undefined;
  }

  private async break(place: FaultPlace, how: How): Promise<() => Promise<void>> {
    if ("zone" in place) return this.beginInZone(place.zone, how);
    if ("store" in place) return this.beginInStore(place.store, how);
    return "server" in place ? this.beginInServer(place.server, how) : this.beginInRegion(place.region, how);
  }

  private async beginInRegion(region: string, how: How): Promise<() => Promise<void>> {
    const ends: (() => Promise<void>)[] = [];
    if (how === "silence") {
      await this.isolate(region, true);
      ends.push(() => this.isolate(region, false));
    } else ends.push(await this.beginInStore(region, how === "kill" ? "refuse" : how));
    if (how === "kill") for (const zone of this.zonesOf(region)) ends.push(await this.beginInZone(zone, how));
    this.regions.set(region, how === "silence" ? "hang" : how === "kill" ? "refuse" : (how as FaultKind));
    ends.push(async () => void this.regions.delete(region));
    return async () => {
      for (const end of ends.reverse()) await end();
    };
  }

  private async beginInStore(region: string, how: How): Promise<() => Promise<void>> {
    const apart = how !== "slow" && how !== "flaky";
    await this.failStore(region, how);
    if (apart) await this.isolate(region, true);
    return async () => {
      await this.failStore(region, undefined);
      if (apart) await this.isolate(region, false);
    };
  }

  private async failStore(region: string, how: How | undefined): Promise<void> {
    const inStore = this.relays === null || how === undefined || how === "slow" || how === "flaky";
    if (inStore) await this.platform!.failStore(region, how);
    if (how !== "slow" && how !== "flaky") await this.relays?.fail(region, how as FaultKind | undefined);
  }

  private async isolate(region: string, apart: boolean): Promise<void> {
    if (apart) this.isolated.add(region);
    else this.isolated.delete(region);
    await this.platform?.isolateTables([...this.isolated]);
  }

  private async beginInZone(zone: string, how: How): Promise<() => Promise<void>> {
    if (how === "shift") {
      this.platform!.shiftZone(zone, true);
      return async () => void this.platform!.shiftZone(zone, false);
    }
    const lost = how === "refuse" || how === "kill" || how === "silence";
    const still = how === "hang" || how === "silence";
    if (lost) this.planes.lose(zone, true);
    const strike = () => {
      const pids = this.processes(zone);
      if (how === "vanish") this.relays?.blindfold(zone, pids);
      else for (const pid of pids) signal(pid, still ? "SIGSTOP" : "SIGKILL");
    };
    strike();
    if (how === "vanish") await this.relays?.reconnect(zone.slice(0, -1));
    const timer = setInterval(strike, followMs);
    return async () => {
      clearInterval(timer);
      this.planes.lose(zone, false);
      this.relays?.blindfold(zone, []);
      if (still) for (const pid of this.processes(zone)) signal(pid, "SIGCONT");
    };
  }

  private async beginInServer(place: ServerPlace, how: How): Promise<() => Promise<void>> {
    const server = this.serverAt(place);
    if (server === undefined) throw new Error("no healthy server is there");
    const { pid } = server;
    signal(pid, how === "kill" ? "SIGKILL" : "SIGSTOP");
    const run = () => {
      signal(pid, "SIGCONT");
      setTimeout(() => isSlow && signal(pid, "SIGSTOP"), slowMs);
    };
    let isSlow = how === "slow";
    const timer = isSlow ? setInterval(run, followMs) : undefined;
    return async () => {
      clearInterval(timer);
      isSlow = false;
      if (this.processes().includes(pid)) signal(pid, "SIGCONT");
    };
  }

  private workloads(): readonly BreakableWorkload[] {
    return this.platform?.state().workloads ?? [];
  }

  private zonesOf(region: string): string[] {
    const own = this.workloads().filter((each) => each.region === region);
    return [...new Set(own.flatMap(({ servers }) => servers.map(({ zone }) => zone)))];
  }

  private processes(zone?: string): number[] {
    return this.workloads().flatMap(({ servers }) =>
      servers.flatMap(({ zone: own, pid }) => ((zone === undefined || own === zone) && pid !== undefined ? [pid] : [])),
    );
  }
}

/** A process may have ended since it was listed. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {}
}
