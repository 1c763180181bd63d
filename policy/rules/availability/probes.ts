import { endpointChecks, failoverOf, regionOfAlias } from "../../network/paths";
import { failoverNames } from "../../network/regions";
import type { Rule } from "../../pack/rule";
import { matchesRoute } from "../../stack/gateway";
import { block, blocks, isTrue, list, number, show, text, texts } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { containers } from "../../stack/workloads";

const CLASSIC_BALANCER = "aws:elb/loadBalancer:LoadBalancer";

/** Availability rules for the health checks that decide failover. */
export const probesRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "health-check-settings",
    types: [T.healthCheck],
    description:
      "A health check that decides DNS asks over HTTPS every 10 s, from three regions or more, and fails after three misses.",
    rationale: "A slow check is a long outage; one from few places takes a network's fault for the endpoint's.",
    fix: "set type HTTPS, requestInterval 10, failureThreshold 3 or less, enableSni, and three regions or none",
    severity: "medium",
    level: "production",
    lowUnless: ["redundant"],
    ids: { availability: 31 },
    url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html",
    check(check, { stack, report }) {
      if (!decidesDns(check, stack)) return;
      const { type, requestInterval, failureThreshold, enableSni, disabled } = check.props;
      const isTcp = type === "TCP";
      if (isTrue(disabled)) report(check, "must be on, got disabled true", "set disabled to false");
      if (!isTcp && !/^HTTPS?(_STR_MATCH)?$/.test(text(type))) return;
      if (!text(type).startsWith("HTTPS"))
        report(
          check,
          `must check over HTTPS, got type ${show(type)}`,
          `set type to ${text(type).replace("HTTP", "HTTPS")}`,
        );
      if ((number(requestInterval) ?? 30) !== 10)
        report(
          check,
          `must check every 10 s, got requestInterval ${show(requestInterval)}`,
          "set requestInterval to 10",
        );
      if ((number(failureThreshold) ?? 3) > 3)
        report(
          check,
          `must fail after 3 misses, got failureThreshold ${show(failureThreshold)}`,
          "set failureThreshold to 3",
        );
      if (enableSni === false || enableSni === "false")
        report(check, "must name the host in TLS, got enableSni false", "set enableSni to true");
      const regions = list(check.props["regions"]).length;
      if (regions > 0 && regions < 3)
        report(
          check,
          `must check from three regions, got ${regions}`,
          "name three regions or more, or leave regions out",
        );
    },
  },
  {
    scope: "stack",
    name: "health-check-name",
    types: [T.healthCheck],
    description: "A region's health check asks a name of that region, never the one that fails over.",
    rationale: "The failover name leads to the healthy region, so the check of the failed one would pass again.",
    fix: "give each region a name of its own and check that",
    severity: "critical",
    level: "mandatory",
    ids: { availability: 34 },
    url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-complex-configs.html",
    check(check, { stack, report }) {
      const names = stack.memo(
        "failover names",
        () => new Set([...failoverNames(stack).values()].flat().map((one) => text(one.props["name"]))),
      );
      const fqdn = text(check.props["fqdn"]);
      if (fqdn !== "" && names.has(fqdn))
        report(check, `must ask a regional name, got the failover name ${show(fqdn)}`);
    },
  },
  {
    scope: "resource",
    name: "insufficient-data",
    types: [T.healthCheck],
    description: "A health check of an alarm is not healthy when the alarm has no data.",
    rationale: "A region that is down sends no metrics, so that its check would stay healthy.",
    fix: "set insufficientDataHealthStatus to Unhealthy or LastKnownStatus",
    severity: "high",
    level: "mandatory",
    ids: { availability: 35 },
    url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html",
    check(check, { report }) {
      if (check.props["type"] !== "CLOUDWATCH_METRIC") return;
      const status = text(check.props["insufficientDataHealthStatus"]) || "LastKnownStatus"; // Route 53's default
      if (!["Unhealthy", "LastKnownStatus"].includes(status))
        report(
          check,
          `must not be healthy without data, got insufficientDataHealthStatus ${show(status)}`,
          "set insufficientDataHealthStatus to Unhealthy or LastKnownStatus",
        );
    },
  },
  {
    scope: "stack",
    name: "failover-own-check",
    types: [T.record],
    description: "Each record of a failover name is decided by health checks of its own region.",
    rationale: "A check that both records share fails for both at once, and then Route 53 moves no request.",
    fix: "give each record a health check of its own, on a name or an alarm of its region",
    severity: "high",
    level: "mandatory",
    ids: { availability: 50 },
    url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-problems.html",
    check(record, { stack, report }) {
      if (failoverOf(record) !== "SECONDARY") return;
      const own = checksOf(record, stack);
      const primary = [...failoverNames(stack).values()]
        .filter((records) => records.includes(record))
        .flat()
        .filter((one) => failoverOf(one) === "PRIMARY");
      const shared = primary.flatMap((one) => checksOf(one, stack)).find((check) => own.includes(check));
      if (shared) report(record, `must be decided by a check of its own, got ${shared} of the primary record`);
      for (const one of [record, ...primary]) {
        const home = regionOfAlias(one, stack);
        for (const check of checksOf(one, stack)) {
          const region = check.props["cloudwatchAlarmRegion"];
          if (home !== undefined && region !== undefined && region !== home)
            report(one, `must be decided by an alarm of ${home}, got one of ${show(region)}`);
        }
      }
    },
  },
  {
    scope: "stack",
    name: "silent-probe",
    types: [T.healthCheck],
    description: "A probe that sends nothing counts as failed.",
    rationale: "A region that is down sends no data, so that a probe that takes silence for health never fails over.",
    fix: "set the alarm's treatMissingData to breaching, and childHealthThreshold to 1 or more",
    severity: "high",
    level: "mandatory",
    ids: { availability: 51 },
    url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html",
    check(check, { stack, report }) {
      if (check.props["type"] === "CALCULATED") {
        const least = number(check.props["childHealthThreshold"]);
        if (least !== undefined && least <= 0)
          report(
            check,
            `must need a healthy child, got childHealthThreshold ${least}`,
            "set childHealthThreshold to 1",
          );
        return;
      }
      if (check.props["type"] !== "CLOUDWATCH_METRIC" || !decidesDns(check, stack)) return;
      for (const alarm of stack.targets(check, "cloudwatchAlarmName", T.alarm)) {
        const silence = text(alarm.props["treatMissingData"]) || "missing";
        // With "missing" the alarm has insufficient data, which has a rule of its own.
        if (silence === "notBreaching" || silence === "ignore")
          report(
            check,
            `must fail when nothing is measured, got ${alarm} with treatMissingData ${show(silence)}`,
            `set treatMissingData to breaching on ${alarm}`,
          );
      }
    },
  },
  {
    scope: "stack",
    name: "probe-for-dns-only",
    types: [T.targetGroup, T.beanstalk, T.ecsTask, T.discovery, CLASSIC_BALANCER],
    description: "A probe of what a region's services depend on is asked by DNS, and by nothing that stops servers.",
    rationale:
      "When a store is gone every server fails such a probe at once: a balancer would empty its group, a scheduler stop every task, and no server would be left when the store is back.",
    fix: "point the check at a path that answers from memory, such as /healthz",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://aws.amazon.com/builders-library/implementing-health-checks/",
    settings: {
      paths: {
        type: "array",
        description: "Paths of probes that are for DNS only; * stands for anything but a slash.",
        default: ["/healthz/region", "/*/healthz/region"],
      },
    },
    check(resource, { report, setting }) {
      const patterns = texts(setting("paths"));
      const isProbe = (path: string) => patterns.some((one) => matchesRoute(one, path));
      const asked = pathsOf(resource).find((path) => isProbe(path.replace(/[?#].*$/, "").replace(/\/$/, "")));
      if (asked) report(resource, `must not ask a probe that is for DNS only, got ${show(asked)}`);
    },
  },
];

/** Paths that a resource asks to find servers to take out or replace. */
function pathsOf(resource: Resource): string[] {
  switch (resource.type) {
    case T.ecsTask:
      return containers(resource).flatMap((one) =>
        texts(block(one["healthCheck"])["command"])
          .flatMap((part) => part.split(/[\s"'|;]+/))
          .map(pathOf),
      );
    case T.beanstalk:
      return blocks(resource.props["settings"])
        .filter((one) => ["HealthCheckPath", "Application Healthcheck URL"].includes(text(one["name"])))
        .map((one) => pathOf(text(one["value"])));
    case T.discovery:
      return [text(block(resource.props["healthCheckConfig"])["resourcePath"])];
    case CLASSIC_BALANCER:
      return [pathOf(text(block(resource.props["healthCheck"])["target"]))];
    default:
      return [text(block(resource.props["healthCheck"])["path"])];
  }
}

/** Returns the path of `HTTP:8080/path`, `http://host:8080/path` or `host:8080/path`. */
function pathOf(target: string): string {
  return target.replace(/^([A-Za-z]+:)?(\/\/)?[^/]*/, "");
}

/** Health checks that decide a record: its own, and the children of a calculated one. */
function checksOf(record: Resource, stack: Stack): Resource[] {
  return [...stack.targets(record, "healthCheckId", T.healthCheck), ...endpointChecks(record, stack)];
}

/** A record, or a calculated check that a record may name, depends on the check; others only watch. */
function decidesDns(check: Resource, stack: Stack): boolean {
  return (
    stack.referrers(check, T.record, "healthCheckId").length > 0 ||
    stack.referrers(check, T.healthCheck, "childHealthchecks").length > 0
  );
}
