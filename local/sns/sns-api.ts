import { randomUUID } from "node:crypto";
import { AwsError } from "../aws/aws-error";
import { formTree, queryAnswer, type XmlValue } from "../aws/query-protocol";
import type { ServiceApi, UndecidedCall } from "../aws/service-call";
import type { Ask, Where } from "../iam/access";
import { type Policy, readPolicy } from "../iam/policy";
import type { Keys } from "../kms/keys";
import { certificatePath } from "./envelope";
import { operations } from "./operations";
import { inputOfForm, type SnsInput } from "./query-form";
import type { Topic } from "./topic";
import type { Topics } from "./topics";

const namespace = "http://sns.amazonaws.com/doc/2010-03-31/";
/** Operations in batches are allowed by what allows them one by one. */
const actions: Readonly<Record<string, string>> = { PublishBatch: "Publish" };
/** What people and servers do by a URL that they were sent, without a signature. */
const byUrl = ["ConfirmSubscription", "Unsubscribe"];

/**
 * The API of SNS, in the query protocol.
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Operations.html
 */
export function snsApi(topics: Topics, keys: Keys): ServiceApi {
  const run = async (operation: string, input: SnsInput, region: string) => {
    const result = await operations[operation]!({ topics, input, region });
    return queryAnswer(operation, result as XmlValue, namespace, randomUUID());
  };
  return {
    operations: new Set(Object.keys(operations)),
    asks: (call, where) => asks(topics, keys, call, where),
    answer: ({ operation, region, form }) => run(operation, inputOfForm(formTree(form!)), region),
    denied: (message) => new AwsError("AuthorizationError", message, 403),
    open: async ({ path, query }) => {
      if (`/${path.join("/")}` === certificatePath) return topics.signer.certificate();
      const operation = query.get("Action") ?? "";
      if (!byUrl.includes(operation)) return undefined;
      const input = inputOfForm(formTree(query));
      const arn = String(input["TopicArn"] ?? input["SubscriptionArn"] ?? "");
      return run(operation, input, arn.split(":")[3] ?? "");
    },
  };
}

/** Returns what publishing to a topic asks of policies: the topic's, and those of its key. */
export function publishAsks(topic: Topic, keys: Keys): readonly Ask[] {
  const encrypted = keys.asks(topic.attributes["KmsMasterKeyId"], ["GenerateDataKey", "Decrypt"], "sns");
  return [{ action: "sns:Publish", resource: topic.arn, policy: policyOf(topic) }, ...encrypted];
}

function asks(
  topics: Topics,
  keys: Keys,
  { operation, form }: UndecidedCall,
  { region, account }: Where,
): readonly Ask[] {
  const input = inputOfForm(formTree(form ?? new URLSearchParams()));
  const action = `sns:${actions[operation] ?? operation}`;
  const arn = String(input["TopicArn"] ?? input["TargetArn"] ?? topicOf(input["SubscriptionArn"]));
  const named = input["Name"] === undefined ? arn : `arn:aws:sns:${region}:${account}:${input["Name"]}`;
  const topic = topics.all.find((each) => each.arn === named);
  if (topic === undefined) return [{ action, resource: named === "" ? "*" : named }];
  if (action === "sns:Publish") return publishAsks(topic, keys);
  return [{ action, resource: named, policy: policyOf(topic) }];
}

function topicOf(subscription: unknown): string {
  return String(subscription ?? "").replace(/:[^:]*$/, "");
}

function policyOf({ attributes }: Topic): Policy | undefined {
  const { Policy: text = "" } = attributes;
  return text === "" ? undefined : readPolicy(JSON.parse(text), "resource");
}
