import { requireOneOf } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { list, number, show } from "../../stack/read";
import { T } from "../../stack/types";
import { peek, UNKNOWN } from "../../stack/unknown";

/** Rules for CloudWatch. */
export const cloudwatchRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "alarm-actions",
    types: [T.alarm],
    description: "An alarm does something: it tells people, scales, or undoes a deployment.",
    rationale: "One that only changes colour is seen by nobody at night.",
    fix: "set alarmActions",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["CloudWatch.15"], cdkNag: ["CloudWatchAlarmAction"], checkov: ["CKV_AWS_319"] },
    check(alarm, { stack, report }) {
      const { actionsEnabled } = alarm.props;
      if (actionsEnabled === false || actionsEnabled === "false")
        return report(alarm, "must act, got actionsEnabled false");
      const actions = peek(() => list(alarm.props["alarmActions"]));
      if (actions === UNKNOWN || actions.length > 0) return;
      // Deployments and autoshift watch alarms without an action of the alarm's own.
      const watched = stack.memo("urns that something watches", () => {
        const urns = new Set<string>();
        for (const one of stack.of(
          T.group,
          T.ecsService,
          "aws:codedeploy/deploymentGroup:DeploymentGroup",
          "aws:cloudwatch/compositeAlarm:CompositeAlarm",
          "aws:arczonalshift/zonalAutoshiftConfiguration:ZonalAutoshiftConfiguration",
        )) {
          for (const urn of one.dependencies()) urns.add(urn);
        }
        return urns;
      });
      if (!watched.has(alarm.urn)) report(alarm, "must act, got no alarmActions and nothing that watches it");
    },
  },
  {
    scope: "resource",
    name: "alarm-missing-data",
    types: [T.alarm],
    description: "An alarm says what the absence of data means.",
    rationale: "By default it keeps its colour, and a dead service is a quiet one.",
    fix: "set treatMissingData to breaching, notBreaching or ignore",
    severity: "medium",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html",
    check(alarm, context) {
      requireOneOf(
        alarm,
        context,
        "treatMissingData",
        ["breaching", "notBreaching", "ignore"],
        "say what missing data means",
      );
    },
  },
  {
    scope: "resource",
    name: "log-group-key",
    types: [T.logGroup],
    description: "Logs are encrypted with a key whose use can be seen and refused.",
    rationale: "CloudWatch's own key cannot be taken away from anybody.",
    fix: "set kmsKeyId",
    severity: "low",
    level: "advisory",
    ids: { checkov: ["CKV_AWS_158"] },
    url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    check(group, { report }) {
      const key = peek(() => group.props["kmsKeyId"]);
      if (key === undefined || key === "") report(group, "must be encrypted with a KMS key, got none");
    },
  },
  {
    scope: "resource",
    name: "log-group-retention",
    types: [T.logGroup],
    description: "Logs expire.",
    rationale: "CloudWatch keeps them for ever otherwise, and bills for it.",
    fix: "set retentionInDays",
    severity: "low",
    level: "mandatory",
    ids: {
      securityHub: ["CloudWatch.16"],
      cdkNag: ["CloudWatchLogGroupRetentionPeriod"],
      checkov: ["CKV_AWS_66", "CKV_AWS_338"],
    },
    settings: { days: { type: "integer", description: "Days that remediation sets.", default: 90, development: 7 } },
    check(group, { report }) {
      const days = number(group.props["retentionInDays"]) ?? 0;
      if (days <= 0) report(group, `must expire, got retentionInDays ${show(group.props["retentionInDays"])}`);
    },
    remediate(props, { setting }) {
      if ((number(props["retentionInDays"]) ?? 0) > 0) return undefined;
      props["retentionInDays"] = setting<number>("days");
      return props;
    },
  },
];
