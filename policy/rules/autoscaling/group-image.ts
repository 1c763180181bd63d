import { block, isTrue, show, text } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";
import { templateOf } from "../../core/workloads";

export const groupImage: StackRule = {
  scope: "stack",
  name: "group-image",
  types: [T.group],
  holds: "Servers that an instance refresh replaces start from a named image.",
  why: "AWS refuses skipMatching and autoRollback for an image that a parameter names, and a new image behind the parameter starts no refresh.",
  mend: "set imageId of the launch template to an ami- id",
  severity: "high",
  level: "mandatory",
  ids: {},
  url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html",
  check(group, { stack, report }) {
    const preferences = block(block(group.props["instanceRefresh"])["preferences"]);
    if (!isTrue(preferences["skipMatching"]) && !isTrue(preferences["autoRollback"])) return;
    const template = templateOf(group, stack);
    if (template === undefined) return;
    const image = template.props["imageId"];
    if (text(image).startsWith("resolve:ssm:"))
      report(group, `must start from a named image to skip or roll back a refresh, got ${show(image)}`);
  },
};
