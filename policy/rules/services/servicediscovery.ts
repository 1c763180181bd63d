import type { Rule } from "../../pack/rule";
import { block, number, show } from "../../stack/read";
import { T } from "../../stack/types";

/** Rules for Cloud Map. */
export const servicediscoveryRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "discovery-custom-health",
    types: [T.discovery],
    description: "A Cloud Map service has a health check, and a custom one has failureThreshold 1.",
    rationale:
      "Without one Cloud Map returns unhealthy servers. The provider drops an empty healthCheckCustomConfig, and AWS stores 1 for every other value, so that each update replaces the service.",
    fix: "set healthCheckCustomConfig to { failureThreshold: 1 }",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/cloud-map/latest/api/API_HealthCheckCustomConfig.html",
    check(service, { report, advise }) {
      const custom = service.props["healthCheckCustomConfig"];
      if (service.props["healthCheckConfig"] !== undefined && custom === undefined) return;
      // ECS takes a task out of the service when it stops it; its health is more than that, which not every program needs.
      const say = custom === undefined ? advise : report;
      if (number(block(custom)["failureThreshold"]) !== 1)
        say(
          service,
          `must have a custom health check with failureThreshold 1, got ${show(custom)}`,
          "set healthCheckCustomConfig.failureThreshold to 1",
        );
    },
  },
];
