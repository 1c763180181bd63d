import { block, number } from "../../core/read";
import type { Resource } from "../../core/resource";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { containers, settings } from "../../core/workloads";

const MAX_DETECTION = 30;
const MAX_RECOVERY = 3;

export const healthCheckTiming: ResourceRule = {
  scope: "resource",
  name: "health-check-timing",
  types: [T.targetGroup, T.beanstalk, T.ecsTask],
  holds: "A broken server gets no requests after 30 s, and a mended one soon does.",
  why: "Meanwhile its share of requests fails.",
  mend: "lower the interval and thresholds, with a timeout below the interval",
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
};

interface Timing {
  readonly interval: number;
  readonly timeout: number;
  readonly unhealthy: number;
  readonly healthy: number;
}

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
