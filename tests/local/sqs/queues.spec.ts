import assert from "node:assert/strict";
import { Queues } from "../../../local/sqs/queues";

const account = "123456789012";
const redriveTo = (name: string, maxReceiveCount = 1) => ({
  RedrivePolicy: JSON.stringify({
    deadLetterTargetArn: `arn:aws:sqs:eu-west-1:${account}:${name}`,
    maxReceiveCount,
  }),
});

describe("a queue on this machine", () => {
  let now: number;
  let queues: Queues;
  const make = (name: string, attributes = {}) => queues.create("eu-west-1", name, attributes);
  beforeEach(() => {
    now = Date.parse("2026-01-01T00:00:00Z");
    queues = new Queues({ account, now: () => now });
  });
  afterEach(() => queues.stop());

  it("drops what is older than its retention without being received from, and moves none of it", () => {
    const dead = make("dead", { MessageRetentionPeriod: "60" });
    make("orders", redriveTo("dead"));
    dead.send({ body: "old", senderId: "x" });
    now += 60_000;
    assert.equal(
      dead.withdraw(10, () => true),
      0,
    );
    dead.send({ body: "new", senderId: "x" });
    assert.equal((dead as unknown as { messages: Map<string, unknown> }).messages.size, 1);
    assert.equal(dead.counts().visible, 1);
  });

  it("refuses a policy that is none", () => {
    const invalid = /Invalid value for the parameter Policy/;
    assert.throws(() => make("orders", { Policy: "{" }), invalid);
    assert.throws(() => queues.change(make("orders"), { Policy: "null" }), invalid);
  });

  it("keeps its messages when a move task finds no queue for one of them", () => {
    const dead = make("dead");
    make("orders", redriveTo("dead"));
    for (const body of ["a", "b", "c"]) dead.send({ body, senderId: "x" });
    const task = queues.moves.start(dead.arn);
    assert.deepEqual([task.status, task.failure, task.moved], ["FAILED", "CouldNotDetermineMessageSource", 0]);
    assert.equal(dead.counts().visible, 3);
  });
});
