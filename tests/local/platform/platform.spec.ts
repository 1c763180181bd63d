import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Graph } from "../../../graph/model";
import { type RunningPlatform, startPlatform } from "../../../local/platform";
import { standIn } from "../helpers/artifact";
import { addApi, addEcs, addFunction, addNames, addTable, plan } from "../helpers/program";
import { alive, until } from "../helpers/wait";

const artifact = standIn();
const stateDir = mkdtempSync(join(tmpdir(), "state-"));
const file = join(stateDir, "endpoints.json");
after(() => {
  artifact.remove();
  rmSync(stateDir, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

function get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, { agent: false, headers }, async (response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode!, type: response.headers["content-type"] ?? "", text });
    })
      .once("error", reject)
      .end();
  });
}

async function twoRegions(container: object = {}): Promise<Graph> {
  const index = await plan(
    artifact.folder,
    (region) => {
      const primary = region.name === "eu-west-1";
      if (primary) addTable(region);
      const server = addEcs(region, container).arn;
      const invoke = addFunction(region).invokeArn;
      const api = addApi(region, { a: { server }, b: { invoke } });
      addNames(region, api.id, primary ? "PRIMARY" : "SECONDARY");
    },
    ["eu-west-1", "eu-central-1"],
  );
  return index.graph;
}

