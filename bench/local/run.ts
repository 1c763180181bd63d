import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { UserError } from "../../graph/user-error";
import { closedLoop, fixedRate } from "./load";
import { miniStackProxy, serverlessOffline } from "./peers";
import { useOf } from "./processes";
import { type Closed, type Fixed, median, problemsOf, table } from "./report";
import { body } from "./systems/answer.cjs";
import { type System, startSystem } from "./systems/system";

/**
 * Compares what answers requests on this machine, in one run: a raw proxy of undici, the local gateway as a proxy with JWT
 * authorizer and access log, the same with a function, and other people's emulators with the same function or upstream. Each
 * round measures every system once, so that a slow moment of the machine is not one system's. Exits with 1 where the gateway
 * is slower than it has to be. `npm run bench:local [seconds] [rounds]`
 */
const path = "/service-30/items/42";

async function main(seconds: number, rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const systems: System[] = [];
  const add = async (system: Promise<System>, changes: Partial<System> = {}) => {
    systems.push({ ...(await system), ...changes });
    return systems.at(-1)!;
  };
  try {
    const upstream = await startSystem("upstream", "upstream.ts");
    try {
      const [proxyLog, functionLog] = ["proxy.log", "function.log"].map((file) => join(folder, file));
      const proxy = await add(
        startSystem("gateway, proxy, JWT and log", "gateway.ts", ["proxy", upstream.url, proxyLog!]),
      );
      // It passes the same requests on, tokens included.
      const tokens = proxy.tokens!;
      const raw = await add(startSystem("raw undici proxy", "raw-proxy.ts", [upstream.url]), { tokens });
      await add(startSystem("gateway, function, JWT and log", "gateway.ts", ["lambda", upstream.url, functionLog!]));
      for (const inProcess of [false, true]) await add(serverlessOffline(inProcess));
      await add(miniStackProxy(upstream.url));
      for (const system of systems) await checkAnswer(system);
      const closed = await compareClosed(systems, { seconds, rounds, folder });
      const rate = Math.min(...[raw, proxy].map(({ name }) => median(closed, name, "perSecond"))) / 2;
      const fixed = await compareFixed([raw, proxy], { seconds, rounds, folder }, rate);
      console.log(`${cpus().length} cores, Node.js ${process.version}, ${rounds} rounds of ${seconds} s`);
      console.log(table(closed, fixed, rate));
      const problems = problemsOf(closed, fixed);
      for (const problem of problems) console.log(problem);
      if (problems.length > 0) process.exitCode = 1;
    } finally {
      await upstream.stop();
    }
  } finally {
    await Promise.all(systems.map((system) => system.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whoever answers something else is not compared. */
async function checkAnswer({ name, url, host, tokens }: System): Promise<void> {
  const headers = { ...(host && { host }), ...(tokens && { authorization: `Bearer ${tokens[0]}` }) };
  const answer = await request(`${url}${path}`, { headers });
  assert.equal(answer.statusCode, 200, name);
  assert.equal(await answer.body.text(), body, name);
  if (name.startsWith("gateway")) {
    const without = await request(`${url}${path}`);
    await without.body.dump();
    assert.equal(without.statusCode, 401, name);
  }
}

interface Rounds {
  readonly seconds: number;
  readonly rounds: number;
  readonly folder: string;
}

async function compareClosed(systems: readonly System[], { seconds, rounds, folder }: Rounds): Promise<Closed[]> {
  const results: Closed[] = [];
  const load = (system: System, length: number) =>
    closedLoop({ ...system, url: `${system.url}${path}`, seconds: length, folder });
  for (const system of systems) await load(system, 2);
  for (let round = 1; round <= rounds; round++) {
    for (const system of systems) {
      const before = useOf(system.pid);
      const result = await load(system, seconds);
      const after = useOf(system.pid);
      const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
      const cpuMicroseconds = (1e6 * cpuSeconds) / (result.perSecond * seconds);
      results.push({ system: system.name, ...result, cpuMicroseconds, megabytes: after.megabytes });
    }
    console.log(`round ${round} of ${rounds}`);
  }
  return results;
}

async function compareFixed(systems: readonly System[], rounds: Rounds, rate: number): Promise<Fixed[]> {
  const results: Fixed[] = [];
  for (let round = 1; round <= rounds.rounds; round++) {
    for (const system of systems) {
      const { seconds, folder } = rounds;
      const result = await fixedRate({ ...system, url: `${system.url}${path}`, seconds, folder }, rate);
      results.push({ system: system.name, ...result });
    }
  }
  return results;
}

const [seconds = "10", rounds = "5"] = process.argv.slice(2);
main(Number(seconds), Number(rounds)).catch((error: unknown) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
});
