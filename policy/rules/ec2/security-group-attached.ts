import { ruleTypes } from "../../core/access";
import type { StackRule } from "../../core/rule";

export const securityGroupAttached: StackRule = {
  scope: "stack",
  name: "security-group-attached",
  types: [ruleTypes.group],
  holds: "Every security group is used.",
  why: "An unused group is what somebody attaches in a hurry.",
  mend: "attach it, or remove it",
  severity: "low",
  level: "advisory",
  ids: { K: ["g5"] },
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/working-with-security-groups.html",
  check(group, { stack, report }) {
    const used = stack.memo("urns something was made from", () => {
      const urns = new Set<string>();
      for (const one of stack.resources) {
        if (!one.type.startsWith("aws:vpc/securityGroup") && one.type !== ruleTypes.legacy) {
          for (const urn of one.dependencies()) urns.add(urn);
        }
      }
      return urns;
    });
    if (!used.has(group.urn)) report(group, "must be attached to something, got nothing that uses it");
  },
};
