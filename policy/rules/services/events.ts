import { examples } from "../../network/examples";
import type { Rule } from "../../pack/rule";
import { isPublic, statements } from "../../stack/iam";
import { eventTypes, functionsAt, isSet, keepsFailedEvents, missingBounds } from "../../stack/invocations";
import { at, blocks, text } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek, UNKNOWN } from "../../stack/unknown";

const busPolicy = "aws:cloudwatch/eventBusPolicy:EventBusPolicy";
const busPermission = "aws:cloudwatch/eventPermission:EventPermission";

/** Rules for EventBridge: its buses and rules, Pipes and Scheduler. */
export const eventsRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "event-bus-not-public",
    types: [busPolicy, busPermission],
    description: "The policy of an event bus names who may send events to the bus.",
    rationale: "Any AWS account could otherwise send events that the program's rules act on.",
    fix: "name the accounts, or add a condition on aws:PrincipalOrgID",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html",
    check(policy, { report }) {
      const permission = policy.type === busPermission && policy.props["principal"] === "*";
      const open = permission ? !isSet(policy, "condition") : statements(policy.props["policy"]).some(isPublic);
      if (open) report(policy, 'must name who may send events to the bus, got Principal "*" without a condition');
    },
  },
  {
    scope: "stack",
    name: "event-dead-letters",
    types: [eventTypes.eventTarget, eventTypes.schedule],
    description: "Events that cannot be delivered are kept in a dead-letter queue.",
    rationale: "EventBridge discards an event when its retries are over, or when the target refuses it.",
    fix: "set deadLetterConfig.arn to an SQS queue, in a schedule within target",
    severity: "medium",
    level: "production",
    example: examples.eventDeadLetters,
    ids: {},
    url: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html",
    check(sender, { stack, report, advise }) {
      if (isSet(sender, deliveryPath(sender.type, "deadLetterConfig.arn"))) return;
      // A function that keeps no failed events is reported by function-failure-destination.
      const [lambda] = functionsAt(sender, deliveryPath(sender.type, "arn"), stack);
      if (lambda === undefined || keepsFailedEvents(lambda, stack))
        // The next run of a schedule does what the lost one did not.
        (isScheduled(sender, stack) ? advise : report)(
          sender,
          "must have a dead-letter queue, got no deadLetterConfig.arn",
          `set ${deliveryPath(sender.type, "deadLetterConfig.arn")} to the ARN of an SQS queue`,
        );
    },
  },
  {
    scope: "resource",
    name: "event-retries",
    types: [eventTypes.eventTarget, eventTypes.schedule],
    description: "A target of events says for how long its events are retried.",
    rationale: "By default an event is retried for 24 hours, long after most actions make sense.",
    fix: "set retryPolicy with maximumEventAgeInSeconds and maximumRetryAttempts, in a schedule within target",
    severity: "low",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html",
    check(sender, { report }) {
      // Without a dead-letter queue, event-dead-letters reports the target.
      if (!isSet(sender, deliveryPath(sender.type, "deadLetterConfig.arn"))) return;
      if (!isSet(sender, deliveryPath(sender.type, "retryPolicy")))
        report(
          sender,
          "must say for how long events are retried, got no retryPolicy",
          `set ${deliveryPath(sender.type, "retryPolicy")}, with maximumEventAgeInSeconds and maximumRetryAttempts`,
        );
    },
  },
  {
    scope: "stack",
    name: "pipe-failures",
    types: [eventTypes.pipe],
    description: "A pipe that reads a stream gives up on a record after some attempts, and keeps the record.",
    rationale: "A record that always fails otherwise stops its shard until it expires, and is lost then.",
    fix: "set maximumRetryAttempts or maximumRecordAgeInSeconds, and deadLetterConfig.arn, in sourceParameters",
    severity: "medium",
    level: "production",
    lowUnless: ["operated"],
    ids: {},
    url: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html",
    check(pipe, { report }) {
      for (const kind of ["kinesisStreamParameters", "dynamodbStreamParameters"]) {
        const parameters = `sourceParameters.${kind}`;
        if (!isSet(pipe, parameters)) continue;
        const missing = missingBounds(pipe, `${parameters}.`, "deadLetterConfig.arn");
        if (missing.length > 0)
          report(pipe, `must give up on records that fail and keep them, got no ${missing.join(" and no ")}`);
      }
    },
  },
  {
    scope: "stack",
    name: "pipe-own-region",
    types: [eventTypes.pipe],
    description:
      "Where pipes of several regions read one table's streams, each takes what was written in its own region.",
    rationale: "The stream of each replica has the writes of all regions: every change is otherwise sent once by each.",
    fix: "set sourceParameters.filterCriteria to a pattern on an attribute that has the region of the write",
    severity: "medium",
    level: "production",
    ids: {},
    url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html",
    check(pipe, { stack, report }) {
      const table = tableOf(pipe, stack);
      if (table === undefined) return;
      const readers = stack.of(eventTypes.pipe).filter((one) => tableOf(one, stack) === table);
      const regions = new Set(readers.map((one) => stack.regionOf(one)).filter((one) => one !== undefined));
      if (regions.size < 2) return;
      const patterns = blocks(at(pipe.props, "sourceParameters.filterCriteria.filters")).map(({ pattern }) =>
        text(pattern),
      );
      const own = stack.regionOf(pipe);
      // One pattern that matches is enough, so that each has to name the region.
      const isOwn = (pattern: string) => own !== undefined && pattern.includes(`"${own}"`);
      if (patterns.length === 0 || !patterns.every(isOwn))
        report(
          pipe,
          `must take what was written in ${own}, as pipes of ${regions.size} regions read ${table}, got ${patterns.length === 0 ? "no filter" : "a filter without the region"}`,
        );
    },
  },
];

/** The table whose stream a pipe reads. */
function tableOf(pipe: Resource, stack: Stack): Resource | undefined {
  const source = peek(() => text(pipe.props["source"]));
  const name =
    source === UNKNOWN ? undefined : /^arn:[\w-]+:dynamodb:[^:]*:[^:]*:table\/([^/]+)\/stream\//.exec(source)?.[1];
  const named = name === undefined ? undefined : stack.find(name, [T.table]);
  return named ?? stack.dependencies(pipe, "source", [T.table])[0];
}

/** Whether what sends is a schedule, or a target of a rule that runs by one. */
function isScheduled(sender: Resource, stack: Stack): boolean {
  if (sender.type === eventTypes.schedule) return !text(sender.props["scheduleExpression"]).startsWith("at(");
  return stack
    .targets(sender, "rule", "aws:cloudwatch/eventRule:EventRule")
    .some((rule) => peek(() => text(rule.props["scheduleExpression"])) !== "");
}

/** A schedule has inside its target what a target of a rule has itself. */
function deliveryPath(type: string, path: string): string {
  return type === eventTypes.schedule ? `target.${path}` : path;
}
