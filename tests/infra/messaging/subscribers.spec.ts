import assert from "node:assert/strict";
import { capture } from "../../../graph/capture/capture";
import { GraphIndex } from "../../../graph/model";
import { createSubscribers, type Subscriber } from "../../../infra/messaging/subscribers";
import { replanned } from "../../conformance/plans";
import { exampleConfig, problemsOf } from "../../stacks/config/example";

const subscriptionType = "aws:sns/topicSubscription:TopicSubscription";
const topicArn = "arn:aws:sns:eu-west-1:123456789012:changes";

async function planOf(subscribers: readonly Subscriber[]): Promise<GraphIndex> {
  const args = {
    account: "123456789012",
    service: "shop",
    topicArn,
    keyArn: "arn:aws:kms:eu-west-1:123456789012:key/1",
  };
  return new GraphIndex(await capture(() => createSubscribers("shop-changes", { ...args, subscribers }, {})));
}

const url = "https://hooks.example.com/changes";
const program: Subscriber = { protocol: "https", endpoint: url };

describe("who outside the platform is told of changes", () => {
  it("gets SNS's own message with its signature, is tried for half an hour, and what it never takes is kept", async () => {
    const plan = await planOf([program]);
    const { inputs } = plan.one(subscriptionType, {});
    assert.deepEqual([inputs["protocol"], inputs["endpoint"], inputs["topic"]], ["https", url, topicArn]);
    assert.equal(inputs["rawMessageDelivery"], undefined, "a raw message has no signature");
    const { healthyRetryPolicy, throttlePolicy } = JSON.parse(inputs["deliveryPolicy"]);
    assert.equal(throttlePolicy.maxReceivesPerSecond, 10);
    assert.ok(healthyRetryPolicy.numRetries * healthyRetryPolicy.maxDelayTarget <= 3_600, "SNS takes an hour at most");
    const queue = plan.one("aws:sqs/queue:Queue", {});
    assert.deepEqual(JSON.parse(inputs["redrivePolicy"]), { deadLetterTargetArn: queue.outputs["arn"] });
    const policy = plan.one("aws:sqs/queuePolicy:QueuePolicy", {});
    assert.deepEqual(JSON.parse(policy.inputs["policy"]).Statement[1].Principal, { Service: "sns.amazonaws.com" });
    assert.equal(plan.ofType("aws:cloudwatch/metricAlarm:MetricAlarm").length, 1);
  });

  it("gets the kinds of changes that it asks for, which the message says", async () => {
    const plan = await planOf([{ protocol: "email", endpoint: "shop@example.com", kinds: ["deleted"] }]);
    const { inputs } = plan.one(subscriptionType, {});
    assert.deepEqual(JSON.parse(inputs["filterPolicy"]), { kind: ["deleted"] });
    assert.equal(inputs["filterPolicyScope"], "MessageBody");
    assert.deepEqual(plan.ofType("aws:sqs/queue:Queue"), [], "e-mail has no dead letters");
  });

  it("keeps its subscription when another one is added or removed", async () => {
    const other: Subscriber = { protocol: "https", endpoint: "https://first.example.com/" };
    const urns = async (all: Subscriber[]) =>
      (await planOf(all)).ofType(subscriptionType).find(({ inputs }) => inputs["endpoint"] === url)!.urn;
    assert.equal(await urns([other, program]), await urns([program]));
  });

  it("is named in configuration, and is told by each region's topic of that region's changes", async () => {
    const plan = await replanned("prod", (config) => {
      config.events = {
        subscribers: [{ service: "food-store", url }],
        emails: [{ service: "pet-store", kinds: ["created"], addresses: ["pets@example.com", "shop@example.com"] }],
      };
    });
    const told = plan.ofType(subscriptionType).filter(({ inputs }) => /pets@|shop@|hooks/.test(inputs["endpoint"]));
    assert.equal(told.length, 2 * 3);
    for (const { region, inputs } of told) assert.match(inputs["topic"], new RegExp(`:${region}:`));
  });
});

describe("the configuration of who is told of changes", () => {
  const problems = (events: unknown) => problemsOf({ ...exampleConfig("prod"), events } as never, "prod");

  it("is refused for a service that publishes nothing, for one address twice, and for what is no public https URL", () => {
    const none = { subscribers: [], emails: [] };
    assert.deepEqual(problems({ ...none, subscribers: [{ service: "shipping", url }] }), [
      'platform:events.subscribers[0].service must be a service that publishes changes (food-store, pet-store), got "shipping"; correct it',
    ]);
    const twice = { service: "pet-store", url };
    assert.match(
      problems({ ...none, subscribers: [twice, twice] }).join(),
      /must tell each address of a service's changes once/,
    );
    const kinds = ["created", "created"];
    assert.match(problems({ ...none, subscribers: [{ ...twice, kinds }] }).join(), /kinds must be different/);
    for (const bad of [
      "http://hooks.example.com/",
      "https://10.0.0.1/",
      "https://localhost/",
      "https://a.example.com/{id}",
    ]) {
      assert.equal(problems({ ...none, subscribers: [{ service: "pet-store", url: bad }] }).length, 1, bad);
    }
    assert.deepEqual(problems(none), []);
  });
});
