import { AwsError } from "../aws/aws-error";
import { isJsonObject } from "../aws/json-object";
import type { XmlValue } from "../aws/query-protocol";
import { mostBytes, sizeOf } from "./publication";
import type { SnsInput } from "./query-form";
import { invalidParameter } from "./sns-error";
import type { SnsAttributes, Subscription } from "./topic";
import type { Topics } from "./topics";

/** A call of SNS. */
export interface SnsCall {
  readonly topics: Topics;
  readonly input: SnsInput;
  readonly region: string;
}

type Operation = (call: SnsCall) => XmlValue | Promise<XmlValue>;

const mostEntries = 10;

const operationsOfTopics: Readonly<Record<string, Operation>> = {
  CreateTopic: ({ topics, input, region }) => ({
    TopicArn: topics.create(region, String(input["Name"]), input["Attributes"] ?? {}).arn,
  }),
  DeleteTopic: ({ topics, input }) => {
    topics.delete(input["TopicArn"]);
    return undefined;
  },
  ListTopics: ({ topics, region }) => {
    const own = topics.all.filter(({ arn }) => arn.split(":")[3] === region);
    return { Topics: { member: own.map(({ arn }) => ({ TopicArn: arn })) } };
  },
  GetTopicAttributes: ({ topics, input, region }) => {
    const { arn, attributes, subscriptions } = topics.at(input["TopicArn"], region);
    const pending = subscriptions.filter((each) => each.pending).length;
    const counts = {
      SubscriptionsConfirmed: String(subscriptions.length - pending),
      SubscriptionsPending: String(pending),
    };
    return { Attributes: entries({ TopicArn: arn, Owner: arn.split(":")[4]!, ...attributes, ...counts }) };
  },
  SetTopicAttributes: ({ topics, input, region }) => {
    const topic = topics.at(input["TopicArn"], region);
    const [name, value] = [String(input["AttributeName"]), String(input["AttributeValue"] ?? "")];
    if (name === "Policy" && value !== "" && !isJsonObject(value)) {
      throw invalidParameter("Policy Error: failed to parse JSON.");
    }
    topic.attributes = { ...topic.attributes, [name]: value };
    return undefined;
  },
};

const operationsOfMessages: Readonly<Record<string, Operation>> = {
  Publish: async ({ topics, input, region }) => {
    const topic = topics.at(input["TopicArn"] ?? input["TargetArn"] ?? "", region);
    const { id, sequenceNumber } = await topics.publish(topic, input);
    return { MessageId: id, SequenceNumber: sequenceNumber };
  },
  PublishBatch: async ({ topics, input, region }) => {
    const topic = topics.at(input["TopicArn"], region);
    const list: readonly SnsInput[] = input["PublishBatchRequestEntries"] ?? [];
    checkBatch(list);
    const done: XmlValue[] = [];
    const failed: XmlValue[] = [];
    for (const entry of list) {
      try {
        const { id, sequenceNumber } = await topics.publish(topic, entry);
        done.push({ Id: entry["Id"], MessageId: id, SequenceNumber: sequenceNumber });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        failed.push({ Id: entry["Id"], Code: error.name, Message: error.message, SenderFault: true });
      }
    }
    return { Successful: { member: done }, Failed: { member: failed } };
  },
};

const operationsOfSubscriptions: Readonly<Record<string, Operation>> = {
  Subscribe: ({ topics, input, region }) => {
    const { Protocol: protocol = "", Endpoint: endpoint = "", Attributes: attributes = {} } = input;
    const made = topics.subscribe(topics.at(input["TopicArn"], region), { protocol, endpoint, attributes });
    const named = !made.pending || input["ReturnSubscriptionArn"] === "true";
    return { SubscriptionArn: named ? made.arn : "pending confirmation" };
  },
  ConfirmSubscription: ({ topics, input, region }) => {
    const topic = topics.at(input["TopicArn"], region, "Topic");
    return { SubscriptionArn: topics.confirm(topic, input["Token"]).arn };
  },
  Unsubscribe: ({ topics, input }) => {
    topics.unsubscribe(input["SubscriptionArn"]);
    return undefined;
  },
  GetSubscriptionAttributes: ({ topics, input }) => ({
    Attributes: entries(attributesOf(topics.subscription(input["SubscriptionArn"]))),
  }),
  SetSubscriptionAttributes: ({ topics, input }) => {
    const { AttributeName: name, AttributeValue: value = "" } = input;
    if (typeof name !== "string") throw invalidParameter("AttributeName");
    topics.subscription(input["SubscriptionArn"]).change({ [name]: String(value) });
    return undefined;
  },
  ListSubscriptions: ({ topics, region }) => ({
    Subscriptions: {
      member: topics.subscriptions.filter(({ topicArn }) => topicArn.split(":")[3] === region).map(view),
    },
  }),
  ListSubscriptionsByTopic: ({ topics, input, region }) => ({
    Subscriptions: { member: topics.at(input["TopicArn"], region).subscriptions.map(view) },
  }),
};

/** What SNS does here; phone numbers, applications and tags are left out. */
export const operations: Readonly<Record<string, Operation>> = {
  ...operationsOfTopics,
  ...operationsOfMessages,
  ...operationsOfSubscriptions,
};

function checkBatch(list: readonly SnsInput[]): void {
  if (list.length === 0) throw new AwsError("EmptyBatchRequest", "The batch request doesn't contain any entries.");
  if (list.length > mostEntries) {
    throw new AwsError("TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible.");
  }
  if (new Set(list.map((entry) => entry["Id"])).size < list.length) {
    throw new AwsError("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");
  }
  if (list.reduce((sum, entry) => sum + sizeOf(entry), 0) > mostBytes) {
    throw new AwsError("BatchRequestTooLong", "The length of all the messages put together is more than the limit.");
  }
}

function view({ arn, topicArn, protocol, endpoint, pending }: Subscription): XmlValue {
  const owner = topicArn.split(":")[4];
  return {
    ...{ SubscriptionArn: pending ? "PendingConfirmation" : arn, Owner: owner, Protocol: protocol },
    ...{ Endpoint: endpoint, TopicArn: topicArn },
  };
}

function attributesOf({ arn, topicArn, protocol, endpoint, attributes, pending }: Subscription): SnsAttributes {
  return {
    ...{
      SubscriptionArn: arn,
      TopicArn: topicArn,
      Protocol: protocol,
      Endpoint: endpoint,
      Owner: topicArn.split(":")[4]!,
    },
    ...{ RawMessageDelivery: "false", PendingConfirmation: String(pending) },
    ConfirmationWasAuthenticated: String(!["http", "https"].includes(protocol)),
    ...(attributes["FilterPolicy"] && { FilterPolicyScope: "MessageAttributes" }),
    ...attributes,
  };
}

function entries(map: SnsAttributes): XmlValue {
  return { entry: Object.entries(map).map(([key, value]) => ({ key, value })) };
}
