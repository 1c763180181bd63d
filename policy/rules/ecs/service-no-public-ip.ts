import { at, isTrue } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const serviceNoPublicIp: ResourceRule = {
  scope: "resource",
  name: "service-no-public-ip",
  types: [T.ecsService],
  holds: "Tasks get no public address.",
  why: "A task behind a gateway or balancer needs none, and what has none cannot be scanned.",
  mend: "set networkConfiguration.assignPublicIp to false",
  severity: "high",
  level: "mandatory",
  ids: { F: ["ECS.2"], K: ["333"] },
  check(service, { report }) {
    if (isTrue(at(service.props, "networkConfiguration.assignPublicIp")))
      report(service, "must give its tasks no public address, got assignPublicIp true");
  },
};
