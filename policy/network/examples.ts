import { deniesPlain, statements } from "../stack/iam";
import { eventTypes, isSet } from "../stack/invocations";
import { refusesPlain } from "../stack/policies-of";
import { at, isTrue, number, text } from "../stack/read";
import type { Resource } from "../stack/resource";
import type { Stack } from "../stack/stack";
import { T } from "../stack/types";
import { peek } from "../stack/unknown";
import { N } from "./tokens";

/**
 * What in a program shows that its owner wants what a rule asks for: that others of its resources have it. Where they do,
 * the one that lacks it was forgotten; where none does, the owner has decided against it or never asked.
 */
export interface Example {
  /** Completes "low unless", for the list of rules: `another repository scans`. */
  readonly words: string;
  readonly isIn: (stack: Stack) => boolean;
}

/** Tells whether a program has an example. A value that is not known is none. */
export function isShown(example: Example, stack: Stack): boolean {
  return stack.memo(`example ${example.words}`, () => example.isIn(stack));
}

/** Makes an example of resources of some types that pass a test. */
function some(words: string, types: readonly string[], test: (props: Resource["props"]) => boolean): Example {
  return { words, isIn: (stack) => stack.of(...types).some(({ props }) => peek(() => test(props)) === true) };
}

/** Makes an example of resources that have a property, by type and path; its value may not be known yet. */
function having(words: string, ...places: readonly (readonly [type: string, path: string])[]): Example {
  return { words, isIn: (stack) => places.some(([type, path]) => stack.of(type).some((one) => isSet(one, path))) };
}

const repository = "aws:ecr/repository:Repository";
const webAcls = [T.webAcl, "aws:wafv2/webAclAssociation:WebAclAssociation", "aws:waf/webAcl:WebAcl"];
const defaultGroup = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const bucketObjects = ["aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2"];

/** Examples that rules name. */
export const examples = {
  /** Advice that no program asks for by what it contains. */
  none: { words: "the class is production", isIn: () => false },
  authorisedRoute: {
    words: "the program has an authorizer, or another route that authorises",
    isIn: (stack: Stack) =>
      stack.of(T.authorizer, N.restAuthorizer).length > 0 ||
      stack
        .of(T.route, "aws:apigateway/method:Method")
        .some(({ props }) => peek(() => authorisation(props)) !== "NONE"),
  },
  cacheSnapshots: some(
    "another cache has snapshots",
    [T.cacheGroup, N.cacheCluster],
    ({ snapshotRetentionLimit }) => (number(snapshotRetentionLimit) ?? 0) > 0,
  ),
  closedFunctionUrl: some(
    "another URL is for signed requests",
    ["aws:lambda/functionUrl:FunctionUrl"],
    ({ authorizationType }) => text(authorizationType) === "AWS_IAM",
  ),
  defaultGroup: some("the default group of another VPC is closed", [defaultGroup], () => true),
  distributionLogs: having("another distribution logs", [T.distribution, "loggingConfig.bucket"]),
  eventDeadLetters: having(
    "another target has a dead-letter queue",
    [eventTypes.eventTarget, "deadLetterConfig.arn"],
    [eventTypes.schedule, "target.deadLetterConfig.arn"],
  ),
  failedEvents: having(
    "another function keeps failed events",
    ["aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "destinationConfig.onFailure.destination"],
    [T.function, "deadLetterConfig.targetArn"],
  ),
  immutableTags: some("another repository has immutable tags", [repository], ({ imageTagMutability }) =>
    text(imageTagMutability).startsWith("IMMUTABLE"),
  ),
  indexPage: some("the program uploads an index.html", bucketObjects, ({ key }) =>
    /(^|\/)index\.html$/.test(text(key)),
  ),
  keptDatabase: some(
    "a database has backups, a final snapshot, a standby or protection",
    [T.dbCluster, N.database],
    ({ backupRetentionPeriod, finalSnapshotIdentifier, multiAz, deletionProtection }) =>
      (number(backupRetentionPeriod) ?? 0) > 1 ||
      text(finalSnapshotIdentifier) !== "" ||
      isTrue(multiAz) ||
      isTrue(deletionProtection),
  ),
  keptTable: some(
    "another table has recovery or protection",
    [T.table],
    ({ pointInTimeRecovery, deletionProtectionEnabled }) =>
      isTrue(at(pointInTimeRecovery, "enabled")) || isTrue(deletionProtectionEnabled),
  ),
  loadBalancerLogs: some("another load balancer logs", [T.loadBalancer], ({ accessLogs }) =>
    isTrue(at(accessLogs, "enabled")),
  ),
  partialBatches: having("another mapping reports them", [eventTypes.mapping, "functionResponseTypes"]),
  protectedLoadBalancer: some("another load balancer is protected", [T.loadBalancer], ({ enableDeletionProtection }) =>
    isTrue(enableDeletionProtection),
  ),
  queueDeadLetters: having(
    "another queue has a dead-letter queue",
    [eventTypes.queue, "redrivePolicy"],
    [eventTypes.redrive, "redrivePolicy"],
  ),
  refusedPlain: {
    words: "another policy refuses requests without TLS",
    isIn: (stack: Stack) =>
      refusesPlain(stack) ||
      stack.of(T.bucket).some(({ props }) => peek(() => statements(props["policy"]).some(deniesPlain)) === true),
  },
  scannedImages: some("another repository scans", [repository], ({ imageScanningConfiguration }) =>
    isTrue(at(imageScanningConfiguration, "scanOnPush")),
  ),
  stageLogs: having(
    "another stage logs",
    [T.stage, "accessLogSettings"],
    ["aws:apigateway/stage:Stage", "accessLogSettings"],
  ),
  subscriptionDeadLetters: having("another subscription has a dead-letter queue", [
    "aws:sns/topicSubscription:TopicSubscription",
    "redrivePolicy",
  ]),
  webAcl: some("the program has a web ACL", webAcls, () => true),
} as const satisfies Readonly<Record<string, Example>>;

/** What a route or a method asks of its callers; a value that is not known yet is something. */
function authorisation(props: Resource["props"]): string {
  return text(props["authorizationType"]) || text(props["authorization"]) || "NONE";
}
