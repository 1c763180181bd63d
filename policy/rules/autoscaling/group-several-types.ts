import { block, blocks } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const groupSeveralTypes: ResourceRule = {
  scope: "resource",
  name: "group-several-types",
  types: [T.group],
  holds: "A group may choose among several instance types.",
  why: "A zone that is out of one type starts another.",
  mend: "list further types in mixedInstancesPolicy.launchTemplate.overrides",
  severity: "low",
  level: "advisory",
  ids: { F: ["AutoScaling.6"] },
  check(group, { report }) {
    const template = block(block(group.props["mixedInstancesPolicy"])["launchTemplate"]);
    const overrides = blocks(template["overrides"]);
    const open = overrides.some((one) => one["instanceRequirements"] !== undefined);
    const types = new Set(overrides.map((one) => one["instanceType"])).size;
    if (!open && types < 2) report(group, `must allow several instance types, got ${types}`);
  },
};
