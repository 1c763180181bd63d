import type { Rule } from "../../pack/rule";
import { at, block, isTrue, list, number, show, text } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";
import { settings, templateOf } from "../../stack/workloads";

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
        report(
          group,
          `must launch before it terminates, got minHealthyPercentage ${show(least)}`,
          "set instanceMaintenancePolicy.minHealthyPercentage to 100",
        );
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
        return report(
          group,
          `must replace its servers when its launch template changes, got no instanceRefresh${others}`,
        );
      }
      const preferences = block(block(group.props["instanceRefresh"])["preferences"]);
      const least = number(preferences["minHealthyPercentage"]) ?? 90; // AWS's default
      if (least < 100)
        report(
          group,
          `must keep every server while it refreshes, got minHealthyPercentage ${least}`,
          "set instanceRefresh.preferences.minHealthyPercentage to 100",
        );
      // EC2 cannot roll back to an image that a parameter names; then only an alarm can stop a refresh.
      const template = templateOf(group, stack);
      const byParameter = template !== undefined && text(template.props["imageId"]).startsWith("resolve:ssm:");
      const alarms = peek(() => list(block(preferences["alarmSpecification"])["alarms"]).length) !== 0;
      const undone = isTrue(preferences["autoRollback"]) && !byParameter;
      if (!undone && !alarms)
        report(
          group,
          `must ${byParameter ? "be stopped by an alarm" : "undo a bad refresh"}, got neither autoRollback nor alarms`,
          byParameter
            ? "set instanceRefresh.preferences.alarmSpecification.alarms to the alarms of the service"
            : "set instanceRefresh.preferences.autoRollback to true",
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
        const open = ["enable", "rollback"].filter(
          (key) => !isTrue(at(service.props, `deploymentCircuitBreaker.${key}`)),
        );
        report(
          service,
          `must undo a failing deployment, got deploymentCircuitBreaker.${missing} ${show(value)}`,
          `set ${open.map((key) => `deploymentCircuitBreaker.${key} to true`).join(" and ")}`,
        );
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
        say(
          service,
          `must keep every task while it deploys, got deploymentMinimumHealthyPercent ${least}`,
          most > 100
            ? "set deploymentMinimumHealthyPercent to 100"
            : "set deploymentMinimumHealthyPercent to 100 and deploymentMaximumPercent to 200",
        );
      else if (most <= 100)
        report(
          service,
          `must have room for new tasks while it deploys, got deploymentMaximumPercent ${most}`,
          "set deploymentMaximumPercent to 200",
        );
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
      if (type !== "LoadBalanced")
        return report(
          environment,
          `must have a load balancer, got EnvironmentType ${show(type)}`,
          "set aws:elasticbeanstalk:environment EnvironmentType to LoadBalanced",
        );
      const policy = get("aws:elasticbeanstalk:command", "DeploymentPolicy") ?? "AllAtOnce";
      if (!["Immutable", "RollingWithAdditionalBatch", "TrafficSplitting"].includes(policy))
        report(
          environment,
          `must deploy without losing servers, got DeploymentPolicy ${show(policy)}`,
          "set aws:elasticbeanstalk:command DeploymentPolicy to Immutable or RollingWithAdditionalBatch",
        );
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
          "set aws:elasticbeanstalk:environment:process:default HealthCheckPath to a path that answers 200",
        );
    },
  },
];

function hasRefresh({ props }: Resource): boolean {
  return peek(() => props["instanceRefresh"]) !== undefined;
}
