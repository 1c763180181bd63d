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

describe("queues of dead letters", function () {
  this.timeout(60_000);

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

  it("go back to the one queue that they come from, and no role of the program may move, read or delete them", async () => {
    const plan = await planned("prod");
    const letters = unread(plan).map(({ outputs }) => outputs["arn"]);
    const permissions = plan.ofType("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy");
    assert.ok(permissions.length > 0);
    for (const { inputs } of permissions) {
      const { redrivePermission, sourceQueueArns } = JSON.parse(inputs["redriveAllowPolicy"]);
      const own = plan.one(queueType, { url: inputs["queueUrl"] });
      const from = plan
        .ofType(queueType)
        .filter((each) => (each.inputs["redrivePolicy"] ?? "").includes(own.outputs["arn"]))
        .map(({ outputs }) => outputs["arn"]);
      assert.deepEqual([redrivePermission, sourceQueueArns, from.length], ["byQueue", from, 1]);
    }
    const allowed = plan
      .ofType("aws:iam/rolePolicy:RolePolicy")
      .flatMap(({ inputs }) => JSON.parse(inputs["policy"]).Statement as { Action: string[]; Resource: string[] }[])
      .filter(({ Resource }) => [Resource].flat().some((arn) => letters.includes(arn)))
      .flatMap(({ Action }) => Action);
    assert.deepEqual([...new Set(allowed)], ["sqs:SendMessage"]);
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
