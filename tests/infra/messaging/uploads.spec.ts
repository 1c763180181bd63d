import assert from "node:assert/strict";
import type { GraphIndex } from "../../../graph/model";
import { environments, planned } from "../../conformance/plans";

for (const environment of environments) {
  describe(`uploads to a service's bucket in ${environment}`, () => {
    let plan: GraphIndex;
    before(async () => {
      plan = await planned(environment);
    });

    it("fill a queue in each region, which the bucket alone may fill, and for the prefix of the contract", () => {
      const notifications = plan.ofType("aws:s3/bucketNotification:BucketNotification");
      assert.equal(notifications.length, environment === "dev" ? 1 : 2);
      for (const { region, inputs, dependencies } of notifications) {
        const name = `${region}-pet-store-uploads`;
        const queue = plan.ofType("aws:sqs/queue:Queue").find((each) => each.name === name)!;
        assert.deepEqual(inputs["queues"], [
          { id: "uploads", queueArn: queue.outputs["arn"], events: ["s3:ObjectCreated:*"], filterPrefix: "records/" },
        ]);
        const policy = plan.ofType("aws:sqs/queuePolicy:QueuePolicy").find((each) => each.name === `${name}-tls`)!;
        assert.ok(dependencies.includes(policy.urn), "S3 tries the queue when the notification is made");
        const allowed = JSON.parse(policy.inputs["policy"]).Statement[1];
        assert.deepEqual(allowed.Principal, { Service: "s3.amazonaws.com" });
        assert.deepEqual(allowed.Condition, {
          StringEquals: { "aws:SourceAccount": "123456789012" },
          ArnEquals: { "aws:SourceArn": `arn:aws:s3:::${inputs["bucket"]}` },
        });
        const key = plan.ofType("aws:kms/key:Key").find((each) => each.name === `${region}-messaging-key`)!;
        const senders = JSON.parse(key.inputs["policy"]).Statement[1];
        assert.deepEqual(senders.Principal, { Service: ["sns.amazonaws.com", "s3.amazonaws.com"] });
        assert.deepEqual(senders.Condition, { StringEquals: { "aws:SourceAccount": "123456789012" } });
      }
    });

    it("are handed to the service's own function, translated", () => {
      for (const mapping of plan.ofType("aws:lambda/eventSourceMapping:EventSourceMapping")) {
        if (!mapping.name.includes("uploads")) continue;
        const { region } = mapping;
        const alias = plan.ofType("aws:lambda/alias:Alias").find((each) => each.name === `${region}-pet-store-alias`)!;
        assert.equal(mapping.inputs["functionName"], alias.outputs["arn"]);
        const code = plan
          .ofType("aws:lambda/function:Function")
          .find((each) => each.name === `${region}-pet-store-function`)!;
        assert.match(
          code.inputs["environment"].variables.QUEUE_ROUTES,
          /-uploads-[0-9a-f]+=uploads:\/pet-store\/records\/uploaded$/,
        );
      }
    });
  });
}
