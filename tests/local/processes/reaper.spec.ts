import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Reaper } from "../../../local/processes/reaper";
import { standIn } from "../helpers/artifact";
import { alive, until } from "../helpers/wait";

const forever = "setInterval(() => {}, 1000)";

describe("reaper", () => {
  it("kills what is left, with its children, when stopped, and nothing that was there before", async () => {
    const reaper = new Reaper();
    const [own, other] = [1, 2].map(() => spawn(process.execPath, ["-e", forever], { detached: true }));
    reaper.watch(own!);
    await reaper.stop();
    await until("killed", () => !alive(own!.pid!));
    assert.ok(alive(other!.pid!));
    other!.kill("SIGKILL");
  });

  it("forgets a process that has ended, as its id may be another's by then", async () => {
    const reaper = new Reaper();
    const [short, long] = ["0", forever].map((code) => spawn(process.execPath, ["-e", code], { detached: true }));
    reaper.watch(short!);
    reaper.watch(long!);
    await once(short!, "exit");
    assert.deepEqual([...(reaper as any).pids], [long!.pid]);
    await reaper.stop();
  });

  it("leaves no child and no file when the platform's process is killed, not even one that is busy for ever", async () => {
    const artifact = standIn();
    const script = join(__dirname, "../helpers/killed.ts");
    const parent = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", script, artifact.folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [output] = await once(parent.stdout!, "data");
    const { pids, folder }: { pids: number[]; folder: string } = JSON.parse(String(output));
    assert.equal(pids.length, 3);
    assert.ok(pids.every(alive) && existsSync(folder));
    parent.kill("SIGKILL");
    await until("all gone", () => !pids.some(alive) && !existsSync(folder));
    artifact.remove();
  });
});
