import { blocks, isTrue } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const launchTemplateNoPublicIp: ResourceRule = {
  scope: "resource",
  name: "launch-template-no-public-ip",
  types: [T.launchTemplate],
  holds: "Servers get no public address.",
  why: "Servers behind a load balancer need none, and what has none cannot be scanned.",
  mend: "set associatePublicIpAddress to false on each network interface",
  severity: "high",
  level: "mandatory",
  ids: { F: ["EC2.25"], K: ["88"] },
  check(template, { report }) {
    for (const card of blocks(template.props["networkInterfaces"])) {
      if (isTrue(card["associatePublicIpAddress"]))
        report(template, "must give no public address, got associatePublicIpAddress true");
    }
  },
};
