import { capacityOf, capacityTypes } from "../../core/capacity";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const scalingRoom: StackRule = {
  scope: "stack",
  name: "scaling-room",
  types: capacityTypes,
  holds: "A group can grow by half of its minimum, and never shrinks to nothing.",
  why: "At its maximum a scaler only watches; at zero the first request waits for a boot.",
  mend: "raise the maximum to one and a half times the minimum, and the minimum above 0",
  severity: "medium",
  level: "production",
  ids: { availability: 6 },
  check(workload, { stack, report }) {
    const capacity = capacityOf(workload, stack);
    if (capacity === undefined) return;
    const { min, max, holder } = capacity;
    // A service of a fixed size without a scaler is for the rule on scaling to find.
    if (holder.type === T.ecsService) return;
    if (min <= 0) return report(holder, `must keep a server, got a minimum of ${min}`);
    if (max < 1.5 * min)
      report(
        holder,
        `must be able to grow to ${Math.ceil(1.5 * min)}, got a maximum of ${max} for a minimum of ${min}`,
      );
  },
};
