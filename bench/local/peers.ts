import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { projectRoot } from "../../graph/project-root";
import type { System } from "./systems/system";

/** Exact versions of what the platform is compared with; they are installed into .cache, once. */
const serverless = { serverless: "3.40.0", "serverless-offline": "13.9.0" };
const miniStack = "ministack==1.5.33";
const readyMilliseconds = 60_000;
const answerFile = join(__dirname, "systems/answer.cjs");

/** serverless-offline with the same handler, in worker threads as it does by itself, or in its own process. */
export async function serverlessOffline(inProcess: boolean): Promise<System> {
  const name = `serverless-offline 13, ${inProcess ? "in process" : "worker threads"}`;
  const folder = installed("serverless-offline", Object.entries(serverless).join(), (into) => {
    writeFileSync(join(into, "package.json"), JSON.stringify({ private: true, dependencies: serverless }));
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: into, stdio: "pipe" });
  });
  copyFileSync(answerFile, join(folder, "answer.cjs"));
  writeFileSync(
    join(folder, "serverless.yml"),
    `service: bench
provider: { name: aws, runtime: nodejs20.x, region: eu-west-1 }
plugins: [serverless-offline]
custom: { serverless-offline: { useInProcess: ${inProcess}, noPrependStageInUrl: true } }
functions:
  item: { handler: answer.handler, events: [{ httpApi: "GET /service-30/items/{id}" }] }
`,
  );
  const ports = await freePorts(3);
  const [httpPort, lambdaPort, websocketPort] = ports.map(String);
  const options = ["--httpPort", httpPort!, "--lambdaPort", lambdaPort!, "--websocketPort", websocketPort!];
  const args = [join(folder, "node_modules/serverless/bin/serverless.js"), "offline", "start", ...options];
  const env = { ...process.env, SLS_TELEMETRY_DISABLED: "1", SLS_NOTIFICATIONS_MODE: "off" };
  return started(name, process.execPath, args, { cwd: folder, env, url: `http://127.0.0.1:${httpPort}` });
}

/** MiniStack's API Gateway: an HTTP API that passes requests on to the upstream. */
export async function miniStackProxy(upstream: string): Promise<System> {
  const folder = installed("ministack", miniStack, (into) => {
    execFileSync("python3", ["-m", "venv", into], { stdio: "pipe" });
    execFileSync(join(into, "bin/pip"), ["install", "--quiet", miniStack], { stdio: "pipe" });
  });
  const [port] = await freePorts(1);
  const endpoint = `http://127.0.0.1:${port}`;
  const env = { ...process.env, GATEWAY_PORT: String(port), BIND_HOST: "127.0.0.1" };
  const system = await started("MiniStack, HTTP_PROXY", join(folder, "bin/ministack"), [], {
    ...{ cwd: folder, env, url: endpoint, path: "/_ministack/health" },
  });
  try {
    const api = await ask(endpoint, "/v2/apis", { name: "bench", protocolType: "HTTP" });
    const integration = await ask(endpoint, `/v2/apis/${api.apiId}/integrations`, {
      ...{ integrationType: "HTTP_PROXY", integrationMethod: "GET", payloadFormatVersion: "1.0" },
      integrationUri: `${upstream}/service-30/items/{id}`,
    });
    await ask(endpoint, `/v2/apis/${api.apiId}/routes`, {
      ...{ routeKey: "GET /service-30/items/{id}", target: `integrations/${integration.integrationId}` },
    });
    await ask(endpoint, `/v2/apis/${api.apiId}/stages`, { stageName: "$default", autoDeploy: true });
    return { ...system, host: `${api.apiId}.execute-api.localhost:${port}` };
  } catch (error) {
    await system.stop();
    throw error;
  }
}

async function ask(endpoint: string, path: string, body: unknown): Promise<any> {
  const answer = await request(`${endpoint}${path}`, {
    ...{ method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } },
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.statusCode} ${text}`);
  return JSON.parse(text);
}

/** Returns the folder that has a peer of a version, which is made whole or not at all. */
function installed(name: string, version: string, make: (into: string) => void): string {
  const folder = join(
    projectRoot,
    ".cache",
    `bench-${name}-${createHash("sha256").update(version).digest("hex").slice(0, 8)}`,
  );
  const done = join(folder, "installed");
  if (existsSync(done)) return folder;
  console.log(`installing ${version} into .cache, once`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  make(folder);
  writeFileSync(done, "");
  return folder;
}

async function started(
  name: string,
  command: string,
  args: readonly string[],
  { cwd, env, url, path = "/service-30/items/42" }: { cwd: string; env: NodeJS.ProcessEnv; url: string; path?: string },
): Promise<System> {
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-2_000);
    });
  }
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    process.kill(-child.pid!, "SIGKILL");
    await ended;
  };
  for (const deadline = Date.now() + readyMilliseconds; ; await sleep(100)) {
    const answer = await request(`${url}${path}`).catch(() => undefined);
    await answer?.body.dump();
    if (answer?.statusCode === 200) return { name, url, pid: child.pid!, stop };
    if (Date.now() < deadline && child.exitCode === null) continue;
    await stop();
    throw new Error(`${name} did not answer in ${readyMilliseconds / 1_000} s: ${said}`);
  }
}

/** Ports that were free a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(servers.map((each) => new Promise<void>((resolve) => each.listen(0, "127.0.0.1", resolve))));
  const ports = servers.map((each) => (each.address() as AddressInfo).port);
  await Promise.all(servers.map((each) => new Promise((resolve) => each.close(resolve))));
  return ports;
}
