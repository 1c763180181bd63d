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
  const outputs = join(state, "outputs.json");
  let world: World;
  let deployed: { state: string; stack: string; outputs: string; endpoint: string };

  before(async () => {
    world = await World.start();
    const { queues } = world.messaging;
    const dead = queues.create(region, "orders-dead");
    const redrive = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 });
    queues.create(region, "orders", { RedrivePolicy: redrive, VisibilityTimeout: "0" });
    queues.create(region, "changes-failed");
    // Another program's queues in the same account.
    const { arn } = queues.create(region, "theirs-dead");
    queues.create(region, "theirs", {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 1 }),
    });
    const urlOf = (name: string) => `https://sqs.${region}.amazonaws.com/123456789012/${name}`;
    const compute = {
      [region]: {
        "food-store": { kind: "function", deadLetters: [urlOf("changes-failed")] },
        shipping: { kind: "listener", deadLetters: [urlOf("orders-dead")] },
        "pet-store": { kind: "function" },
      },
    };
    writeFileSync(outputs, JSON.stringify({ compute }));
    deployed = { state, stack: "dev", outputs, endpoint: world.endpoint.url };
    const { origin } = await serve((_, res) => {
      const endpoints = { aws: world.endpoint.url, regions: { [region]: {} } };
      res.end(JSON.stringify({ stack: "dev", outputs: { compute }, endpoints }));
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
  const fail = async (body: string, name = "orders") => {
    const queue = world.messaging.queues.named(region, name);
    queue.send({ body, senderId: "test" });
    assert.equal((await queue.receive({ most: 1 })).length, 1);
    assert.equal((await queue.receive({ most: 1, waitSeconds: 0 })).length, 0);
  };

  it("lists the queues of dead letters, and sends them to the queue that they came from", async () => {
    await fail("one");
    await fail("two");
    const listed = "     0  eu-west-1  changes-failed  (of no queue)\n     2  eu-west-1  orders-dead  (of orders)\n";
    assert.equal(await printed(() => listDeadLetters({ state })), listed);
    assert.equal(await printed(() => listDeadLetters(deployed)), listed);
    const sent = await printed(() => redriveDeadLetters("orders", { state, rate: 500 }));
    assert.equal(sent, "eu-west-1  orders-dead: 2 sent to orders\n");
    const again = await world.messaging.queues.named(region, "orders").receive({ most: 10 });
    assert.deepEqual(again.map(({ body }) => body).sort(), ["one", "two"]);
    world.messaging.queues.named(region, "orders").purge();
    assert.equal(
      await printed(() => redriveDeadLetters(undefined, { state })),
      "eu-west-1  changes-failed: 0 stay, as they come from no queue\neu-west-1  orders-dead: 0 sent to orders\n",
    );
  });

  it("has the queues of live changes too, of the regions that are asked for", async () => {
    const { queues } = world.messaging;
    const { arn } = queues.create(region, "live-dead");
    const redrive = JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 1 });
    queues.create(region, "live", { RedrivePolicy: redrive, VisibilityTimeout: "0" });
    await fail("change", "live");
    const live = { deadLetters: [`https://sqs.${region}.amazonaws.com/123456789012/live-dead`] };
    const edge = { [region]: { apiUrl: "https://api.example.com", live }, "eu-central-1": {} };
    const path = join(state, "live.json");
    writeFileSync(path, JSON.stringify({ compute: { [region]: {}, "eu-central-1": {} }, edge }));
    const options = { ...deployed, outputs: path };
    assert.equal(await printed(() => listDeadLetters(options)), "     1  eu-west-1  live-dead  (of live)\n");
    const other = await printed(() => listDeadLetters({ ...options, region: "eu-central-1" }));
    assert.equal(other, "there are no queues of dead letters\n");
    const sent = await printed(() => redriveDeadLetters("live", options));
    assert.equal(sent, "eu-west-1  live-dead: 1 sent to live\n");
  });

  it("leaves the queues of other programs in the account alone", async () => {
    const theirs = world.messaging.queues.named(region, "theirs-dead");
    theirs.send({ body: "theirs", senderId: "test" });
    await printed(() => redriveDeadLetters(undefined, deployed));
    assert.equal((await theirs.receive({ most: 1 })).length, 1);
    await assert.rejects(redriveDeadLetters("theirs", deployed), /queue must be one with dead letters/);
  });

  it("refuses a region that the environment does not have, and outputs of another form", async () => {
    await assert.rejects(listDeadLetters({ ...deployed, region: "us-east-1" }), {
      message: '--region must be one of dev (eu-west-1), got "us-east-1"; correct it',
    });
    writeFileSync(join(state, "wrong.json"), JSON.stringify({ compute: { [region]: { shop: { deadLetters: "x" } } } }));
    await assert.rejects(listDeadLetters({ ...deployed, outputs: join(state, "wrong.json") }), {
      message: /^the outputs of dev are wrong at compute\.eu-west-1\.shop\.deadLetters: .*; deploy it first$/,
    });
  });

  it("refuses a queue without dead letters, and says which have some", async () => {
    await assert.rejects(redriveDeadLetters("shop", { state }), (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.equal(
        error.message,
        'queue must be one with dead letters (changes-failed, orders-dead), got "shop"; correct it',
      );
      return true;
    });
  });
});
