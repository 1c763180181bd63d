import { isTrue, show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { containers } from "../../core/workloads";

export const taskReadOnlyRoot: ResourceRule = {
  scope: "resource",
  name: "task-read-only-root",
  types: [T.ecsTask],
  holds: "Containers cannot write to their own file system.",
  why: "An intruder finds no place to put his tools.",
  mend: "set readonlyRootFilesystem to true, with a volume for what must be written",
  severity: "high",
  level: "mandatory",
  ids: { F: ["ECS.5"], K: ["336"] },
  check(task, { report }) {
    for (const container of containers(task)) {
      if (!isTrue(container["readonlyRootFilesystem"]))
        report(task, `must have a read-only root, got container ${show(container["name"])}`);
    }
  },
};
