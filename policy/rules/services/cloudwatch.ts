import { requireOneOf } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { at, json, list, number, show, text, texts } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek, UNKNOWN } from "../../stack/unknown";

/** Rules for CloudWatch. */
export const cloudwatchRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "alarm-actions",
    types: [T.alarm],
    description: "An alarm has an action: it notifies people, scales, or rolls a deployment back.",
    rationale: "An alarm without an action changes its state, and no person or system is told.",
    fix: "set alarmActions, and leave actionsEnabled true",
    severity: "medium",
    level: "production",
    ids: { securityHub: ["CloudWatch.15"], cdkNag: ["CloudWatchAlarmAction"], checkov: ["CKV_AWS_319"] },
    check(alarm, { stack, report }) {
      const { actionsEnabled } = alarm.props;
      if (actionsEnabled === false || actionsEnabled === "false")
        return report(
          alarm,
          "must have an action, got actionsEnabled false, which turns all of them off",
          "set actionsEnabled to true",
        );
      const actions = ["alarmActions", "insufficientDataActions", "okActions"].map((key) =>
        peek(() => list(alarm.props[key])),
      );
      if (actions.some((some) => some === UNKNOWN || some.length > 0)) return;
      // Deployments, autoshift, health checks of DNS and others watch alarms without an action of the alarm's own.
      const watched = stack.memo("urns that something watches", () => {
        const urns = new Set<string>();
        for (const one of stack.resources) {
          if (one.type === T.alarm || one.type === "aws:cloudwatch/dashboard:Dashboard") continue;
          for (const urn of one.dependencies()) urns.add(urn);
        }
        return urns;
      });
      if (!watched.has(alarm.urn) && !isNamed(alarm, stack))
        report(
          alarm,
          "must have an action, got no alarmActions and nothing that watches it",
          "set alarmActions to the ARN of an SNS topic that people read, or of a policy",
        );
    },
  },
  {
    scope: "resource",
    name: "alarm-missing-data",
    types: [T.alarm],
    description: "An alarm states what missing data means.",
    rationale: "By default an alarm without data has no state, so that a service that stopped sends no alarm.",
    fix: "set treatMissingData to breaching, notBreaching or ignore",
    severity: "low",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html",
    check(alarm, context) {
      requireOneOf(
        alarm,
        context,
        "treatMissingData",
        ["breaching", "notBreaching", "ignore"],
        "state what missing data means",
      );
    },
  },
  {
    scope: "stack",
    name: "log-group-key",
    types: [T.logGroup],
    description:
      "Where a program encrypts a log group with a KMS key of its own, it encrypts every log group with one.",
    rationale:
      "The owner has decided that logs need a key whose use is recorded and can be refused; a log group was left out.",
    fix: "set kmsKeyId",
    severity: "low",
    level: "advisory",
    ids: { checkov: ["CKV_AWS_158"] },
    url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    check(group, { stack, report }) {
      const isKeyed = ({ props }: Resource) => ![undefined, null, ""].includes(peek(() => props["kmsKeyId"]) as any);
      const some = stack.memo("a log group with a key", () => stack.of(T.logGroup).some(isKeyed));
      if (some && !isKeyed(group)) report(group, "must be encrypted with a KMS key, as other log groups are, got none");
    },
  },
  {
    scope: "resource",
    name: "log-group-retention",
    types: [T.logGroup],
    description: "A log group deletes its logs after a while.",
    rationale: "Without a retention CloudWatch keeps and bills logs for ever.",
    fix: "set retentionInDays",
    severity: "low",
    level: "production",
    // CloudWatch.16 and CKV_AWS_338 ask for a year at least; to them a group that keeps its logs for ever passes.
    ids: { cdkNag: ["CloudWatchLogGroupRetentionPeriod"], checkov: ["CKV_AWS_66"] },
    url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
    settings: { days: { type: "integer", description: "Days that remediation sets.", default: 90, development: 7 } },
    check(group, { report, setting }) {
      const days = number(group.props["retentionInDays"]) ?? 0;
      if (days <= 0)
        report(
          group,
          `must delete old logs, got retentionInDays ${show(group.props["retentionInDays"])}`,
          `set retentionInDays to ${setting<number>("days")}`,
        );
    },
    remediate(props, { setting }) {
      if ((number(props["retentionInDays"]) ?? 0) > 0) return undefined;
      props["retentionInDays"] = setting<number>("days");
      return props;
    },
  },
];

/** Whether a composite alarm, or a rule of EventBridge for changes of alarms, watches an alarm by its name. */
function isNamed(alarm: Resource, stack: Stack): boolean {
  const name = peek(() => text(alarm.props["name"]));
  const composed = stack.of("aws:cloudwatch/compositeAlarm:CompositeAlarm").some(({ props }) => {
    const rule = peek(() => text(props["alarmRule"]));
    return rule !== UNKNOWN && name !== UNKNOWN && name !== "" && rule.includes(name);
  });
  return (
    composed ||
    stack.of("aws:cloudwatch/eventRule:EventRule").some(({ props }) => {
      const pattern = peek(() => json(props["eventPattern"]));
      if (pattern === UNKNOWN || !texts(at(pattern, "detail-type")).includes("CloudWatch Alarm State Change"))
        return false;
      const names = list(pattern["detail"]?.["alarmName"]);
      return pattern["resources"] === undefined && (names.length === 0 || names.includes(name));
    })
  );
}
