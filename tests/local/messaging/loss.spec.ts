import assert from "node:assert/strict";
import { runLoss } from "./loss";

describe("events under 100 a second, while consumer, service and store are killed in turn", function () {
  this.timeout(240_000);

  it("are not lost, have one effect each, and only those that are poisoned are dead letters until they are sent again", async () => {
    const { lost, twice, deadLetters, poisoned, sentAgain, events, kills } = await runLoss(10);
    assert.equal(events, 1_000);
    assert.deepEqual({ lost, twice }, { lost: 0, twice: 0 });
    assert.equal(poisoned, 10);
    assert.deepEqual(deadLetters, Array.from({ length: poisoned }, (_, at) => `poison-${at * 100 + 99}`).sort());
    assert.equal(sentAgain, poisoned);
    assert.ok(kills.consumer >= 1 && kills.service >= 1 && kills.store >= 1, JSON.stringify(kills));
  });
});
