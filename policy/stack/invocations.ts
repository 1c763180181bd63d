import { at, json, number, text } from "./read";
import type { Resource } from "./resource";
import type { Stack } from "./stack";
import { T } from "./types";
import { peek, UNKNOWN } from "./unknown";

/** Tokens of what carries events between queues, topics and functions. */
export const eventTypes = {
  eventTarget: "aws:cloudwatch/eventTarget:EventTarget",
  invokeConfig: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  mapping: "aws:lambda/eventSourceMapping:EventSourceMapping",
  permission: "aws:lambda/permission:Permission",
  pipe: "aws:pipes/pipe:Pipe",
  queue: "aws:sqs/queue:Queue",
  redrive: "aws:sqs/redrivePolicy:RedrivePolicy",
  schedule: "aws:scheduler/schedule:Schedule",
  subscription: "aws:sns/topicSubscription:TopicSubscription",
  topic: "aws:sns/topic:Topic",
} as const;

const alias = "aws:lambda/alias:Alias";

/** Returns the functions that a property names, directly or by an alias. */
export function functionsAt(resource: Resource, path: string, stack: Stack): Resource[] {
  return stack
    .targets(resource, path, T.function, alias)
    .flatMap((one) => (one.type === alias ? stack.targets(one, "functionName", T.function) : [one]));
}

/** Tells whether Lambda reads a queue or a stream for a function, and hands it what it finds. */
export function isReadFor(lambda: Resource, stack: Stack): boolean {
  const all = stack.memo(
    "functions with an event source",
    () => new Set(stack.of(eventTypes.mapping).flatMap((mapping) => functionsAt(mapping, "functionName", stack))),
  );
  return all.has(lambda);
}

/** What an event source mapping reads from; a queue has neither a position nor topics. */
export function sourceOf({ props }: Resource): "queue" | "stream" | "other" {
  const set = (key: string) => peek(() => props[key]) !== undefined;
  if (set("topics") || set("queues") || set("documentDbEventSourceConfig") || set("selfManagedEventSource"))
    return "other";
  return set("startingPosition") ? "stream" : "queue";
}

/** AWS services that wait for no answer of the function that they invoke. */
const asynchronous = /^(config|codecommit|events|iot|logs(\.[\w-]+)?|s3|ses|sns)\.amazonaws\.com(\.cn)?$/;

/**
 * Returns the AWS services that invoke a function asynchronously, as its permissions and schedules tell.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
 */
export function asynchronousCallers(lambda: Resource, stack: Stack): readonly string[] {
  const table = stack.memo("asynchronous callers", () => {
    const all = new Map<Resource, Set<string>>();
    const add = (caller: string, functions: readonly Resource[]) => {
      for (const one of functions) all.set(one, (all.get(one) ?? new Set()).add(caller));
    };
    for (const permission of stack.of(eventTypes.permission)) {
      const principal = peek(() => text(permission.props["principal"]));
      if (principal !== UNKNOWN && asynchronous.test(principal))
        add(principal, functionsAt(permission, "function", stack));
    }
    for (const schedule of stack.of(eventTypes.schedule))
      add("scheduler.amazonaws.com", functionsAt(schedule, "target.arn", stack));
    return all;
  });
  return [...(table.get(lambda) ?? [])].sort();
}

/** Tells whether clients wait for the answer of a function: by API Gateway, a load balancer or its own URL. */
export function handlesRequests(lambda: Resource, stack: Stack): boolean {
  const all = stack.memo("functions that handle requests", () => {
    const found = new Set<Resource>();
    for (const permission of stack.of(eventTypes.permission)) {
      const principal = peek(() => text(permission.props["principal"]));
      if (principal !== UNKNOWN && /^(apigateway|elasticloadbalancing)\./.test(principal))
        for (const one of functionsAt(permission, "function", stack)) found.add(one);
    }
    for (const url of stack.of("aws:lambda/functionUrl:FunctionUrl"))
      for (const one of functionsAt(url, "functionName", stack)) found.add(one);
    return found;
  });
  return all.has(lambda);
}

