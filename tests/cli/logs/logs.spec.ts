import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatLogLine, isError } from "../../../cli/logs/format";
import { type LogsOptions, logs } from "../../../cli/logs/logs";
import { UserError } from "../../../graph/user-error";
import { readLogLine, writeLogLine } from "../../../local/log/line";
import { until } from "../../local/helpers/wait";

const access = {
  requestId: "a=",
  ...{ method: "GET", path: "/food-store/foods/x", status: "503", responseLatency: "12", routeKey: "-" },
};
const service = { time: "2026-01-01T00:00:00Z", level: "info", service: "food-store", msg: "listening", port: 80 };

describe("a line of the log", () => {
  const formatted = (value: object | string) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return formatLogLine({ time: "2026-01-01T01:02:03.004Z", source: "gateway", text }).replace(/^\S+ +gateway +/, "");
  };

  it("is read as it was written, tabs and control characters escaped", () => {
    const line = readLogLine(writeLogLine("a eu-west-1a", "one\ttwo\u001b[31m"));
    assert.deepEqual({ ...line, time: "" }, { time: "", source: "a eu-west-1a", text: "one\\ttwo\\u001b[31m" });
    assert.ok(Math.abs(Date.parse(line!.time) - Date.now()) < 5_000);
    for (const none of ["", "half of a line", "2026-01-01T00:00:00Z\tonly a source", "today\tsource\ttext"]) {
      assert.equal(readLogLine(none), undefined, none);
    }
  });

  it("says first what a request or a message is, then what is left", () => {
    assert.equal(formatted(access), '503 GET /food-store/foods/x 12 ms  requestId="a="');
    assert.equal(
      formatted({ ...service, msg: "request", method: "GET", route: "/{id}", status: 200, ms: 1.5 }),
      "200 GET /{id} 1.5 ms  port=80",
    );
    assert.equal(formatted(service), "info listening  port=80");
    assert.equal(formatted("plain"), "plain");
    assert.equal(formatted("{no json"), "{no json");
  });

  it("is one line, also where a text in it has a line end or a character that a terminal obeys", () => {
    const text = "no\n12:00:00.000  gateway  200 GET /";
    assert.equal(formatted({ msg: text }), "no\\n12:00:00.000  gateway  200 GET /");
    assert.equal(formatted({ msg: "a", item: "\u001b[2J" }), "a  item=\\u001b[2J");
    assert.equal(formatted({ msg: "a", stack: "Error: \r200\n at b" }), "a\n    Error: \\r200\n    at b");
  });

  it("has the stack trace of an error below it", () => {
    const error = { name: "Error", message: "no", stack: "Error: no\n    at a" };
    assert.equal(
      formatted({ level: "error", msg: "failed", error }),
      'error failed  error={"name":"Error","message":"no"}\n    Error: no\n    at a',
    );
  });

  it("is of an error by its level or an answer 5xx", () => {
    const of = (value: object) => isError({ time: "", source: "", text: JSON.stringify(value) });
    assert.deepEqual([access, service, { level: "error" }, { ...access, status: "404" }].map(of), [
      true,
      false,
      true,
      false,
    ]);
    assert.equal(isError({ time: "", source: "", text: "error" }), false);
  });
});

describe("npm run logs", () => {
  let state: string;
  let path: string;
  let printed: string;
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), "logs-"));
    path = join(state, "platform.log");
    printed = "";
  });
  afterEach(() => rmSync(state, { recursive: true, force: true }));

  /** Runs the command, and adds what it prints to `printed`. */
  const run = async (words: string[], options: Omit<LogsOptions, "state">) => {
    const { write } = process.stdout;
    process.stdout.write = ((chunk: string, done?: (error?: Error) => void) => {
      printed += chunk;
      done?.();
      return true;
    }) as typeof write;
    try {
      await logs(words, { state, ...options });
    } finally {
      process.stdout.write = write;
    }
  };
  const add = (source: string, text: string) => appendFileSync(path, `${writeLogLine(source, text)}\n`);
  /** What was printed, without times and padding. */
  const lines = () => [...printed.matchAll(/^\S+ +(.*?) {2,}(.*)$/gm)].map(([, source, text]) => `${source}: ${text}`);

  it("prints the last lines of the sources that all words name", async () => {
    add("food-store eu-west-1a", "one");
    add("food-store eu-west-1b", "two");
    add("gateway eu-west-1", JSON.stringify(access));
    add("food-store eu-west-1a", "three");
    await run(["food-store", "eu-west-1a"], { last: 10 });
    assert.deepEqual(lines(), ["food-store eu-west-1a: one", "food-store eu-west-1a: three"]);
    printed = "";
    await run(["food-store"], { last: 2 });
    assert.deepEqual(lines(), ["food-store eu-west-1b: two", "food-store eu-west-1a: three"]);
    printed = "";
    await run([], { last: 0 });
    assert.equal(printed, "");
    await run([], { last: 10, errors: true });
    assert.match(printed, /503 GET/);
    assert.equal(lines().length, 1);
  });

  it("refuses a word that no source has, and a folder without a log, in a sentence", async () => {
    const sentence = (pattern: RegExp) => (error: unknown) => error instanceof UserError && pattern.test(error.message);
    await assert.rejects(run([], { last: 1 }), sentence(/there is no log .*start a platform/));
    add("route53", "one");
    await assert.rejects(run(["shop"], { last: 1 }), sentence(/got "shop"; allowed: route53$/));
  });

  it("follows what is added, also in a file that begins anew, and before there is one", async () => {
    const ended = new AbortController();
    const following = run(["a"], { last: 10, follow: true, signal: ended.signal });
    try {
      add("a", "one");
      await until("one", () => lines().includes("a: one"));
      const half = writeLogLine("a", "two");
      appendFileSync(path, half.slice(0, -1));
      add("", "");
      renameSync(path, `${path}.1`);
      appendFileSync(`${path}.1`, `${writeLogLine("a", "last of the old")}\n`);
      writeFileSync(path, `${writeLogLine("b", "not asked for")}\n${writeLogLine("a", "first of the new")}\n`);
      await until("the new file", () => lines().includes("a: first of the new"));
      assert.deepEqual(lines().slice(-2), ["a: last of the old", "a: first of the new"]);
    } finally {
      ended.abort();
      await following;
    }
  });
});
