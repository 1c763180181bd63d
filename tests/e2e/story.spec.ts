import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { request } from "undici";
import { catalog } from "../../apps/catalog";
import { localTarget } from "../../cli/verify/local";
import { lineOf } from "../../verify/report";
import { verify } from "../../verify/run";
import { BareNode, memoryOf } from "../helpers/memory";
import { alive } from "../local/helpers/wait";
import { unmet } from "../verify/helpers/environment";

const root = join(__dirname, "../..");
const command = join(root, "cli/platform.cjs");

const shipment = { path: "/shipping/shipments/s-1", body: catalog.shipping.definitions["put-shipment"].sample! };

describe("the platform of dev, started as the README says", function () {
  this.timeout(60_000);
  let state: string;
  let platform: ChildProcess;
  let output = "";
  let url: string;
  let readyAfter: number;

  before(async () => {
    state = mkdtempSync(join(tmpdir(), "platform-"));
    const startedAt = Date.now();
    platform = spawn(process.execPath, [command, "start", "--port", "0", "--state", state], { cwd: root });
    platform.stdout!.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    platform.stderr!.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    await until(() => /^ready /m.test(output) || platform.exitCode !== null);
    readyAfter = Date.now() - startedAt;
    url = /^ready (\S+)$/m.exec(output)?.[1] ?? assert.fail(output);
  });

  after(async () => {
    if (platform.exitCode === null) platform.kill("SIGKILL");
    rmSync(state, { recursive: true, force: true });
  });

  async function call(method: "GET" | "PUT", path: string, token?: string, body?: unknown) {
    const answer = await request(`${url}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    // The balancer's own pages are HTML.
    const json: any = String(answer.headers["content-type"]).includes("json") ? JSON.parse(text) : undefined;
    return { status: answer.statusCode, headers: answer.headers, json };
  }

  async function token(...more: string[]): Promise<string> {
    const args = [command, "token", "--state", state, "--user", "ada", ...more];
    return (await promisify(execFile)(process.execPath, args, { cwd: root })).stdout.trim();
  }

  it("says where everything is, and is ready soon", () => {
    const endpoints = JSON.parse(readFileSync(join(state, "endpoints.json"), "utf8"));
    assert.equal(endpoints.console, url);
    for (const each of [endpoints.global, endpoints.issuer, endpoints.dynamodb, endpoints.regions["eu-west-1"].http]) {
      assert.match(each, /^http:\/\/127\.0\.0\.1:\d+$/);
    }
    // 5 s is the promise on an idle machine; the suite shares its cores.
    assert.ok(readyAfter < 15_000, `${readyAfter} ms`);
  });

  it("does what the story says, as `npm run verify` asks for it", async () => {
    const report = await verify({ target: await localTarget(url) });
    assert.deepEqual(unmet(report).map(lineOf), []);
    assert.ok(report.results.length > 60, `${report.results.length} checks`);
  });

  it("takes an item with a token of the command line", async () => {
    const stored = await call(
      "PUT",
      shipment.path,
      await token("--group", "editors", "--scope", "shipping/write"),
      shipment.body,
    );
    assert.deepEqual([stored.status, stored.json], [200, { id: "s-1", ...shipment.body }]);
    const read = await call("GET", shipment.path);
    assert.deepEqual([read.status, read.json], [200, stored.json]);
  });

  it("carries the gateway's request id into the service's log", async () => {
    const answer = await call("GET", shipment.path);
    const id = String(answer.headers["apigw-requestid"]);
    await until(() => readFileSync(join(state, "platform.log"), "utf8").split(id).length > 2);
  });

  it("has the trace of a request, from the gateway to the store", async () => {
    const answer = await call("GET", shipment.path);
    const id = encodeURIComponent(String(answer.headers["apigw-requestid"]));
    let spans: { kind: string; depth: number; failed: boolean; details: Record<string, unknown> }[] = [];
    // What the service logs comes by another way than its answer.
    await until(async () => {
      spans = (await call("GET", `/_platform/trace?id=${id}`)).json?.spans ?? [];
      return spans.length >= 4;
    });
    assert.deepEqual(
      spans.map(({ kind, depth, failed }) => [kind, depth, failed]),
      [
        ["gateway", 0, false],
        ["integration", 1, false],
        ["service", 2, false],
        ["call", 3, false],
      ],
    );
    assert.equal(spans[3]!.details["db.system.name"], "aws.dynamodb");
  });

  it("replaces a server that is killed, and has lost no item", async () => {
    const servers = async () =>
      ((await call("GET", "/_platform/state")).json.workloads as any[]).flatMap((each) => each.servers ?? []);
    const { path } = shipment;
    const before = (await call("GET", path)).json;
    const known = (await servers()).map((each) => each.pid).filter(Boolean);
    assert.ok(known.length >= 6, JSON.stringify(await servers()));
    for (const pid of known) process.kill(pid, "SIGKILL");
    // One server answers while another is not back yet, so the next answer may be 503 again.
    const answers: Awaited<ReturnType<typeof call>>[] = [];
    await until(async () => {
      answers.push(await call("GET", path));
      return answers.at(-1)!.status === 200;
    }, 15_000);
    assert.deepEqual(answers.at(-1)!.json, before);
  });

  it("takes little memory: 16 MB more than bare Node.js for a server, 150 MB for the supervisor", async () => {
    const bare = new BareNode();
    const { stdout } = await promisify(execFile)("ps", ["-o", "pid=,args=", "--ppid", String(platform.pid)]);
    const servers = stdout.split("\n").filter((line) => line.includes("server.cjs"));
    assert.ok(servers.length >= 6, stdout);
    // A server that has just started gives memory of its start back within seconds.
    let sizes: number[] = [];
    const small = async () => {
      sizes = servers.map((line) => memoryOf(Number.parseInt(line, 10)) - bare.megabytes);
      return Math.max(...sizes) <= 16;
    };
    await until(small, 15_000).catch(() => assert.fail(`megabytes beyond bare Node.js: ${sizes.join(" ")}`));
    bare.end();
    assert.ok(memoryOf(platform.pid!) <= 150, String(memoryOf(platform.pid!)));
  });

  it("ends at a signal, with every process and file it made", async () => {
    const { stdout } = await promisify(execFile)("ps", ["-o", "pid=,args=", "--ppid", String(platform.pid)]);
    const children = stdout.trim().split("\n");
    assert.ok(children.length > 6, stdout);
    platform.kill("SIGINT");
    const [code] = await once(platform, "exit");
    assert.equal(code, 130, output);
    assert.equal(existsSync(join(state, "endpoints.json")), false);
    for (const child of children) await until(() => !alive(Number.parseInt(child, 10)), 2_000);
  });
});

async function until(met: () => boolean | Promise<boolean>, milliseconds = 30_000): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!(await met())) {
    if (Date.now() > deadline) assert.fail(`not met within ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
