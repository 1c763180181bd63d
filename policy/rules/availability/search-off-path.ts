import { backendOf, carrierOf } from "../../core/paths";
import { block, isTrue, number } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const searchOffPath: StackRule = {
  scope: "stack",
  name: "search-off-path",
  types: [T.search],
  holds: "Requests do not wait for the search domain, and it is in three zones.",
  why: "It takes an hour to resize and half a day to restore; what depends on it is down as long.",
  mend: "feed it from a stream, answer without it, and set zoneAwarenessConfig.availabilityZoneCount to 3",
  severity: "high",
  level: "production",
  ids: { availability: 46 },
  url: "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html",
  check(domain, { stack, report }) {
    const config = block(domain.props["clusterConfig"]);
    const count = isTrue(config["zoneAwarenessEnabled"])
      ? (number(block(config["zoneAwarenessConfig"])["availabilityZoneCount"]) ?? 2)
      : 1;
    if (count < 3) report(domain, `must be in 3 zones, got ${count}`);
    for (const integration of stack.of(T.integration)) {
      const user = backendOf(integration, stack).workloads.find((one) =>
        carrierOf(one, stack)?.dependencies().includes(domain.urn),
      );
      if (user) return report(domain, `must be off the request path, got ${user} that calls it`);
    }
  },
};
