import type { Rule } from "../../pack/rule";
import { block, blocks, list, number, show, text } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { hasUnknownPart, peek, UNKNOWN } from "../../stack/unknown";
import { containers, userData, variables } from "../../stack/workloads";

/** Image registries of AWS that answer inside the region: ECR itself, and copies that ECR keeps of other registries. */
const regionalImage = /^\d{12}\.dkr[.-]ecr(-fips)?\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|on\.aws)\//;

/** Commands of user data that fetch from the internet; dnf and yum of Amazon Linux read from S3 in the region. */
const fetching =
  /\b(apt|apt-get|snap|pip3?|npm|yarn|gem|go|cargo)\s+(-\S+\s+)*(install|add|get|i|ci)\b|\bdocker\s+(pull|run)\b|\b(curl|wget)\b[^\n|;&]*?https?:\/\/(?<host>[^\s"'/:)]+)/g;

/** Hosts that answer inside the region, or on the instance itself. */
const nearHost = /(^169\.254\.|^localhost$|^127\.|\.amazonaws\.com(\.cn)?$|\$)/;

/** Availability rules for what servers need from elsewhere when they start. */
export const startsRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "images-in-region",
    types: [T.ecsTask],
    description: "Containers start from images in an ECR repository of the region.",
    rationale:
      "When a registry on the internet is down or limits its clients, no task starts, and a lost zone stays lost.",
    fix: "push the image to aws.ecr.Repository, or pull it through an aws.ecr.PullThroughCacheRule",
    severity: "low",
    level: "advisory",
    ids: { availability: 52 },
    url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html",
    check(task, { report }) {
      for (const container of containers(task)) {
        const image = text(container["image"]);
        if (image !== "" && !hasUnknownPart(image) && !regionalImage.test(image))
          report(task, `must start from an image of the region's registry, got ${show(image)}`);
      }
    },
  },
  {
    scope: "stack",
    name: "start-without-internet",
    types: [T.launchTemplate],
    description: "Servers start without a download from the internet.",
    rationale: "When a package registry is down or changed, no new server starts, and a lost zone stays lost.",
    fix: "build an image that has the packages, or fetch them from S3 in the region",
    severity: "low",
    level: "advisory",
    ids: { availability: 53 },
    url: "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_withstand_component_failures_static_stability.html",
    check(template, { report }) {
      const [first] = [...userData(template).matchAll(fetching)].filter(
        ({ groups }) => groups?.["host"] === undefined || !nearHost.test(groups["host"]),
      );
      if (first) report(template, `must start without a download, got ${show(first[0])} in userData`);
    },
  },
  {
    scope: "resource",
    name: "regional-sts",
    types: [T.function, T.ecsTask, T.launchTemplate, T.beanstalk],
    description: "Workloads get their credentials from the STS endpoint of their region.",
    rationale:
      "The global endpoint of STS is in us-east-1, so that a fault there takes the permissions of all regions away.",
    fix: "remove it, or set AWS_STS_REGIONAL_ENDPOINTS to regional",
    severity: "medium",
    level: "production",
    ids: { availability: 54 },
    url: "https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html",
    check(workload, { report }) {
      const values = variables(workload);
      if (values["AWS_STS_REGIONAL_ENDPOINTS"] === "legacy")
        report(
          workload,
          "must use the STS endpoint of its region, got AWS_STS_REGIONAL_ENDPOINTS legacy",
          "set the variable AWS_STS_REGIONAL_ENDPOINTS to regional, or remove it",
        );
      // A value that is only known after the deployment was not written by hand.
      const name = Object.keys(values).find((each) => {
        const value = peek(() => values[each]!);
        return value !== UNKNOWN && globalSts.test(value);
      });
      if (name !== undefined)
        report(
          workload,
          `must use the STS endpoint of its region, got the global one in ${name}`,
          `remove the variable ${name}, or name the endpoint of the region in it`,
        );
    },
  },
  {
    scope: "stack",
    name: "spot-floor",
    types: [T.ecsService, T.group],
    description: "A part of the servers that requests need does not run on Spot.",
    rationale: "AWS takes Spot servers back when a zone's capacity is short, which is when other zones fail too.",
    fix: "give a base of FARGATE, or onDemandBaseCapacity, to what serves requests",
    severity: "medium",
    level: "production",
    lowUnless: ["redundant", "served", "operated"],
    ids: { availability: 62 },
    url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-mixed-instances-groups.html",
    check(resource, { report }) {
      if (resource.type === T.ecsService) {
        const strategies = list(resource.props["capacityProviderStrategies"]).map(block);
        const provides = (one: Record<string, any>) => text(one["capacityProvider"]);
        const spot = strategies.some((one) => provides(one) === "FARGATE_SPOT");
        const steady = strategies.some((one) => provides(one) !== "FARGATE_SPOT" && isUsed(one));
        if (spot && !steady && isServed(resource)) report(resource, "must keep a part off Spot, got FARGATE_SPOT only");
        return;
      }
      const share = block(block(resource.props["mixedInstancesPolicy"])["instancesDistribution"]);
      const isAllSpot =
        share["onDemandPercentageAboveBaseCapacity"] === 0 && (share["onDemandBaseCapacity"] ?? 0) === 0;
      if (isAllSpot && isServed(resource))
        report(resource, "must keep a part off Spot, got an onDemandPercentageAboveBaseCapacity of 0 and no base");
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
    check(resource, { stack, report, advise, setting }) {
      if (resource.type === T.ecsTask) {
        const least = setting<number>("taskSeconds");
        for (const container of containers(resource)) {
          if (container["healthCheck"] === undefined) continue;
          const check = block(container["healthCheck"]);
          // Defaults of ECS. A check that fails counts from the start of the container, or from the end of startPeriod.
          const start = number(check["startPeriod"]) ?? 0;
          const given = start + (number(check["interval"]) ?? 30) * (number(check["retries"]) ?? 3);
          // Most containers start in less; who wrote a check knows how long theirs take.
          const say = given < least / 2 ? report : advise;
          if (given < least)
            say(
              resource,
              `must let containers start for ${least} s, got ${given} s until a check replaces one`,
              `set healthCheck.startPeriod to ${least} in container ${show(container["name"])}`,
            );
        }
        return;
      }
      const least = setting<number>("serverSeconds");
      const grace = number(resource.props["healthCheckGracePeriod"]) ?? 300; // the provider's default
      // Without a warm-up of its own a policy waits for the group's cooldown, which is longer.
      const warmup = number(resource.props["defaultInstanceWarmup"]);
      if (grace < least && !waitsOtherwise(resource, stack))
        report(
          resource,
          `must let servers boot for ${least} s, got healthCheckGracePeriod ${grace}`,
          `set healthCheckGracePeriod to ${least}`,
        );
      if (warmup !== undefined && warmup < least)
        report(
          resource,
          `must not measure servers before ${least} s, got defaultInstanceWarmup ${warmup}`,
          `set defaultInstanceWarmup to ${least}`,
        );
    },
  },
];

/** The global endpoint as a host; a name such as `sts.amazonaws.com` alone is an audience of tokens too. */
const globalSts = /:\/\/sts\.amazonaws\.com\b/;

function isUsed(strategy: Record<string, any>): boolean {
  return Number(strategy["base"] ?? 0) > 0 || Number(strategy["weight"] ?? 0) > 0;
}

/** Workers on Spot are what Spot is for. */
function isServed({ props }: Resource): boolean {
  return ["loadBalancers", "serviceRegistries", "targetGroupArns"].some((key) => list(props[key]).length > 0);
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
