import assert from "node:assert/strict";
import type { GraphIndex } from "../../../graph/model";
import { planned, replanned } from "../../conformance/plans";

const queueType = "aws:sqs/queue:Queue";
const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";
/** Queues that an event source reads are work; all others have what could not be delivered. */
const unread = (plan: GraphIndex) => {
  const read = plan
    .ofType("aws:lambda/eventSourceMapping:EventSourceMapping")
    .map((one) => one.inputs["eventSourceArn"]);
  return plan.ofType(queueType).filter(({ outputs }) => !read.includes(outputs["arn"]));
};

describe("queues of dead letters", () => {
  it("are those of the stack outputs, by region and service, in every environment", async () => {
    for (const environment of ["dev", "prod"] as const) {
      const plan = await planned(environment);
      const named = Object.entries(plan.graph.outputs["compute"]).flatMap(([region, services]) =>
        Object.values(services as Record<string, { deadLetters?: string[] }>).flatMap(({ deadLetters = [] }) =>
          deadLetters.map((url) => [region, url]),
        ),
      );
      const made = unread(plan).map(({ region, outputs }) => [region, outputs["url"]]);
      assert.ok(made.length > 5, `${made.length} in ${environment}`);
      assert.deepEqual(named.sort(), made.sort());
    }
  });

  it("of a program outside are among them, at the service that publishes", async () => {
    const plan = await replanned("dev", (config) => {
      config.events = { subscribers: [{ service: "food-store", url: "https://hooks.example.com/" }], emails: [] };
    });
    const { deadLetters } = plan.graph.outputs["compute"]["eu-west-1"]["food-store"];
    assert.deepEqual(
      deadLetters.map((url: string) => url.replace(/^.*food-store-/, "").replace(/-[0-9a-f]{7}$/, "")),
      ["changes-failed", "changes-undelivered-queue"],
    );
  });

  it("have an alarm each, which tells people", async () => {
    const plan = await planned("prod");
    const watched = plan
      .ofType(alarmType)
      .filter(({ inputs }) => inputs["namespace"] === "AWS/SQS" && inputs["alarmActions"]?.length > 0)
      .map(({ inputs }) => inputs["dimensions"]["QueueName"]);
    const alone = unread(plan).filter(({ outputs }) => !watched.includes(outputs["name"]));
    assert.deepEqual(alone, []);
  });
});
