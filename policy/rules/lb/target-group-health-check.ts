import { block, text } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const targetGroupHealthCheck: ResourceRule = {
  scope: "resource",
  name: "target-group-health-check",
  types: [T.targetGroup],
  holds: "A target group checks the health of its targets over a path of theirs.",
  why: "Without one, a server that answers 500 to everything keeps its share of requests.",
  mend: "set healthCheck with path and matcher, and enabled not false",
  severity: "medium",
  level: "mandatory",
  ids: { K: ["261"] },
  url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
  check(group, { report }) {
    if (group.props["targetType"] === "lambda") return;
    const check = block(group.props["healthCheck"]);
    if (check["enabled"] === false || check["enabled"] === "false")
      report(group, "must check its targets' health, got enabled false");
    else if (/^HTTPS?$/.test(text(group.props["protocol"])) && text(check["path"]) === "") {
      report(group, "must check its targets' health over a path, got none");
    }
  },
};
