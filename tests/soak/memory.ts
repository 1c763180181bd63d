import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import { Command, Folder } from "../helpers/command";
import { BareNode, kindOf, memoryOf } from "../helpers/memory";
import type { Soak } from "./run";

/** Most proportional memory in megabytes: of a server process beyond bare Node.js, and of the supervisor. */
const serverMegabytes = 16;
const supervisorMegabytes = 150;

const loadMilliseconds = 5_000;
const connections = 50;

/** Measures dev and prod when they are ready, after five seconds of load on a function and a server, and a minute later. */
export const memory: Soak = {
  name: "memory",
  what: "proportional memory of dev and prod: idle, after load, and a minute later",
  async run({ say }) {
    const problems: string[] = [];
    for (const stack of ["dev", "prod"]) problems.push(...(await measure(stack, say)));
    return problems;
  },
};

async function measure(stack: string, say: (line: string) => void): Promise<string[]> {
  const folder = new Folder();
  const command = new Command(folder, ["start", "--stack", stack, "--port", "0", "--state", folder.state]);
  const bare = new BareNode();
  try {
    const [, url] = await command.says(/^ready (\S+)/m, 60_000);
    await sleep(5_000);
    const idle = table(command, bare, `${stack}, idle`, say);
    const requests = await load(url!);
    table(command, bare, `${stack}, after ${requests} requests in ${loadMilliseconds / 1_000} s`, say);
    await sleep(60_000);
    return [...idle, ...table(command, bare, `${stack}, a minute later`, say)];
  } finally {
    bare.end();
    command.child.kill("SIGINT");
    await command.ended;
    folder.remove();
  }
}

/** A route of a function and one of a server. Both ask the store. */
const paths = ["/pet-store/pets/none", "/food-store/foods/none"];

/** Sends requests as fast as they are answered. Returns how many the services answered; throttled ones do not count. */
async function load(url: string): Promise<number> {
  const pool = new Pool(url, { connections });
  const until = Date.now() + loadMilliseconds;
  let count = 0;
  const client = async (path: string) => {
    while (Date.now() < until) {
      const answer = await pool.request({ path, method: "GET" });
      await answer.body.dump();
      if (answer.statusCode === 404) count++;
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, i) => client(paths[i % paths.length]!)));
  await pool.close();
  return count;
}

/** Prints a row for each kind of process. Returns what is over its limit. */
function table(command: Command, bare: BareNode, title: string, say: (line: string) => void): string[] {
  const base = bare.megabytes;
  const byKind = new Map<string, number[]>();
  for (const pid of command.processes()) {
    try {
      const kind = kindOf(pid);
      byKind.set(kind, [...(byKind.get(kind) ?? []), memoryOf(pid)]);
    } catch {
      // A process that has just ended, such as a container's health check.
    }
  }
  const total = [...byKind.values()].flat().reduce((sum, each) => sum + each, 0);
  say(`${title}: ${total.toFixed(0)} MB, bare Node.js ${base.toFixed(1)} MB`);
  const problems: string[] = [];
  for (const [kind, sizes] of [...byKind].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const most = Math.max(...sizes);
    const times = (most / base).toFixed(1);
    say(
      `  ${kind.padEnd(22)}${String(sizes.length).padStart(3)} x at most ${most.toFixed(1).padStart(5)} MB, ${times} x bare`,
    );
    if (kind === "server.cjs" && most - base > serverMegabytes)
      problems.push(`${title}: a server takes ${most.toFixed(1)} MB`);
    if (kind === "platform.cjs" && most > supervisorMegabytes)
      problems.push(`${title}: the supervisor takes ${most.toFixed(1)} MB`);
  }
  return problems;
}
