import { capacityOf, capacityTypes, peakOf, zoneCount } from "../../core/capacity";
import type { StackRule } from "../../core/rule";

export const minimumCapacity: StackRule = {
  scope: "stack",
  name: "minimum-capacity",
  types: capacityTypes,
  holds: "The servers that are left when a zone is lost carry the peak.",
  why: "A scaler asks for servers when everybody does; what runs already is all that is certain.",
  mend: "raise the minimum to zones x ceil(peak / (zones - 1))",
  severity: "high",
  level: "production",
  ids: { availability: 3 },
  settings: {
    peaks: {
      type: "object",
      description: "Servers needed at the peak, by a part of the resource's name. Default: one per zone.",
      default: {},
    },
  },
  check(workload, { stack, report, setting }) {
    const capacity = capacityOf(workload, stack);
    const count = zoneCount(workload, stack);
    if (capacity === undefined || count < 2) return;
    const peak = peakOf(workload, setting("peaks")) ?? count - 1;
    const least = count * Math.ceil(peak / (count - 1));
    if (capacity.min < least)
      report(
        capacity.holder,
        `must keep ${least} servers for a peak of ${peak} in ${count} zones, got ${capacity.min}`,
      );
  },
};
