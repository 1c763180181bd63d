import { matches, type Statement, statements } from "./iam";
import { eventTypes, isSet } from "./invocations";
import { text } from "./read";
import type { Resource } from "./resource";
import type { Stack } from "./stack";
import { T } from "./types";
import { peek } from "./unknown";

/** A resource by which an AWS service sends to a queue or topic by itself, and not as a role of the account. */
export interface Sender {
  readonly resource: Resource;
  /** @example "sns.amazonaws.com" */
  readonly awsService: string;
}

/** Where resources name what an AWS service sends to. A schedule, a pipe and a function send as their role. */
const places: readonly {
  readonly type: string;
  readonly properties: readonly string[];
  readonly awsService: string;
  readonly isSender?: (resource: Resource) => boolean;
}[] = [
  {
    type: T.alarm,
    properties: ["alarmActions", "okActions", "insufficientDataActions"],
    awsService: "cloudwatch.amazonaws.com",
  },
  {
    type: eventTypes.eventTarget,
    properties: ["arn"],
    awsService: "events.amazonaws.com",
    isSender: (target) => !isSet(target, "roleArn"),
  },
  // A target's role sends to the target alone.
  { type: eventTypes.eventTarget, properties: ["deadLetterConfig"], awsService: "events.amazonaws.com" },
  {
    type: "aws:s3/bucketNotification:BucketNotification",
    properties: ["queues", "topics"],
    awsService: "s3.amazonaws.com",
  },
  {
    type: eventTypes.subscription,
    properties: ["endpoint"],
    awsService: "sns.amazonaws.com",
    isSender: ({ props }) => peek(() => text(props["protocol"])) === "sqs",
  },
  { type: eventTypes.subscription, properties: ["redrivePolicy"], awsService: "sns.amazonaws.com" },
];

/** Returns what AWS services send to a queue or topic by. @param receiver  a queue or a topic */
export function sendersTo(receiver: Resource, stack: Stack): readonly Sender[] {
  return places.flatMap(({ type, properties, awsService, isSender = () => true }) =>
    [...new Set(properties.flatMap((property) => stack.referrers(receiver, type, property)))]
      .filter(isSender)
      .map((resource) => ({ resource, awsService })),
  );
}

/**
 * Returns the statements of the policies of a resource: its own, and those that name it.
 * @param type  type of the policies that name it
 * @param property  by which they do
 */
function resourceStatements(resource: Resource, type: string, property: string, stack: Stack): Statement[] {
  return [resource, ...stack.referrers(resource, type, property)].flatMap(({ props }) => statements(props["policy"]));
}

/** Tells whether the policy of a resource lets an AWS service take every one of some actions, under any condition. */
function admits(policy: readonly Statement[], awsService: string, actions: readonly string[]): boolean {
  const own = policy.filter(
    ({ allow, principals, notPrincipal }) =>
      allow && (notPrincipal || principals.some((one) => ["*", "AWS:*", `Service:${awsService}`].includes(one))),
  );
  return actions.every((action) =>
    own.some(({ actions: allowed, notActions }) =>
      notActions.length > 0
        ? !notActions.some((pattern) => matches(pattern, action))
        : allowed.some((pattern) => matches(pattern, action)),
    ),
  );
}

/** What the policy of a resource must let AWS services do, and where its policies are. */
export interface Admission {
  /** @example ["sqs:SendMessage"] */
  readonly actions: readonly string[];
  /** Type of the policies that name it, and the property by which they do. */
  readonly policyType: string;
  readonly property: string;
}

/**
 * Returns the first sender of each AWS service that the policy of a resource does not let do everything of an admission.
 */
export function refusedSenders<S extends Sender>(
  resource: Resource,
  senders: readonly S[],
  { actions, policyType, property }: Admission,
  stack: Stack,
): readonly S[] {
  const first = senders.filter(({ awsService }, i) => senders.findIndex((one) => one.awsService === awsService) === i);
  if (first.length === 0) return [];
  const policy = resourceStatements(resource, policyType, property, stack);
  return first.filter(({ awsService }) => !admits(policy, awsService, actions));
}

/** Tells whether a queue or topic is encrypted with the key that AWS manages for it, which other AWS services cannot use. */
export function hasManagedKey({ props }: Resource): boolean {
  return /(^|:)alias\/aws\/(sns|sqs)$/.test(text(props["kmsMasterKeyId"]));
}
