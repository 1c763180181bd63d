import { openings, portsOf, ruleTypes } from "../../core/access";
import { list } from "../../core/read";
import type { ResourceRule } from "../../core/rule";

export const securityGroupWorldIngress: ResourceRule = {
  scope: "resource",
  name: "security-group-world-ingress",
  types: [ruleTypes.group, ruleTypes.ingress, ruleTypes.legacy],
  holds: "The world may reach web ports only.",
  why: "Every other open port is found by scanners within minutes.",
  mend: "name the source by security group or a private range",
  severity: "high",
  level: "mandatory",
  ids: { F: ["EC2.13", "EC2.14", "EC2.18", "EC2.19"], N: ["EC23"], K: ["24", "25", "260", "277"] },
  settings: { ports: { type: "array", description: "Ports that the world may reach.", default: [80, 443] } },
  check(resource, { report, setting }) {
    const ports = list(setting("ports"));
    for (const open of openings(resource)) {
      if (open.direction !== "ingress" || !open.world) continue;
      if (open.from === open.to && ports.includes(open.from)) continue;
      report(resource, `must open only ports ${ports.join(", ")} to the world, got ${portsOf(open)}`);
    }
  },
};
