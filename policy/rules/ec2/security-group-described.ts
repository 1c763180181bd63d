import { openings, ruleTypes } from "../../core/access";
import { show, text } from "../../core/read";
import type { ResourceRule } from "../../core/rule";

export const securityGroupDescribed: ResourceRule = {
  scope: "resource",
  name: "security-group-described",
  types: [ruleTypes.group, ruleTypes.ingress, ruleTypes.egress, ruleTypes.legacy],
  holds: "Security groups and their rules say what they are for.",
  why: "Nobody dares to remove a rule whose reason is unknown.",
  mend: "set description",
  severity: "low",
  level: "advisory",
  ids: { N: ["EC27"], K: ["23"] },
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  check(resource, { report }) {
    const own = text(resource.props["description"]);
    if (own === "" || own === "Managed by Pulumi") report(resource, `must be described, got ${show(own)}`);
    if (resource.type !== ruleTypes.group) return;
    const silent = openings(resource).filter((one) => one.description === "").length;
    if (silent > 0) report(resource, `must describe each rule, got ${silent} without`);
  },
};
