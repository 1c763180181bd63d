import { isServing, targetGroupsOf } from "../../network/target-groups";
import type { Rule } from "../../pack/rule";
import { isSet } from "../../stack/invocations";
import { block, blocks, isTrue, show, text } from "../../stack/read";
import { T } from "../../stack/types";
import { templateOf } from "../../stack/workloads";

/** Rules for EC2 Auto Scaling. */
export const autoscalingRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "group-elb-health",
    types: [T.group],
    description:
      "An Auto Scaling group behind a load balancer replaces servers that the load balancer finds unhealthy.",
    rationale: "A server whose process hangs still passes EC2's own checks, and stays in the group.",
    fix: "set healthCheckType to ELB",
    severity: "medium",
    level: "production",
    ids: { securityHub: ["AutoScaling.1"], cdkNag: ["AwsSolutions-AS2"], checkov: ["CKV2_AWS_15"] },
    check(group, { stack, report, advise }) {
      if (!isServing(group, stack)) return;
      const type = group.props["healthCheckType"];
      // Auto Scaling takes several in one text, "EC2,ELB", and has a type for the target groups of VPC Lattice.
      const types = text(type)
        .split(",")
        .map((one) => one.trim());
      if (!types.includes("ELB") && !types.includes("VPC_LATTICE")) {
        // Where the program names no path, a server may answer the default one with 404, and would be replaced for ever.
        const isNamed = targetGroupsOf(group, stack).some((one) => isSet(one, "healthCheck.path"));
        (isNamed ? report : advise)(
          group,
          `must use the load balancer's health checks, got healthCheckType ${show(type)}`,
          "set healthCheckType to ELB",
        );
      }
    },
  },
  {
    scope: "stack",
    name: "group-image",
    types: [T.group],
    description: "An instance refresh that skips matching servers or rolls back starts servers from an image id.",
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
        report(
          group,
          `must start from a named image to skip or roll back a refresh, got ${show(image)}`,
          `set imageId of ${template} to an ami- id`,
        );
    },
  },
  {
    scope: "resource",
    name: "group-launch-template",
    types: [T.group],
    description: "An Auto Scaling group starts its servers from a launch template.",
    rationale:
      "Launch configurations cannot start several instance types or types of 2023 and later, and new accounts cannot create them.",
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
    scope: "resource",
    name: "group-several-types",
    types: [T.group],
    description: "An Auto Scaling group may start several instance types.",
    rationale: "When a zone has no capacity left for the only type, the group starts no server there.",
    fix: "list further types in mixedInstancesPolicy.launchTemplate.overrides",
    severity: "low",
    level: "advisory",
    ids: { securityHub: ["AutoScaling.6"] },
    check(group, { report }) {
      // A launch configuration cannot name several; group-launch-template finds it.
      if (group.props["launchConfiguration"] !== undefined) return;
      const template = block(block(group.props["mixedInstancesPolicy"])["launchTemplate"]);
      const overrides = blocks(template["overrides"]);
      const open = overrides.some((one) => one["instanceRequirements"] !== undefined);
      const types = new Set(overrides.map((one) => one["instanceType"])).size;
      if (!open && types < 2) report(group, `must allow several instance types, got ${types}`);
    },
  },
];
