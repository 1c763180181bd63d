import { ruleTypes } from "../../core/access";
import { block, number, text } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

/** Children that AWS limits per parent. @see https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html */
const quotas: readonly (readonly [parent: string, child: string, path: string, limit: number])[] = [
  [T.api, T.route, "apiId", 300],
  [T.api, T.integration, "apiId", 300],
  [T.api, T.authorizer, "apiId", 10],
  [T.loadBalancer, T.listener, "loadBalancerArn", 50],
  [ruleTypes.group, ruleTypes.ingress, "securityGroupId", 60],
  [ruleTypes.group, ruleTypes.egress, "securityGroupId", 60],
  [T.vpc, T.endpoint, "vpcId", 50],
  [T.awsxVpc, T.endpoint, "vpcId", 50],
  [T.vpc, T.subnet, "vpcId", 200],
];
/** Characters of a role's inline policies together. */
const POLICY_CHARACTERS = 10_240;

export const quotaHeadroom: StackRule = {
  scope: "stack",
  name: "quota-headroom",
  types: [...new Set(quotas.map(([parent]) => parent)), T.role],
  holds: "Nothing is closer to a quota than a fifth of it.",
  why: "The deployment that passes it fails half-way, often the one that mends something.",
  mend: "split it, or have the quota raised and set it in the pack's configuration",
  severity: "medium",
  level: "production",
  ids: { availability: 48 },
  url: "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_manage_service_limits_suff_buffer_limits.html",
  settings: {
    headroomPercent: { type: "integer", description: "Percent of a quota that stays free.", default: 20 },
    quotas: { type: "object", description: "Raised quotas, by the child's type token.", default: {} },
  },
  check(resource, { stack, report, setting }) {
    const share = 1 - setting<number>("headroomPercent") / 100;
    if (resource.type === T.role) {
      const size = stack
        .referrers(resource, T.rolePolicy, "role")
        .reduce((sum, one) => sum + text(one.props["policy"]).replace(/\s/g, "").length, 0);
      if (size > POLICY_CHARACTERS * share)
        report(resource, `must leave room in its ${POLICY_CHARACTERS} characters of policies, got ${size}`);
    }
    for (const [parent, child, path, limit] of quotas) {
      if (parent !== resource.type) continue;
      const quota = number(block(setting("quotas"))[child]) ?? limit;
      const count = stack.referrers(resource, child, path).length;
      if (count > quota * share)
        report(
          resource,
          `must leave room in its quota of ${quota} ${child.slice(child.lastIndexOf(":") + 1)}, got ${count}`,
        );
    }
  },
};
