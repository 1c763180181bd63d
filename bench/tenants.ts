import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { buildSync } from "esbuild";
import type { Graph } from "../graph/model";
import { projectRoot } from "../graph/project-root";
import type { Outcome, Outcomes } from "./tenants/client";
import { admittedOf, type Figures, figuresOf, loadProblems, othersProblems, overProblems } from "./tenants/judge";
import type { PlatformRequest, Started } from "./tenants/platform";
import type { Role } from "./tenants/roles";
import { type Arrival, type BenchSize, inOrder, othersArrivals, overArrivals, tier, times } from "./tenants/settings";

/**
 * Whether tenants over their tier harm others. dev runs on this machine with a REST API and 10,000 tenants of 0.2 requests/s.
 * First all but 100 send within their tier, then the 100 send 50 times theirs beside them: real tokens, authorizer, usage
 * plans and gateway, over loopback, with client and endpoint in processes of their own. `npx ts-node bench/tenants.ts [seconds]`.
 * Exits with 1 when one of the others gets anything but 200, or a tenant gets more or less than its token bucket has.
 */
const size: BenchSize = { tenants: 10_000, over: 100, othersRate: 300, seconds: 62, leastSent: 0.95 };
/** Part of a run's seconds in which the servers and functions begin to run before it. */
const warmUp = 0.1;

async function main(seconds: number): Promise<void> {
  const problems = await measureTenants({ ...size, seconds }, (line) => console.log(line));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

/**
 * Runs the bench and prints what it measures.
 * @returns what went wrong, one sentence each
 */
export async function measureTenants(bench: BenchSize, say: (line: string) => void): Promise<string[]> {
  const children = new Children();
  try {
    const [graph, endpoint] = await Promise.all([
      children.ask<Graph>("plan", {}),
      children.ask<string>("endpoint", {}),
    ]);
    const start = { kind: "start", graph, tenants: bench.tenants, endpoint } satisfies PlatformRequest;
    const { target, lines } = await children.ask<Started>("platform", start);
    for (const line of lines) say(line);
    await children.ask("client", target);
    const others = othersArrivals(bench);
    await measured(children, othersArrivals({ ...bench, seconds: bench.seconds * warmUp }));
    const quiet = await measured(children, others);
    const loaded = await measured(children, inOrder([...others, ...overArrivals(bench)]));
    return report(bench, quiet, loaded, say);
  } finally {
    await children.end();
  }
}

type Measured = Outcomes & {
  /** Processor time of the process with the gateways meanwhile, in percent of a core. */
  readonly gatewayPercent: number;
};

function report(
  { tenants, over, othersRate, seconds, leastSent }: BenchSize,
  quiet: Measured,
  loaded: Measured,
  say: (line: string) => void,
): string[] {
  const isOver = ({ tenant }: Outcome) => tenant >= tenants - over;
  const alone = figuresOf(quiet.requests, seconds);
  const beside = figuresOf(
    loaded.requests.filter((each) => !isOver(each)),
    seconds,
  );
  const overRequests = loaded.requests.filter(isOver);
  const above = figuresOf(overRequests, seconds);
  const admitted = admittedOf(overRequests);
  say(
    `${tenants - over} within their tier, alone: ${lineOf(alone)}; gateways ${quiet.gatewayPercent.toFixed(0)} % of a core`,
  );
  say(
    `the same, beside ${over} over theirs: ${lineOf(beside)}; gateways ${loaded.gatewayPercent.toFixed(0)} % of a core`,
  );
  say(`these ${over}: ${lineOf(above)}`);
  say(
    `admitted ${admitted.admitted}, by the token bucket ${admitted.expected} (${admitted.percent.toFixed(2)} %), at most ${admitted.most} off for one tenant`,
  );
  say(`429: ${loaded.refusals.join(" ")}`);
  const plannedOver = over * times * tier.rate;
  return [
    ...othersProblems("alone", alone),
    ...othersProblems("beside others", beside),
    ...overProblems(above, admitted, loaded.refusals),
    ...loadProblems("alone", alone, othersRate, leastSent),
    ...loadProblems("beside others", beside, othersRate, leastSent),
    ...loadProblems("over their tier", above, plannedOver, leastSent),
  ];
}

function lineOf({ sent, rate, byStatus, p50, p99 }: Figures): string {
  const statuses = Object.entries(byStatus).map(([status, count]) => `${count} x ${status}`);
  return `${sent} sent, ${rate.toFixed(0)}/s, ${statuses.join(", ")}, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
}

/** Has the client send requests. */
async function measured(children: Children, arrivals: readonly Arrival[]): Promise<Measured> {
  const time = () => children.ask<number>("platform", { kind: "processor-time" } satisfies PlatformRequest);
  const [startedAt, before] = [performance.now(), await time()];
  const outcomes = await children.ask<Outcomes>("client", arrivals);
  return { ...outcomes, gatewayPercent: (100 * ((await time()) - before)) / (performance.now() - startedAt) };
}

/** The processes of the bench. They run a bundle, as `npm start` does: ts-node slows down every event of a process. */
class Children {
  /** One folder below the project's, where modules that look for its folders expect a bundle. */
  private readonly bundle = join(projectRoot, ".cache", `bench-tenants-${process.pid}.cjs`);
  private readonly children = new Map<Role, ChildProcess>();

  constructor() {
    buildSync({
      entryPoints: [join(__dirname, "tenants/roles.ts")],
      outfile: this.bundle,
      ...{ bundle: true, packages: "external", platform: "node", format: "cjs", target: "node20", logLevel: "error" },
    });
  }

  /** Starts the process of a role when there is none yet. @returns its answer to a message */
  ask<T>(role: Role, message: object): Promise<T> {
    const child = this.children.get(role) ?? fork(this.bundle, [role], { execArgv: [] });
    this.children.set(role, child);
    return new Promise((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`the process ${role} ended with exit code ${code}`));
      child.once("exit", ended);
      child.once("message", (answer) => {
        child.off("exit", ended);
        resolve(answer as T);
      });
      child.send(message);
    });
  }

  async end(): Promise<void> {
    const running = [...this.children.values()].filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    );
    const ended = running.map((child) => once(child, "exit"));
    for (const child of running) child.disconnect();
    await Promise.all(ended);
    rmSync(this.bundle, { force: true });
  }
}

if (require.main === module) void main(Number(process.argv[2] ?? size.seconds));
