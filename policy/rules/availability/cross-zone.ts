import { capacityOf, peakOf, workloadZones } from "../../core/capacity";
import { behindBalancer, behindTargetGroup } from "../../core/paths";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const crossZone: StackRule = {
  scope: "stack",
  name: "cross-zone",
  types: [T.loadBalancer, T.targetGroup],
  holds: "Cross-zone balancing is off only where each zone alone carries the peak.",
  why: "Zones get equal shares however few servers they have.",
  mend: "turn cross-zone balancing on, or raise the minimum to zones x peak",
  severity: "medium",
  level: "mandatory",
  ids: { availability: 17 },
  url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html",
  settings: {
    peaks: {
      type: "object",
      description: "Servers needed at the peak, by a part of the resource's name.",
      default: {},
    },
  },
  check(resource, { stack, report, setting }) {
    const balancer = resource.type === T.loadBalancer;
    const key = balancer ? "enableCrossZoneLoadBalancing" : "loadBalancingCrossZoneEnabled";
    const value = resource.props[key];
    if (value !== false && value !== "false") return;
    const workloads = balancer ? behindBalancer(resource, stack) : behindTargetGroup(resource, stack);
    const weak = workloads.find((one) => {
      const peak = peakOf(one, setting("peaks"));
      const count = workloadZones(one, stack)?.names.size ?? 1;
      return peak === undefined || (capacityOf(one, stack)?.min ?? 0) < peak * count;
    });
    if (weak || workloads.length === 0)
      report(
        resource,
        `must balance across zones, as ${weak ?? "nothing behind it"} does not carry the peak in one, got ${key} false`,
      );
  },
};
