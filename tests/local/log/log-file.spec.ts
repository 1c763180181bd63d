import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LogFile } from "../../../local/log/log-file";
import { RecentLines } from "../../../local/log/recent-lines";
import { until } from "../helpers/wait";

describe("log file", () => {
  let folder: string;
  let path: string;
  let changes: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "log-"));
    path = join(folder, "platform.log");
    changes = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = (maxBytes?: number) =>
    LogFile.open(path, {
      onChange: (sentence) => changes.push(sentence),
      ...(maxBytes === undefined ? {} : { maxBytes }),
    });
  const read = (name = path) => readFileSync(name, "utf8");

  it("begins anew and keeps the one before", async () => {
    writeFileSync(path, "yesterday\n");
    const log = open();
    log.add("one");
    log.add("two");
    await until("written", () => read() === "one\ntwo\n");
    assert.equal(read(`${path}.1`), "yesterday\n");
  });

  it("takes at most twice its limit on disk, however much is logged", async () => {
    const log = open(10_000);
    const line = (i: number) => `${String(i).padStart(3, "0")} ${"x".repeat(995)}`;
    // All at once, as while the disk is slow, and then one by one.
    for (let i = 0; i < 200; i++) {
      log.add(line(i));
      if (i > 100) await new Promise((resolve) => setImmediate(resolve));
    }
    // Files of ten lines of 1,000 bytes.
    const tens = (from: number) => Array.from({ length: 10 }, (_, i) => `${line(from + i)}\n`).join("");
    await until("the last lines", () => existsSync(`${path}.1`) && read(`${path}.1`) === tens(190));
    assert.deepEqual(readdirSync(folder).sort(), ["platform.log", "platform.log.1"]);
    assert.equal(statSync(path).size, 0);
    assert.deepEqual(changes, []);
  });

  it("stays within its limit where it cannot be renamed", async () => {
    const log = open(1_000);
    mkdirSync(join(folder, "platform.log.1", "full"), { recursive: true });
    for (let i = 0; i < 50; i++) {
      log.add("x".repeat(100));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    assert.ok(statSync(path).size <= 3_000, `${statSync(path).size}`);
  });

  it("drops lines while the disk is full, says so once, and goes on when it is not", async () => {
    const log = open();
    const disk = log as unknown as { fd: number };
    const { fd } = disk;
    disk.fd = openSync("/dev/full", "a");
    log.add("lost");
    await until("reported", () => changes.length === 1);
    for (let i = 0; i < 1_000; i++) log.add("lost as well");
    disk.fd = fd;
    await until("recovered", () => {
      log.add("again");
      return changes.length === 2;
    });
    assert.match(
      changes[0]!,
      /^the log .*platform\.log cannot be written: ENOSPC: no space left on device, write; lines are lost until it can$/,
    );
    assert.match(changes[1]!, /is written again; \d+ lines were lost$/);
    await until("written", () => read().includes("again"));
    assert.doesNotMatch(read(), /^lost/m);
  });

  it("says in one sentence that it cannot be created", () => {
    path = join(folder, "none", "platform.log");
    assert.throws(() => open(), {
      name: "UserError",
      message: /^the log .* cannot be created: ENOENT: .*; make it writable, or choose another folder with --state$/,
    });
  });
});

describe("recent lines", () => {
  it("keep the last lines of each source, cut and escaped, and pass all on", () => {
    const passed: string[] = [];
    const recent = new RecentLines();
    const log = recent.keeping((source, line) => passed.push(`${source} ${line}`));
    for (let i = 0; i < 8; i++) log("a eu-west-1a", `line ${i}`);
    log("b", `\u001b[31m${"x".repeat(1_000)}`);
    assert.equal(passed.length, 9);
    assert.deepEqual(
      recent.mentioned("a eu-west-1a: ended"),
      [3, 4, 5, 6, 7].map((i) => `a eu-west-1a | line ${i}`),
    );
    assert.match(recent.of("b")[0]!, /^b \| \\u001b\[31mx{295}$/);
    assert.deepEqual(recent.mentioned("another: sentence"), []);
  });
});
