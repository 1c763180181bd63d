import { capacityOf, peakOf, workloadZones } from "../../network/capacity";
import { behindBalancer } from "../../network/paths";
import { isForAppliances, targetsOf } from "../../network/target-groups";
import type { Rule } from "../../pack/rule";
import { block, number, show, text, texts } from "../../stack/read";
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

/** Last parts of paths that answer from memory or from a file, by custom. */
const shallow = [
  ...["", "healthz", "health", "healthcheck", "health-check", "health_check", "livez", "live", "liveness", "alive"],
  ...["readyz", "ready", "ping", "up", "status", "heartbeat", "index.html", "favicon.ico", "robots.txt"],
];

/** Availability rules for load balancing. */
export const balancingRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "target-group-minimum",
    types: [T.targetGroup],
    description: "A target group with several servers counts as lost before its last server is overloaded.",
    rationale: "By default the last healthy target gets all requests, and fails under them.",
    fix: "set minimumHealthyTargetsCount to 2 or more in targetGroupHealth.dnsFailover and unhealthyStateRouting",
    severity: "low",
    level: "advisory",
    ids: { availability: 16 },
    url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health.html",
    check(group, { stack, report }) {
      if (isForAppliances(group) || group.props["targetType"] === "lambda") return;
      // With one or two servers a minimum of two would count every ordinary fault as the loss of the group.
      const minimums = targetsOf(group, stack).map((one) => peek(() => capacityOf(one, stack)?.min) ?? 0);
      if (!minimums.some((least) => typeof least === "number" && least > 2)) return;
      const health = block(group.props["targetGroupHealth"]);
      const open = ["dnsFailover", "unhealthyStateRouting"].filter((part) => {
        const settings = block(health[part]);
        const count = number(settings["minimumHealthyTargetsCount"]) ?? 1;
        return count < 2 && (number(settings["minimumHealthyTargetsPercentage"]) ?? 0) <= 0;
      });
      if (open.length > 0)
        report(
          group,
          `must not rely on its last target, got a minimum of 1 in ${open.join(" and ")}`,
          `set ${open.map((part) => `targetGroupHealth.${part}.minimumHealthyTargetsCount to 2`).join(" and ")}`,
        );
    },
  },
  {
    scope: "stack",
    name: "cross-zone",
    types: [T.loadBalancer, T.targetGroup],
    description: "Cross-zone balancing is off only where each zone alone carries the peak.",
    rationale: "With it off, zones get equal shares of the requests, even a zone with few servers.",
    fix: "turn cross-zone balancing on, or raise the minimum to zones x peak",
    severity: "medium",
    level: "production",
    lowUnless: ["redundant", "operated"],
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
      const isBalancer = resource.type === T.loadBalancer;
      // Only a network balancer has the choice: for appliances it is off by default, for applications always on.
      if (isForAppliances(resource) || (isBalancer && resource.props["loadBalancerType"] !== "network")) return;
      const key = isBalancer ? "enableCrossZoneLoadBalancing" : "loadBalancingCrossZoneEnabled";
      const value = resource.props[key];
      if (value !== false && value !== "false") return;
      const workloads = isBalancer ? behindBalancer(resource, stack) : targetsOf(resource, stack);
      const weak = workloads.find((one) => {
        const peak = peakOf(one, setting("peaks")) ?? 1;
        const count = workloadZones(one, stack)?.names.size ?? 1;
        const capacity = capacityOf(one, stack);
        return capacity !== undefined && capacity.min < peak * count;
      });
      if (weak)
        report(
          resource,
          `must balance across zones, as ${weak} does not carry the peak in one, got ${key} false`,
          `set ${key} to true, or raise the minimum of ${weak}`,
        );
    },
  },
  {
    scope: "stack",
    name: "health-check-timing",
    types: [T.targetGroup, T.beanstalk, T.ecsTask],
    description: "A broken server gets no requests after 30 s, and one that works again soon gets some.",
    rationale: "Until a check finds it, the broken server's share of requests fails.",
    fix: "lower the interval and thresholds, with a timeout below the interval",
    severity: "medium",
    level: "production",
    lowUnless: ["redundant", "operated"],
    ids: { availability: 18 },
    url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
    settings: {
      detectSeconds: {
        type: "integer",
        description: "Most seconds until a broken server gets no requests.",
        default: MAX_DETECTION,
        // Three misses of 30 s, the balancer's own defaults, are what most programs are content with.
        withoutClass: 100,
      },
    },
    check(resource, { report, setting }) {
      const most = setting<number>("detectSeconds");
      for (const { interval, timeout, unhealthy, healthy } of timings(resource)) {
        const isGroup = resource.type === T.targetGroup;
        // AWS checks every 5 s at most.
        const shorter = Math.max(5, Math.floor(most / unhealthy));
        if (timeout >= interval)
          report(
            resource,
            `must end a check before the next, got timeout ${timeout} s for interval ${interval} s`,
            isGroup ? `set healthCheck.timeout to ${Math.max(2, Math.floor(interval / 2))}` : undefined,
          );
        if (unhealthy * interval > most)
          report(
            resource,
            `must find a broken server within ${most} s, got ${unhealthy} x ${interval} s`,
            isGroup
              ? `set healthCheck.interval to ${shorter} and healthCheck.unhealthyThreshold to ${Math.max(2, Math.min(unhealthy, Math.floor(most / shorter)))}${timeout >= shorter ? ` and healthCheck.timeout to ${Math.max(2, Math.floor(shorter / 2))}` : ""}`
              : undefined,
          );
        if (healthy > MAX_RECOVERY && healthy * interval > most)
          report(
            resource,
            `must take a server back within ${most} s, got ${healthy} x ${interval} s`,
            isGroup ? `set healthCheck.healthyThreshold to ${MAX_RECOVERY}` : undefined,
          );
      }
    },
  },
  {
    scope: "stack",
    name: "shallow-health-path",
    types: [T.targetGroup, T.beanstalk],
    description: "A balancer's health checks ask a path that tests the server, not what the server depends on.",
    rationale: "A check on a shared dependency takes every server out at once; a deep probe is for DNS only.",
    fix: "point the check at a path such as /healthz that answers from memory, or list the path in the setting paths",
    severity: "low",
    level: "advisory",
    ids: { availability: 19 },
    url: "https://aws.amazon.com/builders-library/implementing-health-checks/",
    settings: {
      paths: {
        type: "array",
        description: "Last parts of paths that are known to be shallow.",
        default: shallow,
      },
    },
    check(resource, { report, setting }) {
      if (isForAppliances(resource)) return;
      const path = pathOf(resource);
      if (path === undefined) return;
      const last = path.replace(/\/$/, "").split("?")[0]?.split("/").pop() ?? "";
      if (path.includes("?") || !texts(setting("paths")).includes(last))
        report(resource, `must ask a path for its health that answers from memory, got ${show(path)}`);
    },
  },
];

/** With the defaults of AWS where nothing is set. */
function timings(resource: Resource): Timing[] {
  if (resource.type === T.ecsTask) {
    // The health of other containers does not count for the task.
    return containers(resource)
      .filter(({ essential }) => essential !== false)
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
  if (resource.props["targetType"] === "lambda" || isForAppliances(resource)) return [];
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
  return text(block(resource.props["healthCheck"])["path"]) || undefined;
}
