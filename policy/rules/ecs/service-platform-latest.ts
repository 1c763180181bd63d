import { show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const servicePlatformLatest: ResourceRule = {
  scope: "resource",
  name: "service-platform-latest",
  types: [T.ecsService],
  holds: "Fargate services run on the latest platform version.",
  why: "Older ones lack fixes of the kernel and runtime.",
  mend: "set platformVersion to LATEST, or leave it out",
  severity: "low",
  level: "advisory",
  ids: { F: ["ECS.10"], K: ["332"] },
  check(service, { report }) {
    const version = service.props["platformVersion"] ?? "LATEST";
    if (version !== "LATEST") report(service, `must run on the latest platform, got ${show(version)}`);
  },
};
