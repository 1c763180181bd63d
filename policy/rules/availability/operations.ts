import { backendOf } from "../../network/paths";
import { availabilityOf } from "../../network/published";
import type { Rule } from "../../pack/rule";
import { T } from "../../stack/types";

/** Availability rules for alarms and the availability target. */
export const operationsRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "alarm-per-cut",
    types: [T.integration],
    description: "Each thing that alone takes a service down has an alarm.",
    rationale: "The first to notice is a customer otherwise.",
    fix: "add an aws.cloudwatch.MetricAlarm on errors of the function, service, group or environment",
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
  },
  {
    scope: "stack",
    name: "availability-target",
    types: [T.integration],
    description: "The declared availability is reached by the published levels of what a request passes.",
    rationale: "A promise above the product of its parts is broken in an ordinary year.",
    fix: "add a region, take a layer off the request path, or promise less",
    severity: "high",
    level: "mandatory",
    ids: { availability: 49 },
    url: "https://aws.amazon.com/legal/service-level-agreements/",
    settings: {
      percent: {
        type: "number",
        description: "Declared availability of each service, in percent. 0: none is declared.",
        default: 0,
      },
      recoveryTimeSeconds: {
        type: "integer",
        description: "Seconds until clients reach the other region.",
        default: 150,
      },
    },
    check(integration, { stack, report, setting }) {
      const target = setting<number>("percent");
      if (target <= 0 || backendOf(integration, stack).workloads.length === 0) return;
      const found = availabilityOf(integration, stack, setting<number>("recoveryTimeSeconds"));
      if (found.percent < target)
        report(
          integration,
          `must reach ${target} percent, got ${found.percent.toFixed(4)} by published levels of ${found.parts.join(", ")}`,
        );
    },
  },
];