describe("platform", function () {
  this.timeout(60_000);
  let graph: Graph;
  let platform: RunningPlatform;
  const progress: string[] = [];
  const logs: string[] = [];

  const options = () => ({
    graph,
    stateDir,
    timeScale: 100,
    log: (source: string, line: string) => logs.push(`${source}: ${line}`),
    onProgress: (part: string) => progress.push(part),
  });

  before(async () => {
    graph = await twoRegions();
    // Left by a platform that was killed.
    writeFileSync(file, JSON.stringify({ console: "http://127.0.0.1:9" }));
    platform = await startPlatform(options());
  });

  after(() => platform.stop());

  const pids = () => platform.state().workloads.flatMap(({ servers }) => servers.map(({ pid }) => pid!));

  it("is ready when every planned server of every region is; functions start with their first event", () => {
    const { workloads } = platform.state();
    assert.deepEqual(
      workloads.map(({ region, pattern, servers }) => [
        region,
        pattern,
        servers.map(({ zone, health }) => `${zone} ${health}`).sort(),
      ]),
      ["eu-central-1", "eu-west-1"].flatMap((region) => [
        [region, "ecs", [`${region}a healthy`, `${region}a healthy`, `${region}b healthy`]],
        [region, "lambda", []],
      ]),
    );
    assert.deepEqual([...new Set(progress)], ["store", "servers", "issuer", "gateways", "ready"]);
  });

  it("writes where everything is, over what a killed platform left", () => {
    const endpoints = JSON.parse(readFileSync(file, "utf8"));
    assert.deepEqual(endpoints, platform.endpoints);
    assert.deepEqual(Object.keys(endpoints), [
      "console",
      "global",
      "regions",
      "services",
      "issuer",
      "issuers",
      "mailbox",
      "dynamodb",
      "replicationSeconds",
      "queues",
      "aws",
      "web",
    ]);
    assert.deepEqual(Object.keys(endpoints.regions), ["eu-central-1", "eu-west-1"]);
    assert.deepEqual(readdirSync(stateDir), ["control-token", "endpoints.json"]);
    const urls = [
      endpoints.global,
      endpoints.dynamodb,
      endpoints.aws,
      ...Object.values<any>(endpoints.regions).map(({ http }) => http),
    ];
    assert.ok(urls.every((url) => /^http:\/\/127\.0\.0\.1:\d+$/.test(url)));
  });

  it("answers through servers and functions, globally and per region", async () => {
    const { global, regions } = platform.endpoints;
    for (const url of [global, ...Object.values(regions).map(({ http }) => http)]) {
      for (const path of ["/a/things", "/b/things"]) {
        const { status, text } = await get(url + path);
        assert.equal(status, 200, text);
        assert.ok(pids().includes(JSON.parse(text).pid));
      }
    }
    assert.equal((await get(`${global}/c/things`)).status, 404);
  });

  it("shows the console in a browser, and its state as JSON", async () => {
    const html = await get(`${platform.endpoints.console}/`, { accept: "text/html,*/*" });
    assert.match(html.type, /^text\/html/);
    // A function's process may begin or end between the two.
    await until("the same", async () => {
      const json = JSON.parse((await get(`${platform.endpoints.console}/_platform/state`)).text);
      return isDeepStrictEqual(json, JSON.parse(JSON.stringify(platform.state())));
    });
    assert.equal((await get(`${platform.endpoints.global}/`)).status, 404);
  });

  it("refuses a second platform from the same folder, or on the same port", async () => {
    const second = async (change: object) => (await startPlatform({ ...options(), ...change })).stop();
    await assert.rejects(second({}), (error: Error) => {
      assert.equal(
        error.message,
        `a platform already runs from ${stateDir} at ${platform.endpoints.console}; stop it first, or choose another folder with --state`,
      );
      return true;
    });
    const port = Number(new URL(platform.endpoints.console).port);
    const elsewhere = mkdtempSync(join(tmpdir(), "state-"));
    await assert.rejects(second({ stateDir: elsewhere, port }), {
      message: `port ${port} is in use; stop what uses it, or choose another`,
    });
    rmSync(elsewhere, { recursive: true });
    assert.equal((await get(`${platform.endpoints.global}/a/x`)).status, 200);
  });

  it("leads to the other region when a service of the first is lost, and back", async function () {
    this.timeout(130_000);
    const region = () => platform.state().global.region;
    assert.equal(region(), "eu-west-1");
    // New tasks replace those that hang, all at once as 200 % allow, so they have to hang too.
    const stopped = new Set<number>();
    const lose = setInterval(() => {
      const state = platform.state().workloads.filter((each) => each.region === "eu-west-1" && each.pattern === "ecs");
      for (const { pid } of state.flatMap((each) => each.servers)) {
        if (pid === undefined || stopped.has(pid)) continue;
        stopped.add(pid);
        process.kill(pid, "SIGSTOP");
      }
    }, 5);
    await until("failed over", () => region() === "eu-central-1", 60_000).finally(() => clearInterval(lose));
    const { text } = await get(`${platform.endpoints.global}/a/things`);
    const central = platform.state().workloads.filter((each) => each.region === "eu-central-1");
    assert.ok(central.some((each) => each.servers.some(({ pid }) => pid === JSON.parse(text).pid)));
    for (const pid of stopped) if (alive(pid)) process.kill(pid, "SIGCONT");
    await until("failed back", () => region() === "eu-west-1", 60_000);
  });

  it("stops within 3 s, leaves nothing, and may be told twice", async () => {
    const before = pids();
    const started = Date.now();
    await Promise.all([platform.stop(), platform.stop()]);
    assert.ok(Date.now() - started < 3_000);
    assert.deepEqual(before.filter(alive), []);
    assert.equal(existsSync(file), false);
    await assert.rejects(get(`${platform.endpoints.global}/a/x`), { code: "ECONNREFUSED" });
    for (const url of [platform.endpoints.dynamodb, platform.endpoints.issuer]) {
      await assert.rejects(get(url), { code: "ECONNREFUSED" });
    }
  });

  it("leaves nothing when a server does not start, and says which", async () => {
    const environment = [{ name: "CRASH", value: "1" }];
    const broken = await twoRegions({ environment });
    await assert.rejects(
      startPlatform({ ...options(), graph: broken }),
      /^UserError: thing eu-(west|central)-1[ab]: ended with code 1 \(Error: no table today\) before it listened; fix what its log says\n {2}thing eu-.* \| .*/,
    );
    assert.deepEqual(readdirSync(stateDir), []);
  });

  it("takes endpoints.json of another program at the same address for stale", async () => {
    const other = createServer((_, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    writeFileSync(file, JSON.stringify({ console: `http://127.0.0.1:${(other.address() as AddressInfo).port}` }));
    const broken = await twoRegions({ environment: [{ name: "CRASH", value: "1" }] });
    await assert.rejects(startPlatform({ ...options(), graph: broken }), /no table today/);
    assert.equal(existsSync(file), false);
    other.close();
  });
});
