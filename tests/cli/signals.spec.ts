import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { projectRoot } from "../../graph/project-root";
import { Command, Folder } from "../helpers/command";

/** More of these moments, at random, are in tests/soak. */
describe("npm start at a signal", function () {
  this.timeout(60_000);
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => folder.remove());

  const start = (...more: string[]) => new Command(folder, ["start", "--port", "0", "--state", folder.state, ...more]);
  /** Files of the cache but for those that every start uses again. */
  const cached = () => {
    const cache = join(projectRoot, ".cache");
    return existsSync(cache)
      ? readdirSync(cache).filter((name) => !/^(compiled|main\.json|planner\.json)$/.test(name))
      : [];
  };

  async function assertGone(command: Command, code: number): Promise<void> {
    const signalledAt = Date.now();
    const { code: got, stderr } = await command.ended;
    await command.gone();
    const took = Date.now() - signalledAt;
    assert.deepEqual([got, folder.left()], [code, []], stderr);
    assert.doesNotMatch(stderr, /^\s+at /m);
    assert.ok(took < 3_000, `${took} ms`);
  }

  const moments: Record<string, (command: Command) => Promise<unknown>> = {
    "when it has just been executed": () => sleep(20),
    "while it loads": () => sleep(250),
    "while it plans": (command) => command.says(/ plan /),
    "while its servers start": (command) => command.says(/ servers /),
    "when it is ready": (command) => command.says(/^ready /m),
  };
  Object.entries(moments).forEach(([moment, reach], i) => {
    const [signal, code] = i % 2 === 0 ? (["SIGINT", 130] as const) : (["SIGTERM", 143] as const);
    it(`ends with ${code} at ${signal} ${moment}, and leaves no process and no file`, async () => {
      const before = cached();
      const command = start();
      await reach(command);
      command.child.kill(signal);
      await assertGone(command, code);
      assert.deepEqual(cached(), before);
    });
  });

  it("ends at once at a second signal", async () => {
    const command = start();
    const [, url] = await command.says(/^ready (\S+)/m);
    // A server that does not end by itself, for which the first signal would wait.
    const { body } = await request(`${url}/_platform/state`);
    const { workloads }: any = await body.json();
    const [server] = workloads.flatMap(({ servers }: any) => servers);
    process.kill(server.pid, "SIGSTOP");
    command.child.kill("SIGINT");
    await sleep(100);
    assert.equal(command.child.exitCode, null);
    command.child.kill("SIGINT");
    const signalledAt = Date.now();
    await assertGone(command, 130);
    assert.ok(Date.now() - signalledAt < 1_000, `${Date.now() - signalledAt} ms`);
  });

  for (const moment of ["while its servers start", "when it is ready"]) {
    it(`leaves no process when it is killed ${moment}, and starts again from the same folder`, async () => {
      const killed = start();
      await moments[moment]!(killed);
      killed.child.kill("SIGKILL");
      await killed.ended;
      await killed.gone();
      const next = start();
      await next.says(/^ready /m);
      assert.ok(existsSync(join(folder.state, "endpoints.json")));
      next.child.kill("SIGINT");
      await assertGone(next, 130);
    });
  }
});
