import { blocks, show, text } from "../../core/read";
import type { ResourceRule } from "../../core/rule";

export const clusterContainerInsights: ResourceRule = {
  scope: "resource",
  name: "cluster-container-insights",
  types: ["aws:ecs/cluster:Cluster"],
  holds: "A cluster measures its tasks.",
  why: "Without Container Insights there is no number of running tasks to alarm on.",
  mend: "set the containerInsights setting to enabled or enhanced",
  severity: "medium",
  level: "advisory",
  ids: { F: ["ECS.12"], N: ["ECS4"], K: ["65"] },
  check(cluster, { report }) {
    const setting = blocks(cluster.props["settings"]).find((one) => one["name"] === "containerInsights");
    const value = text(setting?.["value"]);
    if (!["enabled", "enhanced"].includes(value))
      report(cluster, `must have Container Insights, got ${show(value || undefined)}`);
  },
};
