import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SourceWatcher } from "../../../cli/loop/source-watcher";
import { until } from "../../local/helpers/wait";

describe("source watcher", () => {
  let root: string;
  let told: string[][];
  let watcher: SourceWatcher;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "watched-"));
    write("apps/store/app.ts");
    write("apps/store/page.ts");
    told = [];
    const watched = [
      { folder: "apps", recursive: true },
      { folder: "", recursive: false, names: /^Pulumi\.\w+\.yaml$/ },
    ];
    watcher = new SourceWatcher(root, watched, (paths) => told.push([...paths].sort()));
    watcher.start();
  });

  afterEach(() => {
    watcher.stop();
    rmSync(root, { recursive: true, force: true });
  });

  function write(path: string, text = "1"): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }

  /** Saves as most editors do: writes another file, and renames it. */
  function replace(path: string, temporary: string): void {
    write(temporary);
    renameSync(join(root, temporary), join(root, path));
  }

  /** Waits until something was told, and then for as long as something else could be. */
  async function toldThen(): Promise<string[][]> {
    await until("told", () => told.length > 0, 5_000);
    await sleep(100);
    return told.splice(0);
  }

  it("tells once of a file that is written in several steps, and again of the next save", async () => {
    for (const text of ["a", "b", "c"]) appendFileSync(join(root, "apps/store/app.ts"), text);
    assert.deepEqual(await toldThen(), [["apps/store/app.ts"]]);
    write("apps/store/app.ts", "2");
    assert.deepEqual(await toldThen(), [["apps/store/app.ts"]]);
  });

  it("tells of a file that another one was renamed to, also when it is then written in place", async () => {
    replace("apps/store/app.ts", "apps/store/.app.ts.swp");
    assert.deepEqual(await toldThen(), [["apps/store/app.ts"]]);
    write("apps/store/app.ts", "in place");
    assert.deepEqual(await toldThen(), [["apps/store/app.ts"]]);
  });

  it("tells once of several files that are saved close together", async () => {
    write("apps/store/app.ts", "2");
    await sleep(10);
    write("apps/store/page.ts", "2");
    assert.deepEqual(await toldThen(), [["apps/store/app.ts", "apps/store/page.ts"]]);
  });

  it("tells nothing of temporary files of editors, and of what is no source", async () => {
    for (const name of [".app.ts.swp", "app.ts~", "4913", "#app.ts#", ".#app.ts", "app.ts.tmp", "notes.log"]) {
      write(`apps/store/${name}`);
    }
    write("apps/store/__pycache__/app.py");
    write("Pulumi.yaml.tmp");
    await sleep(150);
    assert.deepEqual(told, []);
  });

  it("tells of new folders and the files that they came with, and of folders in the place of others", async () => {
    write("apps/more/deep/new.ts");
    assert.deepEqual(await toldThen(), [["apps/more/deep/new.ts"]]);
    write("apps/more/deep/new.ts", "2");
    assert.deepEqual(await toldThen(), [["apps/more/deep/new.ts"]]);
    rmSync(join(root, "apps/more"), { recursive: true });
    write("apps/more/deep/new.ts", "3");
    await toldThen();
    write("apps/more/deep/new.ts", "4");
    assert.deepEqual(await toldThen(), [["apps/more/deep/new.ts"]]);
  });

  it("tells of removed files, and of the chosen files of a folder alone", async () => {
    rmSync(join(root, "apps/store/page.ts"));
    assert.deepEqual(await toldThen(), [["apps/store/page.ts"]]);
    replace("Pulumi.dev.yaml", "Pulumi.dev.yaml.tmp");
    assert.deepEqual(await toldThen(), [["Pulumi.dev.yaml"]]);
  });

  it("tells nothing any more once it is stopped", async () => {
    write("apps/store/app.ts", "2");
    watcher.stop();
    await sleep(150);
    assert.deepEqual(told, []);
  });
});
