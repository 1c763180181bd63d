import assert from "node:assert/strict";
import { checkLate } from "../../../cli/drill/history/late";
import { checkLinearizable } from "../../../cli/drill/history/linearizable";
import type { Operation } from "../../../cli/drill/history/operation";

const put = (value: number, start: number, end?: number, key = "a"): Operation => ({
  ...{ key, kind: "put", value, start },
  ...(end === undefined ? {} : { end }),
});
const get = (value: number, start: number, end = start + 1, key = "a"): Operation => ({
  key,
  kind: "get",
  value,
  start,
  end,
});
const isFine = (...history: Operation[]) => checkLinearizable(history).length === 0;

describe("a history of items in one place", () => {
  it("is fine when each get reads the put before it", () => {
    assert.ok(isFine(get(0, 0), put(1, 2, 3), get(1, 4), put(2, 6, 7), get(2, 8)));
  });

  it("may have a get read either value while a put is made", () => {
    assert.ok(isFine(put(1, 0, 1), put(2, 2, 10), get(1, 3), get(2, 5), get(2, 12)));
    assert.ok(isFine(put(1, 0, 1), put(2, 2, 10), get(2, 3), get(2, 5)));
  });

  it("is violated when an acknowledged put is lost, and the violation has the whole history of the key", () => {
    const history = [put(1, 0, 1), put(2, 2, 3), get(1, 4), put(1, 0, 1, "b"), get(1, 3, 4, "b")];
    const [violation, ...others] = checkLinearizable(history);
    assert.deepEqual(others, []);
    assert.equal(violation?.key, "a");
    assert.equal(violation.what, "no order of its operations explains the get of 1, which began at 4 ms");
    assert.deepEqual(violation.history, history.slice(0, 3));
  });

  it("is violated when a value goes back after it was read", () => {
    assert.ok(!isFine(put(1, 0, 1), put(2, 2, 10), get(2, 3), get(1, 5)));
  });

  it("is violated by a value that was never stored, or is stored later", () => {
    assert.ok(!isFine(put(1, 0, 1), get(7, 2)));
    assert.ok(!isFine(get(1, 0), put(1, 2, 3)));
    assert.ok(!isFine(put(1, 0, 1), get(-1, 2)));
  });

  it("may or may not have a put that was not answered, at any time after it began", () => {
    assert.ok(isFine(put(1, 0, 1), put(2, 2), get(1, 3), get(1, 5)));
    assert.ok(isFine(put(1, 0, 1), put(2, 2), get(2, 3)));
    assert.ok(isFine(put(1, 0, 1), put(2, 2), put(3, 10, 11), get(3, 12), get(2, 20), get(2, 22)));
    assert.ok(!isFine(put(1, 0, 1), put(2, 5), get(2, 3)));
    assert.ok(!isFine(put(1, 0, 1), put(2, 2), put(3, 10, 11), get(2, 20), get(3, 22)), "it comes once");
  });

  it("is checked in no time, also with puts that were not answered", () => {
    const history = Array.from({ length: 3_000 }, (_, i) =>
      i % 10 === 0 ? put(i + 1, i, i % 50 === 0 ? undefined : i + 0.9) : get(newest(i), i),
    );
    function newest(i: number): number {
      const last = Math.floor(i / 10) * 10;
      return last % 50 === 0 ? (last === 0 ? 0 : last - 9) : last + 1;
    }
    const started = performance.now();
    assert.deepEqual(checkLinearizable(history), []);
    assert.ok(performance.now() - started < 2_000);
  });
});

describe("a history while a region is lost", () => {
  const loss = { lostAt: 1_000, settledAt: 5_000, lagMs: 100 };
  const isFineLate = (...history: Operation[]) => checkLate(history, loss).length === 0;

  it("may miss until all is settled what was acknowledged within the lag before the loss", () => {
    assert.ok(isFineLate(put(1, 100, 110), put(2, 920, 950), get(1, 2_000), get(2, 6_000)));
    assert.ok(!isFineLate(put(1, 100, 110), put(2, 820, 850), get(1, 2_000)));
  });

  it("loses nothing: afterwards the newest write is there", () => {
    const lost = [put(1, 100, 110), put(2, 920, 950), get(1, 6_000)];
    assert.match(checkLate(lost, loss)[0]!.what, /^a write that was acknowledged is lost: at 6000 ms the get read 1$/);
    assert.ok(isFineLate(put(1, 100, 110), put(2, 920, 950), put(3, 2_000, 2_010), get(3, 6_000)));
  });

  it("may have a read be late by the lag meanwhile, and not before", () => {
    assert.ok(isFineLate(put(1, 100, 110), put(2, 2_000, 2_010), get(1, 2_050), get(2, 2_200)));
    assert.ok(!isFineLate(put(1, 100, 110), put(2, 2_000, 2_010), get(1, 2_200)));
    assert.ok(!isFineLate(put(1, 100, 110), put(2, 200, 210), get(1, 220)));
  });

  it("may or may not have what was not answered, but nothing from nowhere", () => {
    assert.ok(isFineLate(put(1, 100, 110), put(2, 900), get(2, 6_000)));
    assert.ok(isFineLate(put(1, 100, 110), put(2, 900), get(1, 6_000)));
    assert.ok(!isFineLate(put(1, 100, 110), get(9, 6_000)));
    assert.ok(!isFineLate(get(1, 50), put(1, 100, 110)));
  });
});
