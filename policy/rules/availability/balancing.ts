import { capacityOf, peakOf, workloadZones } from "../../network/capacity";
import { behindBalancer, behindTargetGroup } from "../../network/paths";
import { requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { block, list, number, show, text, texts } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";
import { containers, settings } from "../../stack/workloads";

interface Timing {
  readonly interval: number;
  readonly timeout: number;
  readonly unhealthy: number;
  readonly healthy: number;
}

const MAX_DETECTION = 30;

const MAX_RECOVERY = 3;

const AUTOSHIFT = "aws:arczonalshift/zonalAutoshiftConfiguration:ZonalAutoshiftConfiguration";

/** Availability rules for load balancing. */
export const balancingRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "zonal-autoshift",
    types: [T.loadBalancer, AUTOSHIFT],
    description: "AWS turns requests away from a failing zone by itself, and practises it under an alarm.",
    rationale: "AWS knows of a failing zone before the people on call do.",
    fix: "add an aws.arczonalshift.ZonalAutoshiftConfiguration with outcomeAlarms, status ENABLED",
    severity: "medium",
    level: "advisory",
    ids: { availability: 15 },
    url: "https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-autoshift.html",
    check(resource, { stack, report }) {
      if (resource.type === T.loadBalancer) {
        if (stack.referrers(resource, AUTOSHIFT, "resourceArn").length === 0)
          report(resource, "must shift by itself, got no autoshift");
        return;
      }
      const status = resource.props["zonalAutoshiftStatus"];
      if (status !== "ENABLED") report(resource, `must be on, got ${show(status)}`);
      const alarms = peek(() => list(resource.props["outcomeAlarms"]).length) ?? 0;
      if (alarms === 0) report(resource, "must practise under an alarm, got no outcomeAlarms");
    },
  },
  {
    scope: "resource",
    name: "zonal-shift",
    types: [T.loadBalancer],
    description: "Requests can be turned away from a zone at once.",
    rationale:
      "A zone that is half broken passes health checks and fails requests; then people must act, without a deployment.",
    fix: "set enableZonalShift to true",
    severity: "medium",
    level: "production",
    ids: { availability: 15 },
    url: "https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-shift.html",
    check(balancer, context) {
      if (balancer.props["loadBalancerType"] === "gateway") return;
      requireTrue(balancer, context, "enableZonalShift", "allow zonal shifts");
    },
  },
  {
    scope: "resource",
    name: "target-group-minimum",
    types: [T.targetGroup],
    description: "A zone with one target left is taken out of service.",
    rationale: "By default the last healthy target of a zone gets the zone's whole load, and falls too.",
    fix: "set minimumHealthyTargetsCount to 2 or more in targetGroupHealth.dnsFailover and unhealthyStateRouting",
    severity: "medium",
    level: "production",
    ids: { availability: 16 },
    url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health.html",
    check(group, { report }) {
      if (group.props["targetType"] === "lambda") return;
      const health = block(group.props["targetGroupHealth"]);
      for (const part of ["dnsFailover", "unhealthyStateRouting"]) {
        const settings = block(health[part]);
        const count = number(settings["minimumHealthyTargetsCount"]) ?? 1;
        const percent = number(settings["minimumHealthyTargetsPercentage"]) ?? 0;
        if (count < 2 && percent <= 0) report(group, `must count a zone with one target as lost, got ${part} ${count}`);
      }
    },
  },
  {
    scope: "stack",
    name: "cross-zone",
    types: [T.loadBalancer, T.targetGroup],
    description: "Cross-zone balancing is off only where each zone alone carries the peak.",
    rationale: "Zones get equal shares however few servers they have.",
    fix: "turn cross-zone balancing on, or raise the minimum to zones x peak",
    severity: "medium",
    level: "mandatory",
    ids: { availability: 17 },
    url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html",
    settings: {
      peaks: {
        type: "object",
        description: "Servers needed at the peak, by a part of the resource's name.",
        default: {},
      },
    },
    check(resource, { stack, report, setting }) {
      const balancer = resource.type === T.loadBalancer;
      const key = balancer ? "enableCrossZoneLoadBalancing" : "loadBalancingCrossZoneEnabled";
      const value = resource.props[key];
      if (value !== false && value !== "false") return;
      const workloads = balancer ? behindBalancer(resource, stack) : behindTargetGroup(resource, stack);
      const weak = workloads.find((one) => {
        const peak = peakOf(one, setting("peaks"));
        const count = workloadZones(one, stack)?.names.size ?? 1;
        return peak === undefined || (capacityOf(one, stack)?.min ?? 0) < peak * count;
      });
      if (weak || workloads.length === 0)
        report(
          resource,
          `must balance across zones, as ${weak ?? "nothing behind it"} does not carry the peak in one, got ${key} false`,
        );
    },
  },
  {
    scope: "resource",
    name: "health-check-timing",
    types: [T.targetGroup, T.beanstalk, T.ecsTask],
    description: "A broken server gets no requests after 30 s, and a mended one soon does.",
    rationale: "Meanwhile its share of requests fails.",
    fix: "lower the interval and thresholds, with a timeout below the interval",
    severity: "high",
    level: "mandatory",
    ids: { availability: 18 },
    url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
    settings: {
      detectSeconds: {
        type: "integer",
        description: "Most seconds until a broken server gets no requests.",
        default: MAX_DETECTION,
      },
    },
    check(resource, { report, setting }) {
      const most = setting<number>("detectSeconds");
      for (const { interval, timeout, unhealthy, healthy } of timings(resource)) {
        if (timeout >= interval)
          report(resource, `must give up a check before the next, got timeout ${timeout} s for interval ${interval} s`);
        if (unhealthy * interval > most)
          report(resource, `must find a broken server within ${most} s, got ${unhealthy} x ${interval} s`);
        if (healthy > MAX_RECOVERY)
          report(resource, `must take a server back after ${MAX_RECOVERY} checks, got ${healthy}`);
      }
    },
  },
  {
    scope: "resource",
    name: "shallow-health-path",
    types: [T.targetGroup, T.beanstalk, T.healthCheck],
    description: "Health checks ask a path that tests the process, not what it depends on.",
    rationale: "A check on a shared dependency takes every server, and both regions, out at once.",
    fix: "point the check at a path such as /healthz that answers from memory",
    severity: "high",
    level: "mandatory",
    ids: { availability: 19 },
    url: "https://aws.amazon.com/builders-library/implementing-health-checks/",
    settings: {
      paths: {
        type: "array",
        description: "Last parts of paths that are known to be shallow.",
        default: ["healthz", "health", "livez", "live", "ping", "up"],
      },
    },
    check(resource, { report, setting }) {
      const path = pathOf(resource);
      if (path === undefined) return;
      const last = path.split("?")[0]?.split("/").pop() ?? "";
      if (!texts(setting("paths")).includes(last)) report(resource, `must ask a shallow path, got ${show(path)}`);
    },
  },
];

