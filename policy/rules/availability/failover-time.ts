import { endpointChecks, failoverOf } from "../../core/paths";
import { list, number } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

/** Seconds that resolvers keep an alias to a gateway or balancer. */
const ALIAS_TTL = 60;

export const failoverTime: StackRule = {
  scope: "stack",
  name: "failover-time",
  types: [T.record],
  holds: "Clients reach the other region within the declared recovery time.",
  why: "Detection, caches and clients add up; a promise nobody added up is not kept.",
  mend: "lower the check's interval, its threshold or the TTL, or raise the recovery time",
  severity: "high",
  level: "mandatory",
  ids: { availability: 32 },
  url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html",
  settings: {
    recoveryTimeSeconds: {
      type: "integer",
      description: "Declared recovery time after the loss of a region.",
      default: 120,
      dev: 300,
    },
    clientCacheSeconds: {
      type: "integer",
      description: "Seconds that clients keep an address beyond its TTL.",
      default: 0,
    },
  },
  check(record, { stack, report, setting }) {
    if (failoverOf(record) !== "PRIMARY") return;
    const checks = endpointChecks(record, stack);
    if (checks.length === 0) return;
    const detection = Math.max(
      ...checks.map(
        (one) => (number(one.props["requestInterval"]) ?? 30) * (number(one.props["failureThreshold"]) ?? 3),
      ),
    );
    const ttl = list(record.props["aliases"]).length > 0 ? ALIAS_TTL : (number(record.props["ttl"]) ?? 300);
    const total = detection + ttl + setting<number>("clientCacheSeconds");
    const most = setting<number>("recoveryTimeSeconds");
    if (total > most)
      report(
        record,
        `must fail over within ${most} s, got ${detection} s of detection and ${total - detection} s of caches`,
      );
  },
};
