import type { Rule } from "../../pack/rule";
import { at, block, blocks, isTrue, list, number, show, text } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";
import { containers, settings, templateOf } from "../../stack/workloads";

/** Availability rules for deployments and starts of servers. */
export const deploymentsRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "group-maintenance",
    types: [T.group],
    description: "An Auto Scaling group launches the new server before it terminates the old one.",
    rationale:
      "A group without an instance maintenance policy terminates first when a server reaches its maximum lifetime.",
    fix: "set instanceMaintenancePolicy.minHealthyPercentage to 100",
    severity: "low",
    level: "advisory",
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
    description: "A new launch template reaches the servers a few at a time, and a bad one is undone.",
    rationale: "Without a refresh servers keep the old template until one fails, and the new one then starts untried.",
    fix: "set instanceRefresh with minHealthyPercentage 100, and autoRollback or alarmSpecification",
    severity: "low",
    level: "advisory",
    ids: { availability: 8 },
    url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html",
    check(group, { stack, report, isRead }) {
      if (!hasRefresh(group)) {
        // A program that refreshes no group gets one finding, and one that refreshes some a finding for each other.
        const groups = stack.of(T.group).filter((one) => !isRead(one));
        const isPractised = groups.some(hasRefresh);
        if (!isPractised && groups[0] !== group) return;
        const others = isPractised || groups.length < 2 ? "" : ` here and in ${groups.length - 1} other groups`;
        return report(group, `must refresh its servers, got no instanceRefresh${others}`);
      }
      const preferences = block(block(group.props["instanceRefresh"])["preferences"]);
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
    description: "ECS undoes a deployment whose tasks do not start.",
    rationale:
      "Without the circuit breaker ECS starts failing tasks for hours, and a lost task is replaced by one that fails.",
    fix: "set deploymentCircuitBreaker.enable and rollback to true",
    severity: "medium",
    level: "production",
    ids: { availability: 8 },
    url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html",
    check(service, { report }) {
      const controller = text(at(service.props, "deploymentController.type"));
      if (controller === "CODE_DEPLOY" || controller === "EXTERNAL") return;
      const [missing] = ["enable", "rollback"].filter(
        (key) => !isTrue(at(service.props, `deploymentCircuitBreaker.${key}`)),
      );
      if (missing !== undefined) {
        const value = at(service.props, `deploymentCircuitBreaker.${missing}`);
        report(service, `must undo a failing deployment, got deploymentCircuitBreaker.${missing} ${show(value)}`);
      }
    },
  },
  {
    scope: "stack",
    name: "service-deployment",
    types: [T.ecsService],
    description: "A deployment of an ECS service starts tasks before it stops any.",
    rationale:
      "Below 100 percent every release takes capacity away; at a maximum of 100 percent it cannot start a task.",
    fix: "set deploymentMinimumHealthyPercent to 100 and deploymentMaximumPercent to 200",
    severity: "high",
    level: "production",
    lowUnless: ["redundant"],
    ids: { availability: 8 },
    url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html",
    check(service, { report, advise }) {
      const controller = text(at(service.props, "deploymentController.type"));
      // CodeDeploy, and ECS by every strategy but the default one, start all new tasks next to the old ones, and read
      // neither number.
      const strategy = text(at(service.props, "deploymentConfiguration.strategy")) || "ROLLING";
      const isElsewhere = controller === "EXTERNAL" || controller === "CODE_DEPLOY" || strategy !== "ROLLING";
      if (service.props["schedulingStrategy"] === "DAEMON" || isElsewhere) return;
      const least = number(service.props["deploymentMinimumHealthyPercent"]) ?? 100;
      const most = number(service.props["deploymentMaximumPercent"]) ?? 200;
      // One task of two, or half of more, carries what comes at the time that a team releases.
      const say = least === 0 ? report : advise;
      if (least < 100)
        say(service, `must keep every task while it deploys, got deploymentMinimumHealthyPercent ${least}`);
      else if (most <= 100)
        report(service, `must have room for new tasks while it deploys, got deploymentMaximumPercent ${most}`);
    },
  },
  {
    scope: "stack",
    name: "beanstalk-deployment",
    types: [T.beanstalk],
    description:
      "A Beanstalk environment has a load balancer, checks a path, and deploys to a part of its servers at a time.",
    rationale: "Its default deploys to all servers at once, which is an outage per release.",
    fix: "set EnvironmentType LoadBalanced, DeploymentPolicy Immutable or RollingWithAdditionalBatch, and HealthCheckPath",
    severity: "high",
    level: "production",
    lowUnless: ["redundant", "operated"],
    ids: { availability: 9 },
    url: "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.deploy-existing-version.html",
    check(environment, { report, advise }) {
      const get = settings(environment);
      const type = get("aws:elasticbeanstalk:environment", "EnvironmentType") ?? "LoadBalanced";
      if (type !== "LoadBalanced") return report(environment, `must have a load balancer, got ${show(type)}`);
      const policy = get("aws:elasticbeanstalk:command", "DeploymentPolicy") ?? "AllAtOnce";
      if (!["Immutable", "RollingWithAdditionalBatch", "TrafficSplitting"].includes(policy))
        report(environment, `must deploy without losing servers, got DeploymentPolicy ${show(policy)}`);
      if (environment.props["tier"] === "Worker") return;
      const path =
        get("aws:elasticbeanstalk:environment:process:default", "HealthCheckPath") ??
        get("aws:elasticbeanstalk:application", "Application Healthcheck URL");
      // An application load balancer asks for / where no path is named, a classic one for a connection only.
      const balancer = get("aws:elasticbeanstalk:environment", "LoadBalancerType");
      if (!path)
        (balancer === "application" ? advise : report)(
          environment,
          "must check a path of its servers, got no HealthCheckPath",
        );
    },
  },
  {
    scope: "stack",
    name: "boot-time",
    types: [T.group, T.ecsTask],
    description: "Servers and containers have the time that they need to start before a health check replaces them.",
    rationale: "A server that is replaced while it boots is followed by one that is replaced while it boots.",
    fix: "raise healthCheckGracePeriod and defaultInstanceWarmup, or the container's startPeriod",
    severity: "high",
    level: "production",
    lowUnless: ["redundant", "served", "operated"],
    ids: { availability: 10 },
    url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-check-grace-period.html",
    settings: {
      serverSeconds: {
        type: "integer",
        description: "Seconds that a server needs to boot and to start its service.",
        default: 60,
      },
      taskSeconds: {
        type: "integer",
        description: "Seconds that a container needs to start its service.",
        default: 45,
      },
    },
    check(resource, { stack, report, setting }) {
      if (resource.type === T.ecsTask) {
        const least = setting<number>("taskSeconds");
        for (const container of containers(resource)) {
          if (container["healthCheck"] === undefined) continue;
          const check = block(container["healthCheck"]);
          // Defaults of ECS. A check that fails counts from the start of the container, or from the end of startPeriod.
          const start = number(check["startPeriod"]) ?? 0;
          const given = start + (number(check["interval"]) ?? 30) * (number(check["retries"]) ?? 3);
          if (given < least)
            report(resource, `must let containers start for ${least} s, got ${given} s until a check replaces one`);
        }
        return;
      }
      const least = setting<number>("serverSeconds");
      const grace = number(resource.props["healthCheckGracePeriod"]) ?? 300; // the provider's default
      // Without a warm-up of its own a policy waits for the group's cooldown, which is longer.
      const warmup = number(resource.props["defaultInstanceWarmup"]);
      if (grace < least && !waitsOtherwise(resource, stack))
        report(resource, `must let servers boot for ${least} s, got healthCheckGracePeriod ${grace}`);
      if (warmup !== undefined && warmup < least)
        report(resource, `must not measure servers before ${least} s, got defaultInstanceWarmup ${warmup}`);
    },
  },
];

function hasRefresh({ props }: Resource): boolean {
  return peek(() => props["instanceRefresh"]) !== undefined;
}

/**
 * Whether a group needs no grace period: a hook keeps its servers out until they are ready, or it has the checks of EC2
 * only, which do not count a server that boots as unhealthy.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-check-grace-period.html
 */
function waitsOtherwise(group: Resource, stack: Stack): boolean {
  const hooks = [
    ...blocks(group.props["initialLifecycleHooks"]),
    ...stack
      .referrers(group, "aws:autoscaling/lifecycleHook:LifecycleHook", "autoscalingGroupName")
      .map(({ props }) => props),
  ];
  const isOnLaunch = hooks.some((one) => text(one["lifecycleTransition"]) === "autoscaling:EC2_INSTANCE_LAUNCHING");
  return isOnLaunch || group.props["healthCheckType"] === "EC2";
}
