import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Graph } from "../graph/model";
import type { Outcome, Outcomes } from "./tenants/client";
import { admittedOf, type Figures, figuresOf, loadProblems, othersProblems, overProblems } from "./tenants/judge";
import { startTenantPlatform } from "./tenants/platform";
import { type Arrival, type BenchSize, othersArrivals, overArrivals, tier, times } from "./tenants/settings";

/**
 * Whether tenants over their tier harm others. dev runs on this machine with a REST API and 10,000 tenants of 0.2 requests/s.
 * First all but 100 send within their tier, then the 100 send 50 times theirs beside them: real tokens, authorizer, usage
 * plans and servers, over loopback, with the client in a process of its own. `npx ts-node bench/tenants.ts [seconds]`.
 * Exits with 1 when one of the others gets anything but 200, or a tenant gets more or less than its token bucket has.
 */
const size: BenchSize = { tenants: 10_000, over: 100, othersRate: 300, seconds: 62, leastSent: 0.95 };
/** Part of a run's seconds in which the servers and functions begin to run before it. */
const warmUp = 0.1;

if (require.main === module) void main(Number(process.argv[2] ?? size.seconds));

async function main(seconds: number): Promise<void> {
  const problems = await measureTenants({ ...size, seconds }, (line) => console.log(line));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

/**
 * Runs the bench and prints what it measures.
 * @param graph  the plan of `planForTenants`. @default made in another process, as `npm start` does: Pulumi's SDK slows
 * down every promise of the process that loads it
 * @returns what went wrong, one sentence each
 */
export async function measureTenants(
  bench: BenchSize,
  say: (line: string) => void,
  graph: Promise<Graph> = answerOf(child("plan")),
): Promise<string[]> {
  const platform = await startTenantPlatform(await graph, bench.tenants, say);
  const client = child("client");
  try {
    client.send(platform.target);
    const others = othersArrivals(bench);
    await measured(client, othersArrivals({ ...bench, seconds: bench.seconds * warmUp }));
    const quiet = await measured(client, others);
    const loaded = await measured(
      client,
      [...others, ...overArrivals(bench)].sort((a, b) => a.at - b.at),
    );
    return report(bench, quiet, loaded, say);
  } finally {
    client.kill();
    await platform.stop();
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
async function measured(client: ChildProcess, arrivals: readonly Arrival[]): Promise<Measured> {
  const used = process.cpuUsage();
  const startedAt = performance.now();
  client.send(arrivals);
  const outcomes = await answerOf<Outcomes>(client);
  const { user, system } = process.cpuUsage(used);
  return { ...outcomes, gatewayPercent: (user + system) / 10 / (performance.now() - startedAt) };
}

function child(role: "plan" | "client"): ChildProcess {
  return fork(join(__dirname, "tenants", `${role}.ts`), { execArgv: ["-r", "ts-node/register/transpile-only"] });
}

function answerOf<T>(process: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    process.once("message", (message) => resolve(message as T));
    process.once("exit", (code) => reject(new Error(`a process of the bench ended with exit code ${code}`)));
  });
}
