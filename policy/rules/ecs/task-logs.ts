import { block, show, text } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { containers } from "../../core/workloads";

export const taskLogs: ResourceRule = {
  scope: "resource",
  name: "task-logs",
  types: [T.ecsTask],
  holds: "Containers send their output somewhere.",
  why: "What a stopped task wrote is gone with it.",
  mend: "set logConfiguration",
  severity: "high",
  level: "mandatory",
  ids: { F: ["ECS.9"], N: ["ECS7"] },
  check(task, { report }) {
    for (const container of containers(task)) {
      if (text(block(container["logConfiguration"])["logDriver"]) === "")
        report(task, `must send its logs somewhere, got no logDriver in container ${show(container["name"])}`);
    }
  },
};
