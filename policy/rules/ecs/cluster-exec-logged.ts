import { requireOneOf } from "../../core/require";
import type { ResourceRule } from "../../core/rule";

export const clusterExecLogged: ResourceRule = {
  scope: "resource",
  name: "cluster-exec-logged",
  types: ["aws:ecs/cluster:Cluster"],
  holds: "Shells into containers are recorded.",
  why: "Otherwise what somebody typed in production is known to him alone.",
  mend: "set configuration.executeCommandConfiguration.logging to OVERRIDE with a log group",
  severity: "medium",
  level: "advisory",
  ids: { K: ["223", "224"] },
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
  check(cluster, context) {
    requireOneOf(
      cluster,
      context,
      "configuration.executeCommandConfiguration.logging",
      ["OVERRIDE", "DEFAULT"],
      "log shells into containers",
    );
  },
};
