import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkLinearizable } from "../../../cli/drill/history/linearizable";
import type { Operation } from "../../../cli/drill/history/operation";

const recorded = join(__dirname, "histories");
const goMissing = spawnSync("go", ["version"]).error !== undefined;

/** A generator of numbers from 0 to 1, the same for a seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Makes a history of one item with clients that overlap, some of whose PUTs have no answer. It is linearizable. */
function made(seed: number, operations = 30): Operation[] {
  const random = numbers(seed);
  let value = 0;
  let time = 0;
  return Array.from({ length: operations }, (_, i): Operation => {
    const start = time;
    const effect = start + random() * 3;
    const end = effect + random() * 3;
    time += random() * 4;
    const isPut = random() < 0.4;
    const lost = isPut && random() < 0.2;
    return {
      key: "a",
      kind: isPut ? "put" : "get",
      value: i + 1,
      start,
      ...(lost ? {} : { end }),
      effect,
    } as Operation;
  })
    .map((each) => each as Operation & { effect: number })
    .sort((a, b) => a.effect - b.effect)
    .map(({ effect, ...each }) => {
      if (each.kind === "get") return { ...each, value };
      if (each.end !== undefined || random() < 0.5) value = each.value;
      return each;
    });
}

/** Has a get read something else than it did. */
function spoilt(history: readonly Operation[], seed: number): Operation[] {
  const random = numbers(seed);
  const gets = history.filter(({ kind }) => kind === "get");
  const victim = gets[Math.floor(random() * gets.length)]!;
  const values = [0, ...history.flatMap(({ kind, value }) => (kind === "put" ? [value] : []))];
  return history.map((each) =>
    each === victim ? { ...each, value: values[Math.floor(random() * values.length)]! } : each,
  );
}

describe("histories, by porcupine", function () {
  this.timeout(240_000);
  const folder = mkdtempSync(join(tmpdir(), "porcupine-"));
  const program = join(folder, "check");

  before(function () {
    if (goMissing && process.env["REQUIRE_GO"] !== "1") this.skip();
    execFileSync("go", ["build", "-mod=readonly", "-o", program, "."], {
      cwd: join(__dirname, "porcupine"),
      stdio: "pipe",
    });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Returns whether each history is linearizable. */
  const porcupine = (histories: readonly (readonly Operation[])[]): boolean[] =>
    JSON.parse(execFileSync(program, { input: JSON.stringify(histories), encoding: "utf8" }));
  const own = (histories: readonly (readonly Operation[])[]) =>
    histories.map((each) => checkLinearizable(each).length === 0);

  it("agree with our own checker on made histories, all of which are linearizable", () => {
    const histories = Array.from({ length: 300 }, (_, seed) => made(seed));
    assert.ok(own(histories).every(Boolean));
    assert.deepEqual(porcupine(histories), own(histories));
  });

  it("agree on those in which one get reads something else: some are violated, and some may be so", () => {
    const histories = Array.from({ length: 600 }, (_, seed) => spoilt(made(seed), seed + 1));
    const verdicts = own(histories);
    assert.ok(verdicts.filter((each) => !each).length > 100 && verdicts.filter(Boolean).length > 20);
    assert.deepEqual(porcupine(histories), verdicts);
  });

  it("agree on what drills have recorded, and on the same with an acknowledged PUT that is lost", () => {
    const histories = readdirSync(recorded).map((name): Operation[] =>
      JSON.parse(readFileSync(join(recorded, name), "utf8")),
    );
    assert.ok(histories.length > 0);
    assert.deepEqual(
      porcupine(histories),
      histories.map(() => true),
    );
    assert.deepEqual(
      own(histories),
      histories.map(() => true),
    );
    const planted = histories.map((history) => {
      const last = history.findLast(({ kind, value }) => kind === "get" && value > 1)!;
      return history.map((each) => (each === last ? { ...each, value: 0 } : each));
    });
    assert.deepEqual(
      porcupine(planted),
      histories.map(() => false),
    );
    assert.deepEqual(
      own(planted),
      histories.map(() => false),
    );
  });
});
