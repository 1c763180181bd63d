import { isTrue, show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { containers } from "../../core/workloads";

export const taskNotPrivileged: ResourceRule = {
  scope: "resource",
  name: "task-not-privileged",
  types: [T.ecsTask],
  holds: "Containers share neither privileges, processes nor network with their host.",
  why: "A broken container would own the host and every task on it.",
  mend: "set privileged to false, networkMode to awsvpc, and leave pidMode and ipcMode out",
  severity: "high",
  level: "mandatory",
  ids: { F: ["ECS.1", "ECS.3", "ECS.4"], N: ["UserForHostMode"], K: ["334", "335"] },
  check(task, { report }) {
    for (const key of ["pidMode", "ipcMode", "networkMode"]) {
      if (task.props[key] === "host") report(task, `must not share its host's ${key.slice(0, -4)}, got ${key} "host"`);
    }
    for (const container of containers(task)) {
      if (isTrue(container["privileged"]))
        report(task, `must not run privileged, got container ${show(container["name"])}`);
    }
  },
};
