import assert from "node:assert/strict";
import { capture } from "../../../graph/capture/capture";
import { AlarmTopic } from "../../../infra/observability/alarm-topic";

async function planned(emails: string[]) {
  const graph = await capture(() => void new AlarmTopic("alarms", { account: "123456789012", emails }));
  return (type: string) => graph.resources.filter((resource) => resource.type === type);
}

describe("AlarmTopic", () => {
  it("is encrypted by a key that alarms of the account may use", async () => {
    const find = await planned([]);
    const [key] = find("aws:kms/key:Key");
    assert.equal(find("aws:sns/topic:Topic")[0]!.inputs["kmsMasterKeyId"], key!.outputs["arn"]);
    assert.equal(key!.inputs["enableKeyRotation"], true);
    const alarms = JSON.parse(key!.inputs["policy"]).Statement.find((each: any) => each.Sid === "Alarms");
    assert.deepEqual(alarms.Principal, { Service: "cloudwatch.amazonaws.com" });
    assert.deepEqual(alarms.Condition, { StringEquals: { "aws:SourceAccount": "123456789012" } });
  });

  it("lets nobody publish but alarms of the account, and them by TLS", async () => {
    const [policy] = (await planned([]))("aws:sns/topicPolicy:TopicPolicy");
    const statements = JSON.parse(policy!.inputs["policy"]).Statement;
    assert.deepEqual(
      statements.map((each: any) => [each.Sid, each.Effect, each.Action]),
      [
        ["Alarms", "Allow", "sns:Publish"],
        ["TlsOnly", "Deny", "sns:Publish"],
      ],
    );
  });

  it("notifies every address", async () => {
    const subscriptions = (await planned(["a@example.com", "b@example.com"]))(
      "aws:sns/topicSubscription:TopicSubscription",
    );
    assert.deepEqual(
      subscriptions.map((each) => [each.inputs["protocol"], each.inputs["endpoint"]]),
      [
        ["email", "a@example.com"],
        ["email", "b@example.com"],
      ],
    );
  });
});
