import { zoneCount } from "../../core/capacity";
import { number, show } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const desiredPerZone: StackRule = {
  scope: "stack",
  name: "desired-per-zone",
  types: [T.ecsService],
  holds: "A service has a task in every zone, and is balanced again after a loss.",
  why: "After a zone returns, all tasks are still in the others; the next loss takes half of them.",
  mend: "set desiredCount to the number of zones or more, and availabilityZoneRebalancing to ENABLED",
  severity: "medium",
  level: "production",
  ids: { availability: 4 },
  check(service, { stack, report }) {
    if (service.props["schedulingStrategy"] === "DAEMON") return;
    const count = zoneCount(service, stack);
    const desired = number(service.props["desiredCount"]) ?? 1;
    if (desired < count)
      report(service, `must start with a task in each of ${count} zones, got desiredCount ${desired}`);
    const balancing = service.props["availabilityZoneRebalancing"];
    if (balancing !== "ENABLED")
      report(service, `must rebalance its zones, got availabilityZoneRebalancing ${show(balancing)}`);
  },
};
