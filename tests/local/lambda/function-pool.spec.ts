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
  provisionedConcurrency: 0,
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

  async function start(change: Partial<FunctionSpec> = {}, factor = 1): Promise<FunctionPool> {
    const time = new TimeScale(factor);
    pool = new FunctionPool({ ...planned, ...change }, { root: "/", overrides: {}, time, log: () => {}, reaper });
    await pool.start();
    return pool;
  }

  const failsWith = (reason: FunctionFailure["reason"], message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof FunctionFailure);
    assert.equal(error.reason, reason);
    assert.match(error.message, message);
    return true;
  };

  it("answers with one warm worker per zone, in the planned environment", async () => {
    await start();
    assert.deepEqual(
      pool.views().map(({ zone }) => zone),
      ["a", "b"],
    );
    const answer: any = await pool.invoke({});
    assert.equal(answer.table, "things");
    assert.equal(answer.name, "dev-thing");
    assert.ok(answer.left > 11_000 && answer.left <= 12_000, `${answer.left} ms left`);
    assert.ok(pool.views().some(({ pid }) => pid === answer.pid));
  });

  it("keeps as many workers warm as are provisioned, and goes back to them when others are idle", async () => {
    await start({ provisionedConcurrency: 1, zones: ["a"] }, 1_000);
    assert.equal(pool.views().length, 1);
    const answers: any[] = await Promise.all([1, 2].map(() => pool.invoke({ do: "sleep", ms: 1_000 })));
    assert.equal(new Set(answers.map(({ pid }) => pid)).size, 2);
    await until("one worker", () => pool.views().length === 1);
  });

  it("throttles what exceeds the reserved concurrency, and nothing below it", async () => {
    await start({ reservedConcurrency: 2 });
    const running = [1, 2].map(() => pool.invoke({ do: "sleep", ms: 100 }));
    await assert.rejects(pool.invoke({}), failsWith("throttled", /2 executions run/));
    await Promise.all(running);
    await pool.invoke({});
  });

  it("lets events wait when this machine has enough processes", async () => {
    await start({ reservedConcurrency: 900, provisionedConcurrency: maxWorkers, zones: ["a"] });
    const answers: any[] = await Promise.all(Array.from({ length: 40 }, () => pool.invoke({ do: "sleep", ms: 5 })));
    assert.equal(new Set(answers.map(({ pid }) => pid)).size, maxWorkers);
  }).timeout(10_000);

  it("reports what the handler throws, and keeps the worker", async () => {
    await start();
    const before = pool.views();
    await assert.rejects(pool.invoke({ do: "throw" }), failsWith("error", /^thing: TypeError: bad event$/));
    assert.deepEqual(pool.views(), before);
  });

  it("reports a crash, and replaces the worker", async () => {
    await start();
    const before = pool.views().map(({ pid }) => pid);
    await assert.rejects(pool.invoke({ do: "exit" }), failsWith("error", /Runtime exited before it answered/));
    await until("two workers again", () => pool.views().filter(({ health }) => health === "healthy").length === 2);
    assert.notDeepEqual(
      pool.views().map(({ pid }) => pid),
      before,
    );
    assert.deepEqual(
      pool
        .views()
        .map(({ zone }) => zone)
        .sort(),
      ["a", "b"],
    );
  });

  it("kills a worker that is still busy after the planned timeout", async () => {
    await start({ timeoutSeconds: 0.2 });
    const pids = pool.views().map(({ pid }) => pid!);
    const started = Date.now();
    await assert.rejects(pool.invoke({ do: "spin" }), failsWith("timeout", /Task timed out after 0\.20 seconds/));
    assert.ok(Date.now() - started >= 200);
    await until("killed", () => pids.filter(alive).length === 1);
    await pool.invoke({});
  });

  it("fails to start on a handler that cannot be loaded, and says why", async () => {
    await assert.rejects(
      start({ export: "main" }),
      failsWith("error", /Error: .*handler\.cjs does not export a function "main"/),
    );
  });

  it("leaves no process behind when stopped, whatever it does", async () => {
    await start();
    const pids = pool.views().map(({ pid }) => pid!);
    const running = assert.rejects(pool.invoke({ do: "spin" }), failsWith("error", /Runtime exited/));
    await pool.stop();
    await running;
    assert.deepEqual(pids.map(alive), [false, false]);
  });
});
