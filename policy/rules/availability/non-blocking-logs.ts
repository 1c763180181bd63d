import { block, show, text } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { containers } from "../../core/workloads";

export const nonBlockingLogs: ResourceRule = {
  scope: "resource",
  name: "non-blocking-logs",
  types: [T.ecsTask],
  holds: "A container does not stop when its logs cannot be sent.",
  why: "When CloudWatch Logs is slow, every container that blocks on it is down.",
  mend: "set logConfiguration.options mode to non-blocking and max-buffer-size",
  severity: "medium",
  level: "production",
  ids: { availability: 28 },
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html",
  check(task, { report }) {
    for (const container of containers(task)) {
      const log = block(container["logConfiguration"]);
      if (!["awslogs", "awsfirelens", "splunk"].includes(text(log["logDriver"]))) continue;
      const options = block(log["options"]);
      if (options["mode"] !== "non-blocking")
        report(
          task,
          `must not wait for its logs, got mode ${show(options["mode"])} in container ${show(container["name"])}`,
        );
      else if (text(options["max-buffer-size"]) === "")
        report(task, `must bound its logs' buffer, got no max-buffer-size in container ${show(container["name"])}`);
    }
  },
};