/**
 * Returns the configurations of a function's asynchronous invocations, of the function or of an alias. In a preview, a
 * name that was made from the alias leads to the alias only.
 */
export function invokeConfigsOf(lambda: Resource, stack: Stack): readonly Resource[] {
  const table = stack.memo("configurations of invocations", () => {
    const all = new Map<Resource, Resource[]>();
    for (const config of stack.of(eventTypes.invokeConfig))
      for (const one of functionsAt(config, "functionName", stack)) all.set(one, [...(all.get(one) ?? []), config]);
    return all;
  });
  return table.get(lambda) ?? [];
}

/** Tells whether the events that a function fails to handle go to a destination or a dead-letter queue. */
export function keepsFailedEvents(lambda: Resource, stack: Stack): boolean {
  return (
    isSet(lambda, "deadLetterConfig.targetArn") ||
    invokeConfigsOf(lambda, stack).some((one) => isSet(one, "destinationConfig.onFailure.destination"))
  );
}

/** Returns the queue that takes what a queue could not deliver, where it is in the stack. */
export function deadLetterQueueOf(queue: Resource, stack: Stack): Resource | undefined {
  for (const holder of [queue, ...stack.referrers(queue, eventTypes.redrive, "queueUrl")]) {
    const arn = peek(() => text(at(json(holder.props["redrivePolicy"]), "deadLetterTargetArn")));
    const named = arn === UNKNOWN ? undefined : stack.find(arn, [eventTypes.queue]);
    const [made] = stack.dependencies(holder, "redrivePolicy", [eventTypes.queue]);
    const found = named ?? made;
    if (found !== undefined && found !== queue) return found;
  }
  return undefined;
}

/** Where the resources that deliver events name the queue for those they could not deliver. */
const deadLetterProperties: readonly (readonly [type: string, property: string])[] = [
  [eventTypes.queue, "redrivePolicy"],
  [eventTypes.redrive, "redrivePolicy"],
  [eventTypes.subscription, "redrivePolicy"],
  [T.function, "deadLetterConfig"],
  [eventTypes.invokeConfig, "destinationConfig"],
  [eventTypes.mapping, "destinationConfig"],
  [eventTypes.eventTarget, "deadLetterConfig"],
  [eventTypes.pipe, "sourceParameters"],
];

/** Tells whether a queue takes what something else in the stack could not deliver. */
export function isDeadLetterQueue(queue: Resource, stack: Stack): boolean {
  const urns = stack.memo("dead-letter queues", () => {
    const found = new Set<string>();
    for (const [type, property] of deadLetterProperties) {
      for (const one of stack.of(type)) for (const urn of one.dependsOn(property)) found.add(urn);
    }
    // A schedule may have a queue as its target too, under the same property.
    for (const schedule of stack.of(eventTypes.schedule)) {
      const path = "target.deadLetterConfig.arn";
      const letters = isSet(schedule, path) ? stack.targets(schedule, path, eventTypes.queue) : [];
      for (const { urn } of letters) found.add(urn);
    }
    return found;
  });
  return urns.has(queue.urn) || peek(() => queue.props["redriveAllowPolicy"]) !== undefined;
}

/** Tells whether there is a value at a path; one that is not known yet is there. */
export function isSet(resource: Resource, path: string): boolean {
  const value = peek(() => at(resource.props, path));
  return value !== undefined && value !== null && value !== "";
}

/**
 * Returns what a reader of a stream does not state: a bound of its retries, and where the failed records go.
 * @param prefix  path of the reader's settings with a dot at its end, or empty
 * @param destination  path of the destination within the settings
 */
export function missingBounds(reader: Resource, prefix: string, destination: string): string[] {
  const attempts = number(at(reader.props, `${prefix}maximumRetryAttempts`)) ?? -1; // -1 is until the record expires
  const age = number(at(reader.props, `${prefix}maximumRecordAgeInSeconds`)) ?? -1;
  const bounded = attempts >= 0 || age >= 0;
  return [
    ...(bounded ? [] : ["maximumRetryAttempts"]),
    ...(isSet(reader, `${prefix}${destination}`) ? [] : [destination]),
  ];
}
