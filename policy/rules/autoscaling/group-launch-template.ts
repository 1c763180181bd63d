import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const groupLaunchTemplate: ResourceRule = {
  scope: "resource",
  name: "group-launch-template",
  types: [T.group],
  holds: "Groups start their servers from a launch template.",
  why: "Launch configurations cannot ask for metadata tokens or several instance types, and AWS retires them.",
  mend: "set launchTemplate or mixedInstancesPolicy",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["AutoScaling.9"], K: ["315"] },
  check(group, { report }) {
    const has = ["launchTemplate", "mixedInstancesPolicy"].some((key) => group.props[key] !== undefined);
    if (!has)
      report(
        group,
        `must use a launch template, got ${group.props["launchConfiguration"] ? "a launch configuration" : "none"}`,
      );
  },
};
