import type { GraphIndex } from "../../graph/model";
import { attributeText, madeAsPlanned, plannedAttributes } from "../aws/planned-attributes";
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
    madeAsPlanned("SNS", planned, () =>
      topics.create(planned.region!, planned.outputs["name"], plannedAttributes(planned, ofTopic)),
    );
  }
  for (const planned of index.ofType("aws:sns/topicPolicy:TopicPolicy")) {
    const { arn, policy } = planned.outputs;
    const topic = topics.at(arn, planned.region!);
    topic.attributes = { ...topic.attributes, Policy: attributeText(policy) };
  }
}

/** Makes the planned subscriptions. Endpoints are asked to confirm theirs, so the address of the API must be known. */
export function createPlannedSubscriptions(index: GraphIndex, topics: Topics): void {
  for (const planned of index.ofType("aws:sns/topicSubscription:TopicSubscription")) {
    const { topic, protocol, endpoint } = planned.outputs;
    const attributes = plannedAttributes(planned, ofSubscription);
    madeAsPlanned("SNS", planned, () =>
      topics.subscribe(topics.at(topic, planned.region!), { protocol, endpoint, attributes }),
    );
  }
}
