import assert from "node:assert/strict";
import { FunctionPool, maxWorkers } from "../../../local/lambda/function-pool";
import type { FunctionSpec } from "../../../local/lambda/function-spec";
import { FunctionFailure } from "../../../local/local-compute";
import { Reaper } from "../../../local/processes/reaper";
import { TimeScale } from "../../../local/time-scale";
import { standIn } from "../helpers/artifact";
import { alive, until } from "../helpers/wait";

const artifact = standIn();
after(artifact.remove);

const planned: FunctionSpec = {
  aliasArn: "alias",
  invokeArn: "invoke",
  functionName: "dev-thing",
  service: "thing",
  region: "eu-west-1",
  zones: ["a", "b"],
  file: "handler.cjs",
  export: "handler",
  cwd: artifact.folder,
  env: { TABLE_NAME: "things" },
  memoryMegabytes: 128,
  timeoutSeconds: 12,
  reservedConcurrency: 3,
};

describe("function pool", () => {
  let reaper: Reaper;
  let pool: FunctionPool;

  beforeEach(() => {
    reaper = new Reaper();
  });

  afterEach(async () => {
    await pool.stop();
    await reaper.stop();
  });

  function create(change: Partial<FunctionSpec> = {}, factor = 1): void {
    const time = new TimeScale(factor);
    pool = new FunctionPool(
      { ...planned, ...change },
      { root: "/", overrides: () => ({}), time, log: () => {}, reaper },
    );
  }
  const sleep = (ms: number) => pool.invoke({ do: "sleep", ms }) as Promise<{ pid: number }>;
  const pids = () => pool.views().map(({ pid }) => pid!);

  const failsWith = (reason: FunctionFailure["reason"], message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof FunctionFailure);
    assert.equal(error.reason, reason);
    assert.match(error.message, message);
    return true;
  };

  it("starts its first process with the first event, in the planned environment", async () => {
    create();
    assert.deepEqual(pool.views(), []);
    const answer: any = await pool.invoke({});
    assert.equal(answer.table, "things");
    assert.equal(answer.name, "dev-thing");
    assert.ok(answer.left > 11_000 && answer.left <= 12_000, `${answer.left} ms left`);
    assert.deepEqual(pids(), [answer.pid]);
  });

  it("starts further processes, spread over zones, for events that wait, and ends all that are idle", async () => {
    create({}, 30);
    const answers = await Promise.all([sleep(600), sleep(600)]);
    assert.equal(new Set(answers.map(({ pid }) => pid)).size, 2);
    assert.deepEqual(
      pool
        .views()
        .map(({ zone }) => zone)
        .sort(),
      ["a", "b"],
    );
    const started = pids();
    await until("none is left", () => pool.views().length === 0);
    assert.deepEqual(started.map(alive), [false, false]);
    await pool.invoke({});
  });

  it("handles many short events in few processes", async () => {
    create({ reservedConcurrency: 900 });
    await pool.invoke({});
    for (let burst = 0; burst < 100; burst++) await Promise.all(Array.from({ length: 6 }, () => pool.invoke({})));
    assert.ok(pool.views().length <= 2, `${pool.views().length} processes`);
  });

  it("throttles what exceeds the reserved concurrency, and nothing below it", async () => {
    create({ reservedConcurrency: 2 });
    const running = [1, 2].map(() => sleep(100));
    await assert.rejects(pool.invoke({}), failsWith("throttled", /2 executions run/));
    await Promise.all(running);
    await pool.invoke({});
  });

  it("lets events wait when this machine has enough processes", async () => {
    create({ reservedConcurrency: 900 });
    const waiting = Array.from({ length: maxWorkers + 8 }, () => assert.rejects(sleep(60_000)));
    await until("all processes", () => pool.views().length === maxWorkers, 20_000);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(pool.views().length, maxWorkers);
    await pool.stop();
    await Promise.all(waiting);
  }).timeout(30_000);

  it("reports what the handler throws, and keeps the process", async () => {
    create();
    await pool.invoke({});
    const before = pool.views();
    await assert.rejects(pool.invoke({ do: "throw" }), failsWith("error", /^thing: TypeError: bad event$/));
    assert.deepEqual(pool.views(), before);
  });

  it("reports a crash, and starts another process with the next event", async () => {
    create();
    await assert.rejects(pool.invoke({ do: "exit" }), failsWith("error", /Runtime exited before it answered/));
    assert.deepEqual(pool.views(), []);
    await pool.invoke({});
  });

  it("kills a process that is still busy after the planned timeout", async () => {
    create({ timeoutSeconds: 0.2 });
    await pool.invoke({});
    const [pid] = pids();
    const started = Date.now();
    await assert.rejects(pool.invoke({ do: "spin" }), failsWith("timeout", /Task timed out after 0\.20 seconds/));
    assert.ok(Date.now() - started >= 200);
    await until("killed", () => !alive(pid!));
    await pool.invoke({});
  });

  it("fails every waiting event when the handler cannot be loaded, and says why", async () => {
    create({ export: "main" });
    const why = failsWith("error", /Error: .*handler\.cjs does not export a function "main"/);
    await Promise.all([1, 2, 3].map(() => assert.rejects(pool.invoke({}), why)));
    assert.deepEqual(pool.views(), []);
  });

  it("leaves no process behind when stopped, and takes no more events", async () => {
    create();
    await pool.invoke({});
    const running = assert.rejects(pool.invoke({ do: "spin" }), failsWith("error", /Runtime exited/));
    const known = pids();
    await pool.stop();
    await running;
    assert.deepEqual(known.map(alive), [false]);
    await assert.rejects(pool.invoke({}), failsWith("error", /the platform stops/));
  });

  it("puts a new version behind the alias once it is ready, while the old one answers what it has", async () => {
    create();
    await pool.invoke({});
    const [old] = pids();
    const slow = sleep(1_500);
    await pool.release({ ...planned, env: { TABLE_NAME: "others" } });
    const answer: any = await pool.invoke({});
    assert.deepEqual([answer.table, pids().includes(old!)], ["others", true]);
    assert.equal((await slow).pid, old);
    await until("only the new version", () => pids().length === 1 && pids()[0] === answer.pid);
    assert.ok(!alive(old!));
  });

  it("starts nothing of a new version before an event asks for it where nothing ran", async () => {
    create();
    await pool.release({ ...planned, env: { TABLE_NAME: "others" } });
    assert.deepEqual(pids(), []);
    assert.equal(((await pool.invoke({})) as any).table, "others");
  });

  it("keeps the old version when the new one cannot be loaded, and says why", async () => {
    const broken = standIn({ "handler.cjs": 'throw new Error("no module today");' });
    create();
    await pool.invoke({});
    const before = pids();
    await assert.rejects(
      pool.release({ ...planned, cwd: broken.folder }),
      failsWith("error", /^thing: the handler could not be loaded, see its log \(Error: no module today\)$/),
    );
    broken.remove();
    assert.deepEqual(pids(), before);
    assert.equal(((await pool.invoke({})) as any).pid, before[0]);
  });
});
