import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, request as rawRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { ControlPlanes } from "../../../local/control-planes";
import { tokenHeader } from "../../../local/drills/control-api";
import { readControlToken } from "../../../local/drills/control-token";
import { Drills } from "../../../local/drills/drills";
import { Faults } from "../../../local/faults/faults";
import { until } from "../helpers/wait";

const [west, central] = ["eu-west-1", "eu-central-1"] as const;
const stat = (pid: number) => readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "")[0];

describe("the control API of a platform", () => {
  const folder = mkdtempSync(join(tmpdir(), "control-"));
  const planes = new ControlPlanes();
  const children: ChildProcess[] = [];
  const graph = { project: "platform", stack: "dev", resources: [], outputs: {} };
  let isolated: readonly string[] = [];
  let failing: Record<string, string | undefined> = {};
  let shifted: readonly string[] = [];
  let drills: Drills;
  let server: Server;
  let url: string;

  before(async () => {
    for (let i = 0; i < 3; i++) children.push(spawn("sleep", ["60"]));
    const server1 = (zone: string, i: number) => ({ zone, pid: children[i]!.pid!, health: "healthy" });
    const workloads = [
      { service: "alone", region: west, servers: [server1(`${west}a`, 0)] },
      { service: "pair", region: west, servers: [server1(`${west}a`, 1), server1(`${west}b`, 2)] },
      { service: "pair", region: central, servers: [{ zone: `${central}a`, health: "initial" }] },
      { service: `${west}-forwarder`, region: west, servers: [] },
    ];
    const platform = {
      state: () => ({ workloads, global: { region: west } }),
      isolateTables: async (regions: readonly string[]) => {
        isolated = regions;
      },
      failStore: async (region: string, how: string | undefined) => {
        failing = { ...failing, [region]: how };
      },
      shiftZone: (zone: string, on: boolean) => {
        shifted = on ? [...shifted, zone] : shifted.filter((each) => each !== zone);
      },
      release: async (service: string) => (service === "pair" ? 3 : 0),
    };
    drills = new Drills(platform, () => {}, { graph, faults: Faults.within(planes) });
    await drills.open(folder);
    server = createServer((req, res) => {
      if (!drills.handle(req, res)) res.writeHead(404).end("{}");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => drills.board.endAll());
  after(async () => {
    await drills.stop();
    await new Promise((resolve) => server.close(resolve));
    for (const child of children) child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const own = { [tokenHeader]: drills.token, ...headers };
    const text = body === undefined ? null : JSON.stringify(body);
    const answer = await request(`${url}/_platform/${path}`, { method: method as "GET", headers: own, body: text });
    return { status: answer.statusCode, json: (await answer.body.json()) as any };
  }
  const begin = (body: unknown) => ask("POST", "faults", body);

  it("says without a token what can fail, how, and where", async () => {
    const { status, json } = await ask("GET", "faults", undefined, { [tokenHeader]: "" });
    assert.equal(status, 200);
    assert.deepEqual(json.kinds.zone, ["silence", "kill", "hang", "shift"]);
    assert.deepEqual(json.places, {
      services: ["alone", "pair"],
      zones: [`${central}a`, `${west}a`, `${west}b`],
      regions: [central, west],
    });
    assert.deepEqual(json.faults, []);
  });

  it("has its token in a file that only its user reads, and which ends with it", async () => {
    assert.equal(readControlToken(folder), drills.token);
    assert.equal(statSync(join(folder, "control-token")).mode & 0o777, 0o600);
    const state = mkdtempSync(join(tmpdir(), "control-"));
    const other = new Drills({} as any, () => {}, { graph, faults: Faults.within(planes) });
    await other.open(state);
    await other.stop();
    assert.throws(() => readControlToken(state), {
      name: "UserError",
      message: /^the token of the platform cannot be/,
    });
    rmSync(state, { recursive: true });
  });

  it("changes nothing without the token, for a page of another origin, or by another name", async () => {
    const refused: Record<string, string>[] = [
      { [tokenHeader]: "" },
      { [tokenHeader]: drills.token.slice(1) },
      { origin: "http://localhost:5173" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ];
    for (const headers of refused) {
      assert.equal((await ask("POST", "faults", { kind: "zone" }, headers)).status, 403, JSON.stringify(headers));
      assert.equal((await ask("DELETE", "faults", undefined, headers)).status, 403);
      assert.equal((await ask("POST", "drills", { title: "a" }, headers)).status, 403);
    }
    const status = await new Promise((resolve) => {
      const headers = { host: "api.example.com", [tokenHeader]: drills.token };
      rawRequest(`${url}/_platform/faults`, { method: "POST", headers }, (res) => {
        res.resume();
        resolve(res.statusCode);
      }).end("{}");
    });
    assert.equal(status, 403);
    assert.deepEqual([drills.board.list, drills.marks.list], [[], []]);
  });

  it("acts for the console's own page", async () => {
    const headers = { origin: url, "sec-fetch-site": "same-origin" };
    assert.equal((await ask("POST", "faults", { kind: "zone" }, headers)).status, 201);
  });

  it("has a zone be silent: its processes stand still, nothing starts in it, and both end", async () => {
    const { status, json } = await begin({ kind: "zone", zone: `${west}a` });
    assert.equal(status, 201);
    assert.match(json.begunAt, /^\d{4}-.*Z$/);
    assert.deepEqual([json.kind, json.how, json.zone, json.endedAt], ["zone", "silence", `${west}a`, undefined]);
    await until("still", () => stat(children[0]!.pid!) === "T" && stat(children[1]!.pid!) === "T");
    assert.notEqual(stat(children[2]!.pid!), "T");
    assert.ok(planes.isLost(`${west}a`));
    const ended = await ask("DELETE", `faults/${json.id}`);
    assert.deepEqual([ended.status, typeof ended.json.endedAt], [200, "string"]);
    await until("on", () => stat(children[0]!.pid!) !== "T" && !planes.isLost(`${west}a`));
    assert.equal((await ask("GET", "faults")).json.faults.at(-1).endedAt, ended.json.endedAt);
  });

  it("shifts requests away from a zone, whose processes go on, and back", async () => {
    const { status, json } = await begin({ kind: "zone", zone: `${west}a`, how: "shift" });
    assert.deepEqual([status, json.how, shifted], [201, "shift", [`${west}a`]]);
    assert.ok(!planes.isLost(`${west}a`) && stat(children[0]!.pid!) !== "T");
    await ask("DELETE", `faults/${json.id}`);
    assert.deepEqual(shifted, []);
  });

  it("has a region be silent, and break connections", async () => {
    const { reach } = drills.faults;
    for (const [how, seen] of [
      ["silence", "hang"],
      ["refuse", "refuse"],
    ]) {
      const { json } = await begin({ kind: "region", how });
      assert.deepEqual([json.region, reach.fault(west), reach.fault(central)], [west, seen, undefined]);
      assert.deepEqual(isolated, [west]);
      assert.equal(failing[west], how === "refuse" ? "refuse" : undefined);
      await ask("DELETE", "faults");
      assert.deepEqual([reach.fault(west), isolated, failing[west]], [undefined, [], undefined]);
    }
  });

  it("has a store be slow for what runs in its region, and its tables stay together", async () => {
    await begin({ kind: "dependency", region: central, how: "slow" });
    assert.deepEqual([failing[central], isolated], ["slow", []]);
    await ask("DELETE", "faults");
    assert.equal(failing[central], undefined);
  });

  it("chooses a server that has a twin, and ends a fault after its seconds", async () => {
    const { json } = await begin({ kind: "instance", how: "hang", seconds: 0.2 });
    assert.deepEqual([json.service, json.region, json.pid], ["pair", west, children[1]!.pid]);
    await until("still", () => stat(json.pid) === "T");
    await until("on", () => stat(json.pid) !== "T");
    assert.notEqual(drills.board.list.at(-1)!.endedAt, undefined);
  });

  it("has a slow server run a part of the time", async () => {
    const { json } = await begin({ kind: "instance", how: "slow", service: "alone" });
    const seen = new Set<string | undefined>();
    await until("both", async () => {
      seen.add(stat(json.pid));
      return seen.has("T") && seen.size > 1;
    });
    await ask("DELETE", "faults");
    await until("on", () => stat(json.pid) !== "T");
  });

  it("refuses in a sentence what it does not know, and what fails already", async () => {
    const refused: [body: unknown, message: string][] = [
      [{ kind: "planet" }, 'kind must be one of instance, zone, region, dependency, got "planet"'],
      [{}, "kind must be one of instance, zone, region, dependency, got nothing"],
      [{ kind: "zone", how: "flaky" }, 'how of zone must be one of silence, kill, hang, shift, got "flaky"'],
      [{ kind: "zone", zone: "a" }, `zone must be one of ${central}a, ${west}a, ${west}b, got "a"`],
      [{ kind: "region", seconds: 0 }, "seconds must be a number over 0, at most 86400, got 0"],
      [
        { kind: "instance", service: "pair", region: central },
        `no healthy server of pair is in ${central}; name another place`,
      ],
      [[], 'the body must be a JSON object, such as {"kind":"zone"}'],
    ];
    for (const [body, message] of refused) assert.deepEqual(await begin(body), { status: 400, json: { message } });
    const { json } = await begin({ kind: "region" });
    const again = await begin({ kind: "region", how: "refuse" });
    assert.equal(again.json.message, `region ${west} fails already, as ${json.id}; end that first`);
    assert.match(
      (await ask("DELETE", "faults/fault-99")).json.message,
      /^no fault has the id fault-99; those that last: /,
    );
    assert.equal((await ask("PATCH", "faults")).status, 405);
  });

  it("remembers drills, with when each phase began and the report", async () => {
    const { json } = await ask("POST", "drills", { title: "zone eu-west-1a, silence" });
    await ask("PUT", `drills/${json.id}`, { phase: "fault" });
    await ask("PUT", `drills/${json.id}`, { phase: "done", report: { ok: true } });
    const [drill] = (await ask("GET", "drills")).json.drills;
    assert.deepEqual(
      drill.phases.map(({ phase }: { phase: string }) => phase),
      ["fault", "done"],
    );
    assert.deepEqual([drill.title, drill.report, drill.endedAt], [json.title, { ok: true }, drill.phases[1].at]);
    assert.equal((await ask("PUT", `drills/${json.id}`, { phase: "x" })).status, 400);
    assert.equal((await ask("POST", "drills", {})).status, 400);
  });

  it("leaves other paths to others", async () => {
    for (const path of ["state", "faults/..", "drills/x/y"]) assert.equal((await ask("GET", path)).status, 404, path);
  });
});
