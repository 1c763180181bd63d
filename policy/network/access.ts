import { blocks, number, text, texts } from "../stack/read";
import type { Resource } from "../stack/resource";

/** Something a security group lets in or out. */
export interface Opening {
  readonly direction: "ingress" | "egress";
  /** -1 where all ports are meant. */
  readonly from: number;
  readonly to: number;
  /** For UDP alone: calls, games and VPNs, which take a range of ports. */
  readonly udp: boolean;
  /** To or from any address. */
  readonly world: boolean;
  readonly description: string;
}

/** Types of what opens a security group, inline or as a resource of its own. */
export const ruleTypes = {
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  egress: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  legacy: "aws:ec2/securityGroupRule:SecurityGroupRule",
  group: "aws:ec2/securityGroup:SecurityGroup",
} as const;

/** Returns what a group with inline rules, or a rule resource, opens. */
export function openings(resource: Resource): Opening[] {
  const { type, props } = resource;
  if (type !== ruleTypes.group && !hasPorts(props)) return [];
  if (type === ruleTypes.ingress) return [opening("ingress", props)];
  if (type === ruleTypes.egress) return [opening("egress", props)];
  if (type === ruleTypes.legacy) return [opening(props["type"] === "egress" ? "egress" : "ingress", props)];
  if (type !== ruleTypes.group) return [];
  return [
    ...blocks(props["ingress"])
      .filter(hasPorts)
      .map((rule) => opening("ingress", rule)),
    ...blocks(props["egress"])
      .filter(hasPorts)
      .map((rule) => opening("egress", rule)),
  ];
}

/**
 * Whether a rule is about ports, by name or by number: TCP, UDP and all protocols together. One for ICMP, such as a ping,
 * has types and codes in their place, and those of VPNs, such as ESP and GRE, have none.
 */
function hasPorts(rule: Record<string, any>): boolean {
  return /^(|-1|all|tcp|udp|6|17)$/i.test(text(rule["ipProtocol"] ?? rule["protocol"]));
}

function opening(direction: Opening["direction"], rule: Record<string, any>): Opening {
  const protocol = text(rule["ipProtocol"] ?? rule["protocol"]);
  const all = protocol === "-1" || protocol === "all" || rule["fromPort"] === undefined;
  const ranges = [
    ...texts(rule["cidrIpv4"]),
    ...texts(rule["cidrIpv6"]),
    ...texts(rule["cidrBlocks"]),
    ...texts(rule["ipv6CidrBlocks"]),
  ];
  return {
    direction,
    from: all ? -1 : (number(rule["fromPort"]) ?? -1),
    to: all ? -1 : (number(rule["toPort"]) ?? -1),
    udp: /^(udp|17)$/i.test(protocol),
    world: ranges.some((range) => range === "0.0.0.0/0" || range === "::/0"),
    description: text(rule["description"]),
  };
}

/** Administration, data stores, queues and the interfaces of clusters, which no user of a program connects to. */
const SENSITIVE_PORTS = [
  ...[20, 21, 22, 23, 135, 139, 445, 873, 2049, 3389, 5900, 5985, 5986], // files and administration
  ...[1433, 1521, 3306, 5432, 5439, 6379, 7000, 7001, 8086, 9042, 9092, 9200, 9300, 11211, 27017, 27018, 27019],
  ...[2375, 2376, 2379, 2380, 4646, 5601, 5672, 6443, 8020, 8200, 8500, 10250, 15672, 50070],
];

/** Whether an opening is for several ports, or for one that only operators and programs connect to. */
export function isSensitive({ from, to, udp }: Opening): boolean {
  if (udp && from > 0 && to < 65_535) return SENSITIVE_PORTS.includes(from) && from === to;
  return from !== to || from === -1 || SENSITIVE_PORTS.includes(from);
}

/** `all ports`, `22`, `8080-8090`. */
export function portsOf({ from, to }: Pick<Opening, "from" | "to">): string {
  if (from === -1) return "all ports";
  return from === to ? String(from) : `${from}-${to}`;
}
