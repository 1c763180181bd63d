import { type Usage, usageOf } from "../processes/usage";
import { Capacity } from "./capacity";
import type { Measured, Scaling } from "./scaling";
import { average } from "./statistics";

/** A group of servers whose number changes. */
export interface Resizable {
  readonly desired: number;
  /** @param since  time in milliseconds since which it serves */
  processes(): readonly { readonly pid: number; readonly since: number }[];
  resize(desired: number): void;
}

/** What a target group has counted. */
export interface TargetCounts {
  /** Requests since the start. */
  readonly requests: number;
  /** Targets that are healthy now; all of them when none is. */
  readonly targets: number;
}

/** Options of `ScaledGroup`. */
export interface ScaledGroupOptions {
  /** Returns what a target group has counted; undefined for one that does not run here. */
  readonly targets: (key: string) => TargetCounts | undefined;
  /** Returns how many of some further servers this machine bears. */
  readonly room: (wanted: number) => number;
  /** Asks the control plane for a change. @throws {Error} when it refuses */
  readonly ask: (what: string) => void;
  /** Gets sentences without their subject, which is the group. */
  readonly log: (line: string) => void;
  /** Reads what a process has used. @default that of /proc */
  readonly usage?: (pid: number) => Usage | undefined;
}

/** What scaling shows of a group. */
export interface ScalingView {
  readonly min: number;
  readonly max: number;
  /** Percent of the planned CPU and memory of a server, on average, in the last minute. */
  readonly cpu?: number;
  readonly memory?: number;
  /** Requests a minute and target. */
  readonly requests?: number;
  /** The last change. @example "3 to 5 servers, as cpu is 83, its target 60" */
  readonly last?: string;
}

/** Measures one group of servers each planned minute, and changes its number by the planned policies. */
export class ScaledGroup {
  private readonly capacity: Capacity;
  private readonly cpuSeconds = new Map<number, number>();
  private readonly requests = new Map<string, number>();
  private measured: Measured | undefined;
  private last: string | undefined;
  private bounded = "";

  constructor(
    readonly fleet: Resizable,
    readonly scaling: Scaling,
    private readonly options: ScaledGroupOptions,
  ) {
    this.capacity = new Capacity(scaling);
  }

  view(): ScalingView {
    const { min, max } = this.scaling;
    const { servers = [], requests } = this.measured ?? {};
    const rounded = (name: string, value: number | undefined) =>
      value === undefined ? {} : { [name]: Number(value.toFixed(1)) };
    return {
      ...{ min, max },
      ...rounded("cpu", average(servers.map(({ cpu }) => cpu))),
      ...rounded("memory", average(servers.map(({ memory }) => memory))),
      ...rounded("requests", average([...(requests?.values() ?? [])].map(({ each }) => each))),
      ...(this.last === undefined ? {} : { last: this.last }),
    };
  }

  /**
   * Measures what has passed since the last time, and changes the number of servers.
   * @param second  planned seconds since the first time
   * @param seconds  what this machine's clock says has passed since the last time
   * @param scale  how many planned seconds pass in one of these
   */
  measure(second: number, seconds: number, scale: number): void {
    const { fleet } = this;
    const servers = fleet.processes().map(({ pid, since }) => ({
      ageSeconds: ((Date.now() - since) / 1_000) * scale,
      ...this.usage(pid, seconds),
    }));
    this.forgetEnded();
    this.measured = { second, desired: fleet.desired, servers, requests: this.requestsIn(seconds) };
    const { desired, why } = this.capacity.decide(this.measured);
    if (desired !== fleet.desired) this.change(desired, why);
  }

  private change(wanted: number, why: string): void {
    const { fleet, options } = this;
    const before = fleet.desired;
    const desired = wanted > before ? before + options.room(wanted - before) : wanted;
    if (desired < wanted) this.sayBound(wanted, desired, why);
    if (desired === before) return;
    const what = `${before} to ${desired} servers, as ${why}`;
    try {
      options.ask(`change ${before} to ${desired} servers`);
    } catch {
      return; // The control plane has said why.
    }
    this.last = what;
    options.log(`scales from ${what}`);
    fleet.resize(desired);
  }

  private sayBound(wanted: number, desired: number, why: string): void {
    const text = `stays at ${desired} servers, the most that this machine bears; on AWS it would have ${wanted}, as ${why}`;
    if (this.bounded !== `${desired} ${wanted}`) this.options.log(text);
    this.bounded = `${desired} ${wanted}`;
  }

  private usage(pid: number, seconds: number): { readonly cpu?: number; readonly memory?: number } {
    const planned = this.scaling.server;
    const used = planned && (this.options.usage ?? usageOf)(pid);
    if (used === undefined) return {};
    const before = this.cpuSeconds.get(pid);
    this.cpuSeconds.set(pid, used.cpuSeconds);
    const cpu = before === undefined ? undefined : (used.cpuSeconds - before) / seconds / planned!.vcpus;
    const megabytes = planned!.memoryMegabytes;
    return {
      // A planned server has no more than its own CPU.
      ...(cpu !== undefined && { cpu: Math.min(100, 100 * cpu) }),
      ...(megabytes !== undefined && { memory: (100 * used.residentBytes) / 2 ** 20 / megabytes }),
    };
  }

  private forgetEnded(): void {
    const pids = new Set(this.fleet.processes().map(({ pid }) => pid));
    for (const pid of this.cpuSeconds.keys()) if (!pids.has(pid)) this.cpuSeconds.delete(pid);
  }

  /** Rates are those of this machine's clock, as clients send as many requests a second at any time scale. */
  private requestsIn(seconds: number): Measured["requests"] {
    const keys = this.scaling.policies.flatMap((each) =>
      each.kind === "target tracking" && each.targetGroup !== undefined ? [each.targetGroup] : [],
    );
    return new Map(
      keys.flatMap((key) => {
        const counts = this.options.targets(key);
        if (counts === undefined || counts.targets === 0) return [];
        const before = this.requests.get(key) ?? counts.requests;
        this.requests.set(key, counts.requests);
        const each = (((counts.requests - before) / seconds) * 60) / counts.targets;
        return [[key, { each, targets: counts.targets }] as const];
      }),
    );
  }
}
