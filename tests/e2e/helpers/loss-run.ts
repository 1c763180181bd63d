import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import { catalog, serviceNames } from "../../../apps/catalog";
import type { ControlPlaneCounts } from "../../../local/control-planes";
import { Faults } from "../../../local/faults/faults";
import { type RunningPlatform, startPlatform } from "../../../local/platform";
import { planTwoRegions, twoRegions } from "./two-regions";

/** What the loss of a zone, and then of the primary region, cost clients. */
export interface Loss {
  /** Requests a second. */
  readonly rate: number;
  /** Requests that had no answer, or one of 500 or more, after the loss of a zone. */
  readonly zone: number;
  /** The same after the loss of the primary region. */
  readonly region: number;
  /** After all of it, requests that failed of the last second's. */
  readonly last: number;
  /** Who asked a control plane between the start of the load and its end. */
  readonly calls: ControlPlaneCounts;
  /** Servers and execution environments that started in that time. */
  readonly started: number;
}

/** dev plans a server at the peak per service, and 50 requests a second of one. */
const plannedPeak = 50 * serviceNames.length;
const [primary] = twoRegions;
const timeScale = 10;
/** So that something is counted on a machine that is busy with other things. */
const leastRate = 4;
/** Longer than the 3.5 s that a move takes at this scale. */
const observedMs = 7_000;
const patienceMs = 3_000;

/** An open read of each service: an item that is not there is 404, by way of the table. */
const paths = serviceNames.map((name) => {
  const read = catalog[name].routes.find(
    ({ method, path, scopes }) => method === "GET" && scopes.length === 0 && /^\/[^/]+\/[^/]+\/\{\w+\}$/.test(path),
  )!;
  return read.path.replace(/\{\w+\}/, "none");
});

/**
 * Runs a platform of two regions under load, has it lose a zone and then the primary region, and counts failed requests.
 * @param rate  requests a second; measured when it is not given: the planned peak, or a third of what the machine does
 */
export async function lossRun(dark: boolean, rate?: number): Promise<Loss> {
  const faults = new Faults();
  const stateDir = mkdtempSync(join(tmpdir(), "platform-"));
  const graph = await planTwoRegions();
  let platform: RunningPlatform | undefined;
  try {
    platform = await startPlatform({
      ...faults.options,
      graph,
      timeScale,
      stateDir,
      dark,
      readySeconds: 120,
      log: () => {},
    });
    await faults.attach(platform);
    return await observe(platform, faults, rate);
  } finally {
    await faults.endAll();
    await platform?.stop();
    await faults.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

async function observe(platform: RunningPlatform, faults: Faults, given: number | undefined): Promise<Loss> {
  const dispatcher = new Agent({ connections: 256 });
  const load = new Load(platform.endpoints.global, dispatcher);
  try {
    // The first events start functions, which is not what is measured.
    await load.most(2_000);
    const rate = given ?? Math.max(leastRate, Math.min(plannedPeak, Math.floor((await load.most(3_000)) / 3)));
    const before = platform.state();
    load.start(rate);
    await sleep(2_000);
    const warm = load.failed;
    await faults.begin({ zone: `${primary}a` }, "refuse");
    await sleep(observedMs);
    const zone = load.failed - warm;
    await faults.begin({ region: primary }, "refuse");
    await sleep(observedMs - 1_000);
    const late = load.failed;
    await sleep(1_000);
    const region = load.failed - warm - zone;
    const last = load.failed - late;
    await load.stop();
    return {
      ...{ rate, zone, region, last },
      calls: difference(before.controlPlanes.calls, platform.state().controlPlanes.calls),
      started: startedSince(before, platform.state()),
    };
  } finally {
    await load.stop();
    await dispatcher.destroy();
  }
}

/** Requests at a rate, whether or not those before have been answered. */
class Load {
  failed = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly open = new Set<Promise<void>>();
  private count = 0;

  constructor(
    private readonly url: string,
    private readonly dispatcher: Agent,
  ) {}

  start(rate: number): void {
    const startedAt = performance.now();
    let sent = 0;
    this.timer = setInterval(() => {
      for (const due = ((performance.now() - startedAt) / 1_000) * rate; sent < due; sent++) {
        const asked = this.ask().then((ok) => {
          if (!ok) this.failed++;
          this.open.delete(asked);
        });
        this.open.add(asked);
      }
    }, 10);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.open);
  }

  /** Requests a second that eight clients get answered. */
  async most(milliseconds: number): Promise<number> {
    const end = performance.now() + milliseconds;
    let answered = 0;
    const client = async () => {
      while (performance.now() < end) if (await this.ask()) answered++;
    };
    await Promise.all(Array.from({ length: 8 }, client));
    return (answered / milliseconds) * 1_000;
  }

  private async ask(): Promise<boolean> {
    const path = paths[this.count++ % paths.length]!;
    try {
      const signal = AbortSignal.timeout(patienceMs);
      const { statusCode, body } = await request(`${this.url}${path}`, { dispatcher: this.dispatcher, signal });
      await body.dump();
      return statusCode < 500;
    } catch {
      return false;
    }
  }
}

function difference(before: ControlPlaneCounts, after: ControlPlaneCounts): ControlPlaneCounts {
  const users = Object.keys(after) as (keyof ControlPlaneCounts)[];
  return Object.fromEntries(
    users.map((by) => [
      by,
      { asked: after[by].asked - before[by].asked, refused: after[by].refused - before[by].refused },
    ]),
  ) as ControlPlaneCounts;
}

type State = ReturnType<RunningPlatform["state"]>;

/** Counts processes that were not there before. */
function startedSince(before: State, after: State): number {
  const pids = (state: State) =>
    state.workloads.flatMap(({ servers }) => servers.flatMap(({ pid }) => (pid === undefined ? [] : [pid])));
  const known = new Set(pids(before));
  return pids(after).filter((pid) => !known.has(pid)).length;
}
