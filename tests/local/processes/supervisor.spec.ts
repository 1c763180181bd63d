import assert from "node:assert/strict";
import { request } from "node:http";
import { CloudMapService } from "../../../local/cloudmap/discovery";
import { ControlPlanes } from "../../../local/control-planes";
import { TargetGroup } from "../../../local/elb/target-group";
import { Reaper } from "../../../local/processes/reaper";
import type { ServerGroup } from "../../../local/processes/server-group";
import { Supervisor } from "../../../local/processes/supervisor";
import { TimeScale } from "../../../local/time-scale";
import { standIn } from "../helpers/artifact";
import { alive, until } from "../helpers/wait";

const artifact = standIn();
after(artifact.remove);

const planned: ServerGroup = {
  id: "urn",
  service: "thing",
  region: "eu-west-1",
  pattern: "ec2",
  zones: ["a", "b", "c"],
  desired: 3,
  env: { TABLE_NAME: "things", DRAIN_SECONDS: "20", PORT: "8081" },
  command: ["node", "server.cjs"],
  cwd: artifact.folder,
  restartSeconds: 1,
  stopTimeoutSeconds: 60,
  registersWith: ["targets"],
};
const containerCheck = {
  command: ["node", "healthcheck.cjs"],
  intervalSeconds: 10,
  timeoutSeconds: 5,
  retries: 2,
  startPeriodSeconds: 0,
};
const targets = {
  key: "targets",
  algorithm: "round_robin",
  path: "/healthz",
  matcher: "200",
  intervalSeconds: 10,
  timeoutSeconds: 5,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
  deregistrationSeconds: 30,
  minimumHealthyTargets: 1,
} as const;

