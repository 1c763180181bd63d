import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listDeadLetters, redriveDeadLetters } from "../../cli/dead-letters/dead-letters";
import { UserError } from "../../graph/user-error";
import { World } from "../fidelity/events/world";
import { serve, stopAll } from "../local/apigateway/http/helpers/running";

const region = "eu-west-1";

describe("npm run dead-letters", () => {
  const state = mkdtempSync(join(tmpdir(), "platform-dead-letters-"));
  let world: World;

  before(async () => {
    world = await World.start();
    const { queues } = world.messaging;
    const dead = queues.create(region, "orders-dead");
    const redrive = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 });
    queues.create(region, "orders", { RedrivePolicy: redrive, VisibilityTimeout: "0" });
    const { origin } = await serve((_, res) => {
      res.end(JSON.stringify({ endpoints: { aws: world.endpoint.url, regions: { [region]: {} } } }));
    });
    writeFileSync(join(state, "endpoints.json"), JSON.stringify({ console: origin }));
  });
  after(async () => {
    await world.stop();
    await stopAll();
    rmSync(state, { recursive: true, force: true });
  });

  /** Runs a command and returns what it prints. */
  const printed = async (work: () => Promise<void>) => {
    const { write } = process.stdout;
    let text = "";
    process.stdout.write = ((chunk: string, done?: (error?: Error) => void) => {
      text += chunk;
      done?.();
      return true;
    }) as typeof write;
    try {
      await work();
    } finally {
      process.stdout.write = write;
    }
    return text;
  };

  /** Makes a dead letter of a message. */
  const fail = async (body: string) => {
    const orders = world.messaging.queues.named(region, "orders");
    orders.send({ body, senderId: "test" });
    assert.equal((await orders.receive({ most: 1 })).length, 1);
    assert.equal((await orders.receive({ most: 1, waitSeconds: 0 })).length, 0);
  };

  it("lists the queues of dead letters, and sends them to the queue that they came from", async () => {
    await fail("one");
    await fail("two");
    assert.equal(await printed(() => listDeadLetters({ state })), "     2  eu-west-1  orders-dead  (of orders)\n");
    const sent = await printed(() => redriveDeadLetters("orders", { state, rate: 500 }));
    assert.equal(sent, "eu-west-1  orders-dead: 2 sent to orders\n");
    const again = await world.messaging.queues.named(region, "orders").receive({ most: 10 });
    assert.deepEqual(again.map(({ body }) => body).sort(), ["one", "two"]);
    world.messaging.queues.named(region, "orders").purge();
    assert.equal(
      await printed(() => redriveDeadLetters(undefined, { state })),
      "eu-west-1  orders-dead: 0 sent to orders\n",
    );
  });

  it("moves nothing in a region of AWS without the name of a queue, as other programs have queues there", async () => {
    await assert.rejects(redriveDeadLetters(undefined, { state, region }), (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /^queue must be named in a region of AWS, .* prints all$/);
      return true;
    });
  });

  it("refuses a queue without dead letters, and says which have some", async () => {
    await assert.rejects(redriveDeadLetters("shop", { state }), (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.message, 'queue must be one with dead letters (orders-dead), got "shop"; correct it');
      return true;
    });
  });
});
