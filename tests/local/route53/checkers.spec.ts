import assert from "node:assert/strict";
import { Checkers, numberOfCheckers } from "../../../local/route53/checkers";

describe("the checkers of a health check", () => {
  /** Records results of one checker; returns whether the endpoint is healthy after each. */
  const record = (checkers: Checkers, checker: number, ...results: boolean[]) =>
    results.map((passed) => {
      checkers.record(checker, passed);
      return checkers.healthy;
    });

  it("are two for each region of the check, or of all eight", () => {
    const regions = ["us-east-1", "eu-west-1", "ap-southeast-1"];
    assert.deepEqual([numberOfCheckers(regions), numberOfCheckers(undefined), numberOfCheckers([])], [6, 16, 16]);
  });

  it("find an endpoint unhealthy when at most 18 % of them find it healthy", () => {
    const six = new Checkers(6, 3);
    for (const checker of [0, 1, 2, 3]) record(six, checker, false, false, false);
    assert.deepEqual(record(six, 4, false, false, false), [true, true, false], "one of six is 17 %");
    const sixteen = new Checkers(16, 1);
    for (let checker = 0; checker < 13; checker++) assert.equal(sixteen.record(checker, false), false);
    assert.equal(sixteen.healthy, true, "three of sixteen are 19 %");
    assert.equal(sixteen.record(13, false), true);
    assert.equal(sixteen.healthy, false);
  });

  it("change their minds after results in a row only, in both directions", () => {
    const one = new Checkers(1, 3);
    assert.deepEqual(record(one, 0, false, false, true, false, false, true), Array(6).fill(true));
    assert.deepEqual(record(one, 0, false, false, false), [true, true, false]);
    assert.deepEqual(record(one, 0, true, true, false, true, true, true), [false, false, false, false, false, true]);
  });

  it("find an endpoint healthy again when two of six do", () => {
    const six = new Checkers(6, 2);
    for (let checker = 0; checker < 6; checker++) record(six, checker, false, false);
    assert.deepEqual(record(six, 5, true, true), [false, false]);
    assert.deepEqual(record(six, 2, true, true), [false, true]);
  });
});
