import { block, number, show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { containers } from "../../core/workloads";

export const bootTime: ResourceRule = {
  scope: "resource",
  name: "boot-time",
  types: [T.group, T.ecsTask],
  holds: "Servers have the time they need to start before they are judged.",
  why: "A server that is killed while it boots is replaced by one that will be killed while it boots.",
  mend: "raise healthCheckGracePeriod and defaultInstanceWarmup, or the container's startPeriod",
  severity: "high",
  level: "mandatory",
  ids: { availability: 10 },
  url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-check-grace-period.html",
  settings: {
    serverSeconds: {
      type: "integer",
      description: "Seconds a server needs to boot and to start its service.",
      default: 120,
    },
    taskSeconds: { type: "integer", description: "Seconds a container needs to start its service.", default: 10 },
  },
  check(resource, { report, setting }) {
    if (resource.type === T.ecsTask) {
      const least = setting<number>("taskSeconds");
      for (const container of containers(resource)) {
        if (container["healthCheck"] === undefined) continue;
        const start = number(block(container["healthCheck"])["startPeriod"]) ?? 0;
        if (start < least) report(resource, `must let containers start for ${least} s, got startPeriod ${start}`);
      }
      return;
    }
    const least = setting<number>("serverSeconds");
    const grace = number(resource.props["healthCheckGracePeriod"]) ?? 300; // the provider's default
    const warmup = number(resource.props["defaultInstanceWarmup"]);
    if (grace < least) report(resource, `must let servers boot for ${least} s, got healthCheckGracePeriod ${grace}`);
    if (warmup === undefined || warmup < least)
      report(resource, `must not measure servers before ${least} s, got defaultInstanceWarmup ${show(warmup)}`);
  },
};
