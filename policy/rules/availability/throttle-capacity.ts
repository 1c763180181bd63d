import { capacityOf, workloadZones } from "../../core/capacity";
import { backendOf } from "../../core/paths";
import { block, blocks, number } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const throttleCapacity: StackRule = {
  scope: "stack",
  name: "throttle-capacity",
  types: [T.stage],
  holds: "A stage lets in no more than its servers carry with one zone lost.",
  why: "More than that is queued, times out and is retried: an overload does not end by itself.",
  mend: "lower the stage's throttlingRateLimit, or raise the servers' maximum",
  severity: "medium",
  level: "production",
  ids: { availability: 27 },
  url: "https://aws.amazon.com/builders-library/using-load-shedding-to-avoid-overload/",
  settings: {
    requestsPerServer: { type: "number", description: "Requests per second that a server carries.", default: 100 },
    requestsPerExecution: {
      type: "number",
      description: "Requests per second that one concurrent execution carries.",
      default: 10,
    },
    accountLimit: {
      type: "integer",
      description: "Concurrent executions of the account, which a function without a reservation may use.",
      default: 1000,
    },
  },
  check(stage, { stack, report, setting }) {
    const [api] = stack.targets(stage, "apiId", T.api);
    if (api === undefined) return;
    const workloads = new Set(
      stack.referrers(api, T.integration, "apiId").flatMap((one) => backendOf(one, stack).workloads),
    );
    let capacity = 0;
    for (const workload of workloads) {
      const servers = capacityOf(workload, stack);
      const count = workloadZones(workload, stack)?.names.size ?? 0;
      const left = count > 1 ? (count - 1) / count : 1;
      if (servers) capacity += servers.max * left * setting<number>("requestsPerServer");
      else
        capacity +=
          (number(workload.props["reservedConcurrentExecutions"]) ?? setting<number>("accountLimit")) *
          setting<number>("requestsPerExecution");
    }
    const limits = [block(stage.props["defaultRouteSettings"]), ...blocks(stage.props["routeSettings"])];
    const highest = Math.max(...limits.map((one) => number(one["throttlingRateLimit"]) ?? 0));
    if (capacity > 0 && highest > capacity)
      report(
        stage,
        `must throttle at the ${Math.floor(capacity)} requests/s that are left without a zone, got ${highest}`,
      );
  },
};
