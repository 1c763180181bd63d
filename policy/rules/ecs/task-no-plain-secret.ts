import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { secretsIn, variables } from "../../core/workloads";

export const taskNoPlainSecret: ResourceRule = {
  scope: "resource",
  name: "task-no-plain-secret",
  types: [T.ecsTask],
  holds: "Secrets reach containers by reference.",
  why: "Variables of a task definition can be read by everyone who may describe it, in every revision.",
  mend: "name it in secrets with valueFrom",
  severity: "high",
  level: "mandatory",
  ids: { F: ["ECS.8"] },
  check(task, { report }) {
    const found = secretsIn(variables(task));
    if (found.length > 0) report(task, `must take secrets by reference, got ${found.join(", ")} in environment`);
  },
};
