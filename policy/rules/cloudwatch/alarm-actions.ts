import { list } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";
import { peek, UNKNOWN } from "../../core/unknown";

export const alarmActions: StackRule = {
  scope: "stack",
  name: "alarm-actions",
  types: [T.alarm],
  holds: "An alarm does something: it tells people, scales, or undoes a deployment.",
  why: "One that only changes colour is seen by nobody at night.",
  mend: "set alarmActions",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["CloudWatch.15"], N: ["CloudWatchAlarmAction"], K: ["319"] },
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
};