describe("supervisor", () => {
  let time: TimeScale;
  let reaper: Reaper;
  let logs: string[];
  let running: Supervisor | undefined;
  let targetGroup: TargetGroup;
  let cloudMap: CloudMapService;

  beforeEach(() => {
    reaper = new Reaper();
    logs = [];
    time = new TimeScale(100);
    targetGroup = new TargetGroup(targets, time);
    cloudMap = new CloudMapService(true);
  });

  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await reaper.stop();
  });

  function supervise(change: Partial<ServerGroup> = {}, planes = new ControlPlanes()): Supervisor {
    running = new Supervisor(
      { ...planned, ...change },
      {
        root: "/",
        registry: (key) => (key === "targets" ? targetGroup : cloudMap),
        overrides: () => ({ AWS_REGION: "eu-west-1" }),
        time,
        reaper,
        planes,
        startSeconds: 15,
        log: (source, line) => logs.push(`${source}: ${line}`),
      },
    );
    return running;
  }

  const zonesOf = (supervisor: Supervisor) =>
    supervisor
      .views()
      .map(({ zone }) => zone)
      .sort();
  const pidsOf = (supervisor: Supervisor) => supervisor.views().map(({ pid }) => pid!);

  it("starts the planned servers, spread over zones, with the planned environment at scale", async () => {
    const supervisor = supervise({ desired: 4 });
    await supervisor.start();
    assert.deepEqual(zonesOf(supervisor), ["a", "a", "b", "c"]);
    assert.ok(supervisor.views().every(({ health }) => health === "healthy"));
    const answer = await get(targetGroup, "/");
    assert.deepEqual(
      { ...answer, pid: pidsOf(supervisor).includes(answer.pid) },
      { pid: true, table: "things", drain: "0.200" },
    );
    assert.ok(
      logs.some((line) => /^thing [abc]: \{"msg":"listening"/.test(line)),
      logs.join("\n"),
    );
  });

  it("keeps another number of servers when it is told so, balanced over zones", async () => {
    const supervisor = supervise();
    await supervisor.start();
    const before = pidsOf(supervisor);
    await supervisor.resize(5);
    assert.deepEqual([zonesOf(supervisor), supervisor.desired], [["a", "a", "b", "b", "c"], 5]);
    await until("healthy", () => supervisor.views().every(({ health }) => health === "healthy"));
    await supervisor.resize(2);
    assert.deepEqual([zonesOf(supervisor), supervisor.desired], [["b", "c"], 2]);
    assert.deepEqual(pidsOf(supervisor).sort(), before.slice(1).sort());
    assert.ok(logs.some((line) => /^thing: server \d+ in a is removed, as 2 are enough/.test(line)));
  });

  it("removes servers again that are still being started", async () => {
    const supervisor = supervise({ desired: 1 });
    await supervisor.start();
    const growing = supervisor.resize(3);
    assert.equal(supervisor.views().length, 3);
    await supervisor.resize(1);
    assert.equal(supervisor.views().length, 1);
    await growing;
    assert.equal(supervisor.views().length, 1);
    assert.equal((await get(targetGroup, "/")).pid, supervisor.views()[0]!.pid);
  });

  it("replaces a killed server in its zone, and no other", async () => {
    const supervisor = supervise();
    await supervisor.start();
    const before = pidsOf(supervisor);
    process.kill(before[1]!, "SIGKILL");
    await until("replaced", () => !pidsOf(supervisor).includes(before[1]!));
    await until("healthy", () => supervisor.views().filter(({ health }) => health === "healthy").length === 3);
    assert.deepEqual(zonesOf(supervisor), ["a", "b", "c"]);
    assert.deepEqual(
      before.map((pid) => pidsOf(supervisor).includes(pid)),
      [true, false, true],
    );
    assert.ok(logs.some((line) => /server \d+ in b ended with SIGKILL; a new one starts/.test(line)));
  });

  it("replaces a server that its balancer finds unhealthy, the successor first", async () => {
    const supervisor = supervise({ desired: 1, balancerGraceSeconds: 0 });
    await supervisor.start();
    const [pid] = pidsOf(supervisor);
    await get(targetGroup, "/sicken");
    await until("successor", () => pidsOf(supervisor).length === 2);
    assert.ok(alive(pid!));
    await until("only the successor", () => pidsOf(supervisor).length === 1 && pidsOf(supervisor)[0] !== pid);
    assert.ok(!alive(pid!));
  });

  it("leaves an unhealthy server alone within its grace", async () => {
    const supervisor = supervise({ desired: 1, balancerGraceSeconds: 100_000 });
    await supervisor.start();
    await get(targetGroup, "/sicken");
    await until("unhealthy", () => supervisor.views()[0]!.health === "unhealthy");
    assert.equal(supervisor.views().length, 1);
  });

  it("replaces a container that fails its own check, and keeps it from discovery until it has passed", async () => {
    const supervisor = supervise({ desired: 1, containerCheck, registersWith: ["discovery"] });
    await supervisor.start();
    const [pid] = pidsOf(supervisor);
    assert.equal(cloudMap.discover("HEALTHY").length, 1);
    await get(cloudMap, "/sicken");
    await until("successor", () => pidsOf(supervisor).length === 2);
    assert.ok(cloudMap.discover("HEALTHY").every(({ id }) => id !== "thing-1"));
    await until("replaced", () => pidsOf(supervisor).length === 1 && pidsOf(supervisor)[0] !== pid);
    assert.equal(cloudMap.discover("ALL").length, 1);
    assert.ok(logs.some((line) => /failed its container health check; it is replaced/.test(line)));
  });

  for (const deployment of ["before", "together", "after"] as const) {
    it(`replaces all servers by those of a new revision, each new one ${deployment} its old one`, async () => {
      const supervisor = supervise({ deployment });
      await supervisor.start();
      const before = pidsOf(supervisor);
      const counts = new Set<number>();
      const serving = () => supervisor.views().filter(({ health }) => health === "healthy").length;
      const timer = setInterval(() => counts.add(serving()), 1);
      await supervisor.rollOut({ env: { ...planned.env, TABLE_NAME: "others" } });
      clearInterval(timer);
      assert.deepEqual(before.map(alive), [false, false, false]);
      assert.deepEqual(zonesOf(supervisor), ["a", "b", "c"]);
      assert.equal((await get(targetGroup, "/")).table, "others");
      assert.equal(Math.min(...counts), deployment === "before" ? 3 : 2);
      assert.equal(supervisor.group.env["TABLE_NAME"], "others");
    });
  }

  it("keeps the old servers when the first new one does not start or ends, and says why", async () => {
    const supervisor = supervise();
    await supervisor.start();
    const before = pidsOf(supervisor);
    await assert.rejects(supervisor.rollOut({ env: { ...planned.env, CRASH: "1" } }), {
      message: "thing a: ended with code 1 (Error: no table today) before it listened; fix what its log says",
    });
    const sick = supervisor.rollOut({ env: { ...planned.env, SICK: "1" } });
    await until("started", () => supervisor.views().length === 4);
    await until("listens", () => supervisor.views()[3]!.health === "unhealthy");
    process.kill(pidsOf(supervisor)[3]!, "SIGKILL");
    await assert.rejects(
      sick,
      /^UserError: thing a: the new server ended before it was healthy; fix what its log says$/,
    );
    assert.deepEqual(pidsOf(supervisor), before);
    assert.equal(supervisor.group.env, planned.env);
  });

  it("starts an old server again whose place a new one needed that does not start", async () => {
    const supervisor = supervise({ deployment: "after" });
    await supervisor.start();
    await assert.rejects(supervisor.rollOut({ env: { ...planned.env, CRASH: "1" } }), /no table today/);
    await until("three again", () => supervisor.views().filter(({ health }) => health === "healthy").length === 3);
    assert.equal((await get(targetGroup, "/")).table, "things");
  });

  it("lets a later rollout take over from one that is not done", async () => {
    const supervisor = supervise();
    await supervisor.start();
    const table = (name: string) => supervisor.rollOut({ env: { ...planned.env, TABLE_NAME: name } });
    const first = table("first");
    await until("begun", () => supervisor.views().length > 3);
    await Promise.all([first, table("second")]);
    assert.deepEqual(zonesOf(supervisor), ["a", "b", "c"]);
    const answers = await Promise.all([1, 2, 3].map(() => get(targetGroup, "/")));
    assert.deepEqual([...new Set(answers.map((answer) => answer.table))], ["second"]);
  });

  it("replaces nothing while the control planes are dark", async () => {
    const planes = new ControlPlanes();
    const supervisor = supervise({}, planes);
    await supervisor.start();
    const before = pidsOf(supervisor);
    planes.turn(true);
    await assert.rejects(supervisor.rollOut(), /start a server of thing in a: the control plane is dark$/);
    assert.deepEqual(pidsOf(supervisor), before);
  });

  it("says why a server did not start", async () => {
    const env = { ...planned.env, CRASH: "1" };
    await assert.rejects(supervise({ desired: 1, env }).start(), {
      message: "thing a: ended with code 1 (Error: no table today) before it listened; fix what its log says",
    });
  });

  it("starts a server that keeps ending later and later", async function () {
    this.timeout(90_000);
    // Three seconds pass for "soon after its start", which a busy machine needs.
    time = new TimeScale(3);
    const supervisor = supervise({ desired: 1 });
    await supervisor.start();
    for (let kills = 1; kills <= 3; kills++) {
      const [pid] = pidsOf(supervisor);
      process.kill(pid!, "SIGKILL");
      const restarted = () => supervisor.views()[0]?.health === "healthy" && pidsOf(supervisor)[0] !== pid;
      await until("up again", restarted, 20_000);
    }
    const pauses = logs.flatMap((line) => /crash loop: (\d) servers.*starts in (\d+) s/.exec(line)?.slice(1) ?? []);
    assert.deepEqual(pauses, ["2", "2", "3", "4"]);
  });

  it("leaves no process behind when stopped", async () => {
    const supervisor = supervise();
    await supervisor.start();
    const pids = pidsOf(supervisor);
    const started = Date.now();
    await supervisor.stop();
    assert.deepEqual(pids.map(alive), [false, false, false]);
    assert.ok(Date.now() - started < 1_000);
  });
});

async function get(registry: TargetGroup | CloudMapService, path: string): Promise<any> {
  const choice = registry.pick();
  assert.equal(choice.kind, "server");
  if (choice.kind !== "server") return undefined;
  return new Promise((resolve, reject) => {
    const call = request(`${choice.origin}${path}`, { agent: false }, async (response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      choice.requestEnded();
      resolve(JSON.parse(text));
    });
    call.once("error", reject).end();
  });
}
