import { policyStatements, policyTypes } from "../../core/policies-of";
import { list } from "../../core/read";
import type { ResourceRule } from "../../core/rule";

export const noServiceWildcard: ResourceRule = {
  scope: "resource",
  name: "no-service-wildcard",
  types: policyTypes,
  holds: "Policies name actions, not whole services.",
  why: "New actions of a service are allowed the day AWS adds them, deletion among them.",
  mend: "name the actions",
  severity: "high",
  level: "mandatory",
  ids: { F: ["IAM.21"], N: ["IAM5"], K: ["287", "288", "289", "290"] },
  settings: {
    allowed: { type: "array", description: "Whole-service wildcards that are accepted.", default: ["ssmmessages:*"] },
  },
  check(policy, { report, setting }) {
    for (const one of policyStatements(policy)) {
      const wild = one.actions.filter(
        (action) => /^[\w-]+:\*$/.test(action) && !list(setting("allowed")).includes(action),
      );
      if (one.allow && wild.length > 0) report(policy, `must name its actions, got ${wild.join(", ")}`);
    }
  },
};
