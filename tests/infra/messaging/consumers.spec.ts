import assert from "node:assert/strict";
import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { type PatternName, patternNames } from "../../../infra/compute/registry";
import { replanned } from "../../conformance/plans";

const json = (text: string) => JSON.parse(text);
const region = "eu-west-1";
const name = `${region}-price-calculator`;
const publishers = ["food-store", "pet-store"];

const plans = new Map<PatternName, Promise<GraphIndex>>();
const planOf = (pattern: PatternName) => {
  const plan =
    plans.get(pattern) ??
    replanned("prod", (config) => {
      config.services["price-calculator"].pattern = pattern;
    });
  plans.set(pattern, plan);
  return plan;
};

function one(plan: GraphIndex, type: string, resource: string): PlannedResource {
  const found = plan.ofType(type).filter((each) => each.name === resource && each.region === region);
  assert.equal(found.length, 1, `${type} ${resource}`);
  return found[0]!;
}

describe("what a service consumes", function () {
  this.timeout(120_000);
  it("waits in queues that are the same under every pattern, so that a change of the pattern loses no message", async () => {
    const queues = await Promise.all(
      patternNames.map(async (pattern) => {
        const plan = await planOf(pattern);
        const own = ["sqs/queue:Queue", "sqs/queuePolicy:QueuePolicy", "sns/topicSubscription:TopicSubscription"];
        return own
          .flatMap((type) => plan.ofType(`aws:${type}`))
          .filter((each) => each.name.startsWith(name))
          .map(({ urn, inputs }) => ({ urn, inputs }));
      }),
    );
    assert.ok(queues[0]!.length >= 8);
    for (const others of queues.slice(1)) assert.deepEqual(others, queues[0]);
  });

  for (const pattern of patternNames) {
    describe(`under ${pattern}`, () => {
      let plan: GraphIndex;
      before(async () => {
        plan = await planOf(pattern);
      });

      it("comes from the region's own topic, as it was published, and what does not arrive is kept", () => {
        for (const publisher of publishers) {
          const queue = one(plan, "aws:sqs/queue:Queue", `${name}-${publisher}-changes`);
          const failed = one(plan, "aws:sqs/queue:Queue", `${name}-${publisher}-changes-failed`);
          const topic = one(plan, "aws:sns/topic:Topic", `${region}-${publisher}-changes-topic`);
          const { inputs } = one(
            plan,
            "aws:sns/topicSubscription:TopicSubscription",
            `${name}-${publisher}-changes-subscription`,
          );
          assert.deepEqual([inputs["topic"], inputs["endpoint"]], [topic.outputs["arn"], queue.outputs["arn"]]);
          assert.equal(inputs["rawMessageDelivery"], true);
          assert.deepEqual(json(inputs["redrivePolicy"]), { deadLetterTargetArn: failed.outputs["arn"] });
          for (const each of [queue, failed]) {
            const policy = one(plan, "aws:sqs/queuePolicy:QueuePolicy", `${each.name}-tls`);
            const [tls, allowed] = json(policy.inputs["policy"]).Statement;
            assert.equal(tls.Effect, "Deny");
            assert.deepEqual(allowed.Principal, { Service: "sns.amazonaws.com" });
            assert.deepEqual(allowed.Condition.ArnEquals, { "aws:SourceArn": topic.outputs["arn"] });
          }
        }
      });

      it("is tried ten times, and hidden for six times the longest time of a try", () => {
        for (const publisher of publishers) {
          const { inputs } = one(plan, "aws:sqs/queue:Queue", `${name}-${publisher}-changes`);
          const failed = one(plan, "aws:sqs/queue:Queue", `${name}-${publisher}-changes-failed`);
          assert.deepEqual(json(inputs["redrivePolicy"]), {
            deadLetterTargetArn: failed.outputs["arn"],
            maxReceiveCount: 10,
          });
          assert.deepEqual([inputs["visibilityTimeoutSeconds"], inputs["messageRetentionSeconds"]], [90, 345_600]);
          assert.equal(failed.inputs["messageRetentionSeconds"], 1_209_600);
          const from = one(plan, "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", `${failed.name}-from`);
          assert.deepEqual(json(from.inputs["redriveAllowPolicy"]), {
            redrivePermission: "byQueue",
            sourceQueueArns: [one(plan, "aws:sqs/queue:Queue", `${name}-${publisher}-changes`).outputs["arn"]],
          });
        }
      });

      it(`is handed to ${pattern === "lambda" ? "the service's own function" : "a function that calls the servers"}, each message by itself`, () => {
        const queues = publishers.map((publisher) => one(plan, "aws:sqs/queue:Queue", `${name}-${publisher}-changes`));
        const target =
          pattern === "lambda"
            ? one(plan, "aws:lambda/alias:Alias", `${name}-alias`)
            : one(plan, "aws:lambda/function:Function", `${name}-queues-caller-function`);
        for (const queue of queues) {
          const mapping = one(plan, "aws:lambda/eventSourceMapping:EventSourceMapping", `${queue.name}-source`);
          assert.deepEqual(mapping.inputs["functionResponseTypes"], ["ReportBatchItemFailures"]);
          assert.deepEqual(mapping.inputs["scalingConfig"], { maximumConcurrency: 5 });
          assert.equal(mapping.inputs["eventSourceArn"], queue.outputs["arn"]);
          assert.equal(mapping.inputs["functionName"], target.outputs["arn"]);
        }
        const handler = pattern === "lambda" ? one(plan, "aws:lambda/function:Function", `${name}-function`) : target;
        assert.equal(
          handler.inputs["environment"].variables.QUEUE_ROUTES,
          [
            `${queues[0]!.outputs["name"]}=/price-calculator/changes/foods`,
            `${queues[1]!.outputs["name"]}=/price-calculator/changes/pets`,
          ].join(","),
        );
        assert.ok(handler.inputs["timeout"] * 6 <= 90);
      });

      it("may be received by that function's role, and by no other", () => {
        const may = plan
          .ofType("aws:iam/rolePolicy:RolePolicy")
          .filter(
            ({ inputs }) =>
              inputs["policy"].includes("sqs:ReceiveMessage") && inputs["policy"].includes(`${name}-food`),
          );
        const own = pattern === "lambda" ? `${name}-queues-policy` : `${name}-queues-caller-role-policy`;
        assert.deepEqual(
          may.map((each) => each.name),
          [own],
        );
        const mappings = plan
          .ofType("aws:lambda/eventSourceMapping:EventSourceMapping")
          .filter((each) => each.name.startsWith(name));
        assert.equal(mappings.length, publishers.length);
        for (const mapping of mappings) assert.ok(mapping.dependencies.includes(may[0]!.urn));
      });
    });
  }
});
