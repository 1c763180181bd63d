import { backendOf } from "../../core/paths";
import { availabilityOf } from "../../core/published";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const availabilityTarget: StackRule = {
  scope: "stack",
  name: "availability-target",
  types: [T.integration],
  holds: "The declared availability is reached by the published levels of what a request passes.",
  why: "A promise above the product of its parts is broken in an ordinary year.",
  mend: "add a region, take a layer off the request path, or promise less",
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
};
