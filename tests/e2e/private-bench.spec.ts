import assert from "node:assert/strict";
import { measure, problemOf } from "../../bench/private";

describe("the bench of the private API", function () {
  this.timeout(120_000);

  it("calls a server directly and through the private API, as a role, and measures both", async () => {
    const { direct, through } = await measure("ec2", 20);
    assert.ok(direct > 0 && through > 0, `direct ${direct} ms, through ${through} ms`);
  });

  it("has a limit for what the private API adds at the median", () => {
    assert.equal(problemOf({ direct: 2, through: 5 }), undefined);
    assert.match(problemOf({ direct: 2, through: 5.1 })!, /must add at most 3 ms at the median, got 3\.10 ms/);
  });
});
