import { matches, type Statement } from "../../core/iam";
import { policyStatements, policyTypes } from "../../core/policies-of";
import { texts } from "../../core/read";
import type { ResourceRule } from "../../core/rule";

/** Actions that AWS cannot restrict to a resource. */
const exceptions = [
  "ecr:GetAuthorizationToken",
  "xray:Put*",
  "xray:GetSampling*",
  "logs:DescribeLogGroups",
  "ssmmessages:*",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
  "ec2:DescribeSubnets",
];
/** Actions that are narrowed by a condition where the resource cannot be. */
const conditional: readonly (readonly [action: string, key: string])[] = [
  ["cloudwatch:PutMetricData", "cloudwatch:namespace"],
  ["sns:Publish", "sns:"],
];

export const noWildcardResource: ResourceRule = {
  scope: "resource",
  name: "no-wildcard-resource",
  types: policyTypes,
  holds: "Policies name the resources they are about.",
  why: "One service's role reads another's table otherwise.",
  mend: "name the resources, or list the action in allowed when AWS cannot restrict it",
  severity: "high",
  level: "mandatory",
  ids: { F: ["IAM.21"], N: ["IAM5"], K: ["60", "61", "355"] },
  settings: {
    allowed: { type: "array", description: "Actions that may have * as their resource.", default: exceptions },
  },
  check(policy, { report, setting }) {
    const allowed = texts(setting("allowed"));
    for (const one of policyStatements(policy)) {
      if (!one.allow || !(one.resources.includes("*") || one.notResources.length > 0) || one.actions.includes("*"))
        continue;
      const wide = one.actions.filter(
        (action) => !allowed.some((pattern) => matches(pattern, action)) && !isNarrowed(one, action),
      );
      if (wide.length > 0) report(policy, `must name the resources of ${wide.join(", ")}, got *`);
    }
  },
};

function isNarrowed(statement: Statement, action: string): boolean {
  return conditional.some(([name, key]) => name === action && statement.conditions.some((one) => one.includes(key)));
}
