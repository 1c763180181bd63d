import { requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { at, block, isTrue, list, number, show, text } from "../../stack/read";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";
import { containers, settings, templateOf } from "../../stack/workloads";

/** Availability rules for deployments and starts of servers. */
export const deploymentsRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "group-maintenance",
    types: [T.group],
    description: "A group launches the new server before it ends the old one.",
    rationale: "Rebalancing and instance limits otherwise take servers away at any hour.",
    fix: "set instanceMaintenancePolicy.minHealthyPercentage to 100",
    severity: "medium",
    level: "production",
    ids: { availability: 8 },
    url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-instance-maintenance-policy.html",
    check(group, { report }) {
      const least = number(at(group.props, "instanceMaintenancePolicy.minHealthyPercentage"));
      if (least === undefined || least < 100)
        report(group, `must launch before it terminates, got minHealthyPercentage ${show(least)}`);
    },
  },
  {
    scope: "stack",
    name: "group-refresh",
    types: [T.group],
    description: "A new template reaches the servers a few at a time, and a bad one is stopped.",
    rationale: "Without it servers keep the old image until they fail, and then start an untried one.",
    fix: "set instanceRefresh with minHealthyPercentage 100, and autoRollback or alarmSpecification",
    severity: "medium",
    level: "production",
    ids: { availability: 8 },
    url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html",
    check(group, { stack, report }) {
      const preferences = block(block(group.props["instanceRefresh"])["preferences"]);
      if (group.props["instanceRefresh"] === undefined)
        return report(group, "must refresh its servers, got no instanceRefresh");
      const least = number(preferences["minHealthyPercentage"]) ?? 90; // AWS's default
      if (least < 100) report(group, `must keep every server while it refreshes, got minHealthyPercentage ${least}`);
      // EC2 cannot roll back to an image that a parameter names; then only an alarm can stop a refresh.
      const template = templateOf(group, stack);
      const byParameter = template !== undefined && text(template.props["imageId"]).startsWith("resolve:ssm:");
      const alarms = peek(() => list(block(preferences["alarmSpecification"])["alarms"]).length) !== 0;
      const undone = isTrue(preferences["autoRollback"]) && !byParameter;
      if (!undone && !alarms)
        report(
          group,
          `must ${byParameter ? "be stopped by an alarm" : "undo a bad refresh"}, got neither autoRollback nor alarms`,
        );
    },
  },
  {
    scope: "resource",
    name: "service-circuit-breaker",
    types: [T.ecsService],
    description: "A deployment whose tasks do not come up is undone by itself.",
    rationale: "Else it tries for hours, and the next loss of a task finds no image that starts.",
    fix: "set deploymentCircuitBreaker.enable and rollback to true",
    severity: "high",
    level: "production",
    ids: { availability: 8 },
    url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html",
    check(service, context) {
      const controller = text(at(service.props, "deploymentController.type"));
      if (controller === "CODE_DEPLOY" || controller === "EXTERNAL") return;
      requireTrue(service, context, "deploymentCircuitBreaker.enable", "break off a failing deployment");
      requireTrue(service, context, "deploymentCircuitBreaker.rollback", "undo a failing deployment");
    },
  },
  {
    scope: "resource",
    name: "service-deployment",
    types: [T.ecsService],
    description: "A deployment adds tasks before it takes any away.",
    rationale: "Below 100 percent a release at the peak is a loss of capacity that somebody scheduled.",
    fix: "set deploymentMinimumHealthyPercent to 100 and deploymentMaximumPercent to 200",
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
  },
  {
    scope: "resource",
    name: "beanstalk-deployment",
    types: [T.beanstalk],
    description: "A Beanstalk environment is load balanced, checked over a path, and deployed a part at a time.",
    rationale: "Its default deploys to all servers at once, which is an outage per release.",
    fix: "set EnvironmentType LoadBalanced, DeploymentPolicy Immutable or RollingWithAdditionalBatch, and HealthCheckPath",
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
  },
  {
    scope: "resource",
    name: "boot-time",
    types: [T.group, T.ecsTask],
    description: "Servers have the time they need to start before they are judged.",
    rationale: "A server that is killed while it boots is replaced by one that will be killed while it boots.",
    fix: "raise healthCheckGracePeriod and defaultInstanceWarmup, or the container's startPeriod",
    severity: "high",
    level: "mandatory",
    ids: { availability: 10 },
    url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-check-grace-period.html",
    settings: {
      serverSeconds: {
        type: "integer",
        description: "Seconds a server needs to boot and to start its service.",
        default: 120,
      },
      taskSeconds: { type: "integer", description: "Seconds a container needs to start its service.", default: 10 },
    },
    check(resource, { report, setting }) {
      if (resource.type === T.ecsTask) {
        const least = setting<number>("taskSeconds");
        for (const container of containers(resource)) {
          if (container["healthCheck"] === undefined) continue;
          const start = number(block(container["healthCheck"])["startPeriod"]) ?? 0;
          if (start < least) report(resource, `must let containers start for ${least} s, got startPeriod ${start}`);
        }
        return;
      }
      const least = setting<number>("serverSeconds");
      const grace = number(resource.props["healthCheckGracePeriod"]) ?? 300; // the provider's default
      const warmup = number(resource.props["defaultInstanceWarmup"]);
      if (grace < least) report(resource, `must let servers boot for ${least} s, got healthCheckGracePeriod ${grace}`);
      if (warmup === undefined || warmup < least)
        report(resource, `must not measure servers before ${least} s, got defaultInstanceWarmup ${show(warmup)}`);
    },
  },
];