/** With the defaults of AWS where nothing is set. */
function timings(resource: Resource): Timing[] {
  if (resource.type === T.ecsTask) {
    return containers(resource)
      .map((container) => container["healthCheck"])
      .filter((check) => check !== undefined)
      .map((check) =>
        timing(check, { interval: "interval", timeout: "timeout", unhealthy: "retries", healthy: "-" }, [30, 5, 3, 1]),
      );
  }
  if (resource.type === T.beanstalk) {
    const get = settings(resource);
    const names = ["HealthCheckInterval", "HealthCheckTimeout", "UnhealthyThresholdCount", "HealthyThresholdCount"];
    const found = Object.fromEntries(
      names.map((name) => [name, get("aws:elasticbeanstalk:environment:process:default", name)]),
    );
    return [
      timing(
        found,
        { interval: names[0]!, timeout: names[1]!, unhealthy: names[2]!, healthy: names[3]! },
        [15, 5, 5, 3],
      ),
    ];
  }
  if (resource.props["targetType"] === "lambda") return [];
  return [
    timing(
      resource.props["healthCheck"],
      { interval: "interval", timeout: "timeout", unhealthy: "unhealthyThreshold", healthy: "healthyThreshold" },
      [30, 5, 3, 3],
    ),
  ];
}

function timing(
  value: unknown,
  keys: Readonly<Record<keyof Timing, string>>,
  [interval, timeout, unhealthy, healthy]: [number, number, number, number],
): Timing {
  const check = block(value);
  return {
    interval: number(check[keys.interval]) ?? interval,
    timeout: number(check[keys.timeout]) ?? timeout,
    unhealthy: number(check[keys.unhealthy]) ?? unhealthy,
    healthy: number(check[keys.healthy]) ?? healthy,
  };
}

function pathOf(resource: Resource): string | undefined {
  if (resource.type === T.beanstalk)
    return settings(resource)("aws:elasticbeanstalk:environment:process:default", "HealthCheckPath");
  if (resource.type === T.targetGroup) return text(block(resource.props["healthCheck"])["path"]) || undefined;
  return /^HTTPS?(_STR_MATCH)?$/.test(text(resource.props["type"]))
    ? text(resource.props["resourcePath"]) || "/"
    : undefined;
}
