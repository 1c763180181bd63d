import { number } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const serviceDeployment: ResourceRule = {
  scope: "resource",
  name: "service-deployment",
  types: [T.ecsService],
  holds: "A deployment adds tasks before it takes any away.",
  why: "Below 100 percent a release at the peak is a loss of capacity that somebody scheduled.",
  mend: "set deploymentMinimumHealthyPercent to 100 and deploymentMaximumPercent to 200",
  severity: "high",
  level: "production",
  ids: { availability: 8 },
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html",
  check(service, { report }) {
    if (service.props["schedulingStrategy"] === "DAEMON") return;
    const least = number(service.props["deploymentMinimumHealthyPercent"]) ?? 100;
    const most = number(service.props["deploymentMaximumPercent"]) ?? 200;
    if (least < 100)
      report(service, `must keep every task while it deploys, got deploymentMinimumHealthyPercent ${least}`);
    if (most < 200) report(service, `must be able to double while it deploys, got deploymentMaximumPercent ${most}`);
  },
};
