import type { GraphIndex, PlannedResource } from "../../graph/model";
import { AwsError } from "../aws/aws-error";
import { unsupported } from "../unsupported";
import type { SnsAttributes } from "./topic";
import type { Topics } from "./topics";

/** Attributes of SNS by the property of a planned topic. */
const ofTopic: Readonly<Record<string, string>> = {
  policy: "Policy",
  kmsMasterKeyId: "KmsMasterKeyId",
  deliveryPolicy: "DeliveryPolicy",
  contentBasedDeduplication: "ContentBasedDeduplication",
  signatureVersion: "SignatureVersion",
  displayName: "DisplayName",
};
const ofSubscription: Readonly<Record<string, string>> = {
  rawMessageDelivery: "RawMessageDelivery",
  // Before the policy, which is read by it.
  filterPolicyScope: "FilterPolicyScope",
  filterPolicy: "FilterPolicy",
  redrivePolicy: "RedrivePolicy",
  deliveryPolicy: "DeliveryPolicy",
};

/** Makes the planned topics. @throws {UserError} on a setting that SNS would not take */
export function createPlannedTopics(index: GraphIndex, topics: Topics): void {
  for (const planned of index.ofType("aws:sns/topic:Topic")) {
    accepted(planned, () => topics.create(planned.region!, planned.outputs["name"], attributesOf(planned, ofTopic)));
  }
  for (const planned of index.ofType("aws:sns/topicPolicy:TopicPolicy")) {
    const { arn, policy } = planned.outputs;
    const topic = topics.at(arn, planned.region!);
    topic.attributes = { ...topic.attributes, Policy: textOf(policy) };
  }
}

/** Makes the planned subscriptions. Endpoints are asked to confirm theirs, so the address of the API must be known. */
export function createPlannedSubscriptions(index: GraphIndex, topics: Topics): void {
  for (const planned of index.ofType("aws:sns/topicSubscription:TopicSubscription")) {
    const { topic, protocol, endpoint } = planned.outputs;
    const attributes = attributesOf(planned, ofSubscription);
    accepted(planned, () => topics.subscribe(topics.at(topic, planned.region!), { protocol, endpoint, attributes }));
  }
}

function attributesOf({ outputs }: PlannedResource, names: Readonly<Record<string, string>>): SnsAttributes {
  const given = Object.entries(names).flatMap(([property, name]) => {
    const value = outputs[property];
    return value === undefined || value === "" ? [] : [[name, textOf(value)] as const];
  });
  return Object.fromEntries(given);
}

function textOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function accepted(planned: PlannedResource, make: () => unknown): void {
  try {
    make();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    unsupported(planned, "settings", `as SNS takes them (${error.message})`, planned.outputs["name"] ?? planned.name);
  }
}
