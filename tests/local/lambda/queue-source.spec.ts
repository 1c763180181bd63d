import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { settingsOf } from "../../../local/lambda/event-sources/mapping-settings";
import { QueueSource } from "../../../local/lambda/event-sources/queue-source";
import { Queues } from "../../../local/sqs/queues";
import { TimeScale } from "../../../local/time-scale";
import { until } from "../helpers/wait";

describe("the source of a queue's messages for a function", () => {
  const time = new TimeScale(10);

  it("says once that the queue was deleted, and goes on with another one of its name", async () => {
    const queues = new Queues({ account: "123456789012", time });
    const { arn } = queues.create("eu-west-1", "orders");
    const logged: string[] = [];
    const bodies: string[] = [];
    const source = new QueueSource({
      settings: settingsOf({
        ...{ EventSourceArn: arn, FunctionName: "consumer" },
        ...{ BatchSize: 20, MaximumBatchingWindowInSeconds: 5 },
      }),
      ...{ time, log: (line) => logged.push(line) },
      source: () => queues.named("eu-west-1", "orders"),
      invoke: async (event) => {
        bodies.push(...(event as { Records: { body: string }[] }).Records.map(({ body }) => body));
      },
    });
    source.start();
    queues.at(arn)!.send({ body: "one", senderId: "x" });
    await sleep(50); // it gathers a batch by now
    queues.delete(queues.at(arn)!);
    await until("the batch is handed over, and the queue is missed", () => logged.length > 0);
    assert.deepEqual(bodies, ["one"]);
    await sleep(250); // it has asked again by now
    assert.deepEqual(logged, ["The specified queue does not exist."]);
    queues.create("eu-west-1", "orders").send({ body: "two", senderId: "x" });
    await until("the new queue is found", () => bodies.length === 2);
    await source.stop();
    queues.stop();
  });
});
