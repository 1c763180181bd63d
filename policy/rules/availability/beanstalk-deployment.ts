import { show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { settings } from "../../core/workloads";

export const beanstalkDeployment: ResourceRule = {
  scope: "resource",
  name: "beanstalk-deployment",
  types: [T.beanstalk],
  holds: "A Beanstalk environment is load balanced, checked over a path, and deployed a part at a time.",
  why: "Its default deploys to all servers at once, which is an outage per release.",
  mend: "set EnvironmentType LoadBalanced, DeploymentPolicy Immutable or RollingWithAdditionalBatch, and HealthCheckPath",
  severity: "high",
  level: "mandatory",
  ids: { availability: 9 },
  url: "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.deploy-existing-version.html",
  check(environment, { report }) {
    const get = settings(environment);
    const type = get("aws:elasticbeanstalk:environment", "EnvironmentType") ?? "LoadBalanced";
    if (type !== "LoadBalanced") report(environment, `must be load balanced, got ${show(type)}`);
    const policy = get("aws:elasticbeanstalk:command", "DeploymentPolicy") ?? "AllAtOnce";
    if (!["Immutable", "RollingWithAdditionalBatch", "TrafficSplitting"].includes(policy))
      report(environment, `must deploy without losing servers, got ${show(policy)}`);
    const path =
      get("aws:elasticbeanstalk:environment:process:default", "HealthCheckPath") ??
      get("aws:elasticbeanstalk:application", "Application Healthcheck URL");
    if (!path) report(environment, "must be checked over a path, got no HealthCheckPath");
  },
};
