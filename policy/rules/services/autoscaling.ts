import type { Rule } from "../../pack/rule";
import { block, blocks, isTrue, list, show, text } from "../../stack/read";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";
import { templateOf } from "../../stack/workloads";

/** Rules for EC2 Auto Scaling. */
export const autoscalingRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "group-elb-health",
    types: [T.group],
    description: "A group behind a load balancer replaces what the balancer finds unhealthy.",
    rationale: "A server whose process hangs passes EC2's own checks for ever.",
    fix: "set healthCheckType to ELB",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["AutoScaling.1"], cdkNag: ["AwsSolutions-AS2"], checkov: ["CKV2_AWS_15"] },
    check(group, { report }) {
      // A list of unknown ARNs is still a list of targets.
      const arns = peek(() => list(group.props["targetGroupArns"]).length + list(group.props["loadBalancers"]).length);
      if (arns === 0) return;
      const type = group.props["healthCheckType"];
      if (type !== "ELB") report(group, `must follow the balancer's health checks, got healthCheckType ${show(type)}`);
    },
  },
  {
    scope: "stack",
    name: "group-image",
    types: [T.group],
    description: "Servers that an instance refresh replaces start from a named image.",
    rationale:
      "AWS refuses skipMatching and autoRollback for an image that a parameter names, and a new image behind the parameter starts no refresh.",
    fix: "set imageId of the launch template to an ami- id",
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
  },
  {
    scope: "resource",
    name: "group-launch-template",
    types: [T.group],
    description: "Groups start their servers from a launch template.",
    rationale: "Launch configurations cannot ask for metadata tokens or several instance types, and AWS retires them.",
    fix: "set launchTemplate or mixedInstancesPolicy",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["AutoScaling.9"], checkov: ["CKV_AWS_315"] },
    check(group, { report }) {
      const has = ["launchTemplate", "mixedInstancesPolicy"].some((key) => group.props[key] !== undefined);
      if (!has)
        report(
          group,
          `must use a launch template, got ${group.props["launchConfiguration"] ? "a launch configuration" : "none"}`,
        );
    },
  },
  {
    scope: "stack",
    name: "group-notifications",
    types: [T.group],
    description: "Launches and failures of a group are announced.",
    rationale: "A group that replaces servers all night looks healthy in the morning.",
    fix: "add an aws.autoscaling.Notification for the group",
    severity: "low",
    level: "advisory",
    ids: { cdkNag: ["AwsSolutions-AS3"] },
    url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-sns-notifications.html",
    check(group, { stack, report }) {
      const found = stack.referrers(group, "aws:autoscaling/notification:Notification", "groupNames");
      if (found.length === 0) report(group, "must announce its launches and failures, got no notification");
    },
  },
  {
    scope: "resource",
    name: "group-several-types",
    types: [T.group],
    description: "A group may choose among several instance types.",
    rationale: "A zone that is out of one type starts another.",
    fix: "list further types in mixedInstancesPolicy.launchTemplate.overrides",
    severity: "low",
    level: "advisory",
    ids: { securityHub: ["AutoScaling.6"] },
    check(group, { report }) {
      const template = block(block(group.props["mixedInstancesPolicy"])["launchTemplate"]);
      const overrides = blocks(template["overrides"]);
      const open = overrides.some((one) => one["instanceRequirements"] !== undefined);
      const types = new Set(overrides.map((one) => one["instanceType"])).size;
      if (!open && types < 2) report(group, `must allow several instance types, got ${types}`);
    },
  },
];
