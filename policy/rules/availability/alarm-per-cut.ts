import { backendOf } from "../../core/paths";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const alarmPerCut: StackRule = {
  scope: "stack",
  name: "alarm-per-cut",
  types: [T.integration],
  holds: "Each thing that alone takes a service down has an alarm.",
  why: "The first to notice is a customer otherwise.",
  mend: "add an aws.cloudwatch.MetricAlarm on errors of the function, service, group or environment",
  severity: "high",
  level: "production",
  ids: { availability: 47 },
  url: "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_monitor_aws_resources_notification_monitor.html",
  check(integration, { stack, report }) {
    const watched = stack.memo("what alarms watch", () => {
      const urns = new Set<string>();
      for (const alarm of stack.of(T.alarm)) {
        for (const key of ["dimensions", "metricQueries"]) for (const urn of alarm.dependsOn(key)) urns.add(urn);
        for (const key of ["dimensions", "metricQueries"]) {
          for (const one of stack.targets(alarm, key, T.function, T.targetGroup, T.group, T.beanstalk))
            urns.add(one.urn);
        }
      }
      return urns;
    });
    for (const workload of backendOf(integration, stack).workloads) {
      const groups =
        workload.type === T.beanstalk
          ? []
          : stack.targets(workload, workload.type === T.group ? "targetGroupArns" : "loadBalancers", T.targetGroup);
      const cluster =
        workload.type === T.ecsService ? stack.targets(workload, "cluster", "aws:ecs/cluster:Cluster") : [];
      if (![workload, ...groups, ...cluster].some((one) => watched.has(one.urn)))
        report(workload, "must have an alarm, got none on it");
    }
  },
};
