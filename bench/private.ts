import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { Pool } from "undici";
import { catalog } from "../apps/catalog";
import { createCalls } from "../apps/kit/calls/client";
import { roleSigner } from "../apps/kit/calls/signing";
import { planStack } from "../graph/plan";
import type { PlatformAccess } from "../local/access";
import { signIn } from "../local/cognito/sign-in";
import type { LocalCompute } from "../local/local-compute";
import { startPlatform } from "../local/platform";
import { changedValues } from "../tests/helpers/configuration";

/**
 * What a call through the private API adds to the same request straight to a server: signature, verification, the policies of
 * caller, API, domain and endpoint, and one more hop. Both in one run on loopback, one after the other in turn, from the
 * client that services have; the platform is in a process of its own. `npx ts-node -T bench/private.ts [calls]`. Exits with 1
 * when the median adds more than the limit where the API reaches servers through its VPC link.
 */
const limitMilliseconds = 3;
const region = "eu-west-1";
const food = { id: "f-1", name: "Apple", category: "fruit", weightGrams: 180, price: { amount: 120 }, currency: "EUR" };

/** Where a platform is reached, and the keys of the role that calls. */
interface Started {
  readonly privateUrl: string;
  readonly serverUrl: string;
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken: string };
}

/** Parts of a platform that only a bench asks. */
interface Inside {
  readonly access: PlatformAccess;
  readonly workloads: LocalCompute;
}

/** Medians of both ways, in milliseconds. */
export interface Medians {
  readonly direct: number;
  readonly through: number;
}

/** Returns what is wrong with a result; undefined when nothing is. */
export function problemOf({ direct, through }: Medians, limit = limitMilliseconds): string | undefined {
  const added = through - direct;
  if (added <= limit) return undefined;
  return `a call through the private API must add at most ${limit} ms at the median, got ${added.toFixed(2)} ms; run it on a machine that does nothing else, or profile local/apigateway/rest`;
}

async function main(calls: number): Promise<void> {
  for (const [pattern, way] of [
    ["ec2", "its VPC link"],
    ["ecs", "the forwarder"],
  ] as const) {
    const medians = await measure(pattern, calls);
    const { direct, through } = medians;
    const added = (through - direct).toFixed(2);
    console.log(
      `${pattern}, by ${way}: direct ${direct.toFixed(2)} ms, through the private API ${through.toFixed(2)} ms: ${added} ms more, median of ${calls}`,
    );
    const problem = pattern === "ec2" ? problemOf(medians) : undefined;
    if (problem === undefined) continue;
    console.error(problem);
    process.exitCode = 1;
  }
}

/** Runs a platform with food-store under a pattern, and calls it both ways. */
export async function measure(pattern: string, calls: number): Promise<Medians> {
  const child = fork(__filename, [pattern], { execArgv: ["-r", "ts-node/register/transpile-only"] });
  try {
    return await measured(await startedOf(child), calls);
  } finally {
    if (child.connected) {
      child.send("stop");
      await once(child, "exit");
    }
  }
}

async function startedOf(child: ChildProcess): Promise<Started> {
  const [message] = await Promise.race([once(child, "message"), once(child, "exit").then(() => [undefined])]);
  if (message === undefined) throw new Error("the platform did not start; see its output above");
  return message as Started;
}

async function measured({ privateUrl, serverUrl, keys }: Started, calls: number): Promise<Medians> {
  process.env["AWS_ACCESS_KEY_ID"] = keys.accessKeyId;
  process.env["AWS_SECRET_ACCESS_KEY"] = keys.secretAccessKey;
  process.env["AWS_SESSION_TOKEN"] = keys.sessionToken;
  const { "food-store": callee } = createCalls({
    declared: { "food-store": ["get-food"] },
    callees: { "food-store": catalog["food-store"] },
    baseUrl: privateUrl,
    sign: roleSigner(region),
  });
  const pool = new Pool(serverUrl, { connections: 1 });
  const ways = {
    direct: async () => {
      const { statusCode, body } = await pool.request({ path: `/food-store/foods/${food.id}`, method: "GET" });
      const answer = (await body.json()) as { id: string };
      if (statusCode !== 200 || answer.id !== food.id) throw new Error(`the server answered ${statusCode}`);
    },
    through: async () => {
      const answer = await callee["get-food"]({ params: { id: food.id } });
      if (answer?.id !== food.id) throw new Error("the private API answered no food");
    },
  };
  const times = { direct: [] as number[], through: [] as number[] };
  // The first tenth warms up both ways.
  for (let call = -calls / 10; call < calls; call += 1) {
    for (const way of ["direct", "through"] as const) {
      const startedAt = performance.now();
      await ways[way]();
      if (call >= 0) times[way].push(performance.now() - startedAt);
    }
  }
  await pool.close();
  return { direct: median(times.direct), through: median(times.through) };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

async function runPlatform(pattern: string): Promise<void> {
  const throttle = { rate: 10_000, burst: 5_000 };
  const config = changedValues("dev", ({ services }) => {
    services["food-store"].pattern = pattern;
    services["food-store"].routes = { "get-food": { throttle } };
  });
  const stateDir = mkdtempSync(join(tmpdir(), "bench-private-"));
  const graph = await planStack("dev", { config });
  const platform = await startPlatform({ graph, stateDir, log: () => {} });
  const { accessToken } = await signIn({ issuerUrl: platform.endpoints.issuer, user: "ada", groups: "all" });
  const headers = { authorization: `Bearer ${accessToken}`, "content-type": "application/json" };
  const { id, ...body } = food;
  const url = `${platform.endpoints.global}/food-store/foods/${id}`;
  const stored = await fetch(url, { method: "PUT", headers, body: JSON.stringify(body) });
  if (!stored.ok) throw new Error(`the food was not stored: ${await stored.text()}`);
  const { access, workloads } = platform as unknown as Inside;
  const caller = access.inStore.roles.find(({ name }) => /price-calculator-role/.test(name))!;
  const integration = graph.resources.find(({ name }) => name.endsWith("http-food-store-integration"))!;
  const choice = workloads.pickServer(integration.outputs["integrationUri"], "food-store");
  if (choice.kind !== "server") throw new Error(`food-store has no server: ${choice.kind}`);
  choice.requestEnded();
  process.once("message", () => {
    void platform.stop().then(() => {
      rmSync(stateDir, { recursive: true, force: true });
      process.exit();
    });
  });
  process.send!({
    privateUrl: platform.endpoints.regions[region]!.private!,
    serverUrl: choice.origin,
    keys: access.sessions.open(caller.arn),
  } satisfies Started);
}

if (process.send && process.argv[2] !== undefined && require.main === module) void runPlatform(process.argv[2]);
else if (require.main === module) void main(Number(process.argv[2] ?? 4_000));
