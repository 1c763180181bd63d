import assert from "node:assert/strict";
import { readExpression } from "../../../local/scheduler/expression";

/** Minutes of a day that a cron expression matches, as `HH:MM`. */
function timesOn(day: string, expression: string): string[] {
  const timetable = readExpression(expression);
  assert.equal(timetable?.kind, "cron", expression);
  const minutes = Array.from({ length: 1_440 }, (_, i) => new Date(Date.parse(`${day}T00:00:00Z`) + i * 60_000));
  return minutes.filter(timetable.matches).map((at) => at.toISOString().slice(11, 16));
}

describe("expressions of schedules", () => {
  it("are rates in seconds", () => {
    assert.deepEqual(readExpression("rate(1 minute)"), { kind: "rate", seconds: 60 });
    assert.deepEqual(readExpression("rate(2 hours)"), { kind: "rate", seconds: 7_200 });
    assert.deepEqual(readExpression("rate(3 days)"), { kind: "rate", seconds: 259_200 });
  });

  it("are times by minute, hour, day, month, weekday and year", () => {
    const friday = "2026-11-27";
    assert.deepEqual(timesOn(friday, "cron(30 4 * * ? *)"), ["04:30"]);
    assert.deepEqual(timesOn(friday, "cron(0 6 ? * 6 *)"), ["06:00"]);
    assert.deepEqual(timesOn(friday, "cron(0/20 8-9 ? * 2-6 *)"), [
      "08:00",
      "08:20",
      "08:40",
      "09:00",
      "09:20",
      "09:40",
    ]);
    assert.deepEqual(timesOn(friday, "cron(5,10 */12 27 11 ? 2026)"), ["00:05", "00:10", "12:05", "12:10"]);
    for (const other of [
      "cron(0 0 26 * ? *)",
      "cron(0 0 ? * 1,7 *)",
      "cron(0 0 * 12 ? *)",
      "cron(0 0 * * ? 2027-2030)",
    ]) {
      assert.deepEqual(timesOn(friday, other), [], other);
    }
  });

  it("are unknown in every other form", () => {
    for (const text of [
      "at(2030-01-01T00:00:00)",
      "rate(1 week)",
      "cron(0 0 L * ? *)",
      "cron(60 0 * * ? *)",
      "cron(0 0)",
    ]) {
      assert.equal(readExpression(text), undefined, text);
    }
    assert.equal(readExpression("cron(9-5 0 * * ? *)"), undefined);
    assert.equal(readExpression("cron(0/0 0 * * ? *)"), undefined);
  });
});
