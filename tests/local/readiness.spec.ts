import assert from "node:assert/strict";
import type { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Graph } from "../../graph/model";
import { startPlatform } from "../../local/platform";
import { spawnWatched } from "../../local/processes/gate";
import { planned } from "../conformance/plans";
import { standIn } from "./helpers/artifact";
import { addApi, addEcs, addNames, addTable, plan } from "./helpers/program";
import { until } from "./helpers/wait";

const artifact = standIn();
const stateDir = mkdtempSync(join(tmpdir(), "state-"));
after(() => {
  artifact.remove();
  rmSync(stateDir, { recursive: true, force: true });
});

async function planOf(environment: readonly object[]) {
  const index = await plan(artifact.folder, (region) => {
    addTable(region);
    const server = addEcs(region, { environment }).arn;
    addNames(region, addApi(region, { a: { server } }).id, "PRIMARY");
  });
  return index.graph;
}

/** Counts the servers that listen in this process. */
const servers = () => process.getActiveResourcesInfo().filter((kind) => kind === "TCPServerWrap").length;

describe("a start that cannot become ready", function () {
  this.timeout(60_000);

  it("ends in time and names the service, its last log lines and what to do", async () => {
    const graph = await planOf([{ name: "SICK", value: "1" }]);
    const startedAt = Date.now();
    await assert.rejects(startPlatform({ graph, stateDir, readySeconds: 12, log: () => {} }), (error: Error) => {
      assert.equal(error.name, "UserError", error.stack);
      const [sentence, ...lines] = error.message.split("\n");
      assert.equal(
        sentence,
        "thing in eu-west-1 did not get ready within 12 s; fix what the log says, or allow more time with --ready-seconds",
      );
      assert.ok(lines.length > 0);
      for (const line of lines) assert.match(line, /^ {2}thing eu-west-1[ab] \| \{"msg":"listening","port":\d+\}$/);
      return true;
    });
    assert.ok(Date.now() - startedAt < 24_000, `${Date.now() - startedAt} ms`);
    assert.deepEqual(readdirSync(stateDir), []);
  });

  it("ends in time when the plan never comes", async () => {
    await assert.rejects(
      startPlatform({ graph: new Promise(() => {}), stateDir, readySeconds: 4, log: () => {} }),
      /^UserError: plan(, \w+)* did not get ready within 4 s; /,
    );
  });

  it("leaves no server open when the plan comes after it was interrupted", async () => {
    const { graph } = await planned("dev");
    const before = servers();
    const controller = new AbortController();
    let come = (_: Graph) => {};
    const late = new Promise<Graph>((resolve) => (come = resolve));
    const starting = startPlatform({ graph: late, stateDir, signal: controller.signal, log: () => {} });
    const rejected = assert.rejects(starting, { message: "interrupted" });
    await sleep(100);
    controller.abort(new Error("interrupted"));
    await rejected;
    come(graph);
    await sleep(200);
    await until("all are closed", () => servers() === before);
  });

  it("ends when it is interrupted, at any moment, with the reason of the signal", async () => {
    const graph = await planOf([]);
    const before = servers();
    for (const moment of [0, 30, 150, 400]) {
      const controller = new AbortController();
      const starting = startPlatform({ graph, stateDir, signal: controller.signal, log: () => {} });
      const rejected = assert.rejects(starting, { message: `interrupted after ${moment} ms` });
      await sleep(moment);
      controller.abort(new Error(`interrupted after ${moment} ms`));
      await rejected;
      assert.deepEqual(readdirSync(stateDir), []);
    }
    // What was about to listen does so, and is closed.
    await sleep(1_000);
    await until("all are closed", () => servers() === before);
  });
});

describe("a process that the platform starts", () => {
  it("runs its command only once the reaper knows it, and never when the platform is killed before", async () => {
    let known = () => {};
    const reaper: any = { watch: () => new Promise<void>((resolve) => (known = resolve)) };
    const options = { command: ["node", "-p", "'ran'"], cwd: "/", env: {}, reaper };
    const output = async (child: ReturnType<typeof spawn>) => {
      let text = "";
      for await (const data of child.stdout!) text += data;
      return text;
    };
    const late = spawnWatched(options);
    const printed = output(late);
    await sleep(300);
    assert.equal(late.exitCode, null);
    known();
    assert.equal(await printed, "ran\n");

    const orphan = spawnWatched(options);
    const nothing = output(orphan);
    orphan.stdio[3]!.destroy(); // as when this process ends
    assert.equal(await nothing, "");
  });
});
