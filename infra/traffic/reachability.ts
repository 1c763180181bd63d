import type { Flow, Place } from "./flows";
import { lastAddress, parseBlock } from "./ipv4";
import { type AclRule, ephemeralPorts, type NetworkAcls, type TierBlocks } from "./network-acl";

interface Packet {
  readonly source: number;
  readonly destination: number;
  /** Destination port. */
  readonly port: number;
}
interface Ports {
  readonly fromPort: number;
  readonly toPort: number;
}

/** Addresses reserved for documentation (RFC 5737), used as examples of addresses on the internet. */
const internetAddresses = [parseBlock("198.51.100.7/32").first, parseBlock("203.0.113.9/32").first];

/** Tells whether every connection of a flow can be opened and answered under these network ACLs. */
export function flowPasses(flow: Flow, acls: NetworkAcls, blocks: TierBlocks): boolean {
  return findRefusal(flow, acls, blocks) === undefined;
}

/**
 * Returns the first boundary at which the network ACLs refuse a packet of a flow or of its answers. It simulates
 * packets from and to the first and last address of each tier, on every port at which a rule begins or ends. It does
 * not use the code that compiles the rules, and takes routing as given.
 * @returns for example `"private outbound to port 443"`; undefined when every packet passes
 */
export function findRefusal(flow: Flow, acls: NetworkAcls, blocks: TierBlocks): string | undefined {
  for (const client of addressesOf(flow.from, blocks)) {
    for (const server of addressesOf(flow.to, blocks)) {
      const found =
        flow.via === "nat"
          ? findNatRefusal(flow, client, server, acls, blocks)
          : findDirectRefusal(flow, client, server, acls);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function findDirectRefusal(flow: Flow, client: number, server: number, acls: NetworkAcls): string | undefined {
  return (
    findLegRefusal(acls, flow.from, flow.to, client, server, flow) ??
    findLegRefusal(acls, flow.to, flow.from, server, client, ephemeralPorts)
  );
}

/**
 * Four legs: client to NAT gateway, the gateway's own packet to the server, the answer to the gateway, and on to the
 * client.
 */
function findNatRefusal(
  flow: Flow,
  client: number,
  server: number,
  acls: NetworkAcls,
  blocks: TierBlocks,
): string | undefined {
  for (const gateway of addressesOf("public", blocks)) {
    const found =
      findLegRefusal(acls, flow.from, "public", client, server, flow) ??
      findLegRefusal(acls, "public", flow.to, gateway, server, flow) ??
      findLegRefusal(acls, flow.to, "public", server, gateway, ephemeralPorts) ??
      findLegRefusal(acls, "public", flow.from, server, client, ephemeralPorts);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Checks one leg: out of the subnets of one place and into those of another, on every port whose result may differ. */
function findLegRefusal(acls: NetworkAcls, out: Place, into: Place, source: number, destination: number, ports: Ports) {
  for (const port of portsToTry(ports, acls)) {
    const packet = { source, destination, port };
    if (out !== "internet" && !admits(acls[out].outbound, packet, packet.destination))
      return `${out} outbound to port ${port}`;
    if (into !== "internet" && !admits(acls[into].inbound, packet, packet.source))
      return `${into} inbound to port ${port}`;
  }
  return undefined;
}

/** Tells whether the rules admit a packet: the first rule that matches decides; without one the packet is refused. */
function admits(rules: readonly AclRule[], packet: Packet, address: number): boolean {
  const match = [...rules]
    .sort((a, b) => a.ruleNo - b.ruleNo)
    .find((rule) => {
      const block = parseBlock(rule.cidrBlock);
      const near = block.first <= address && address <= lastAddress(block);
      return near && rule.fromPort <= packet.port && packet.port <= rule.toPort;
    });
  return match?.action === "allow";
}

function addressesOf(place: Place, blocks: TierBlocks): readonly number[] {
  if (place === "internet") return internetAddresses;
  const block = parseBlock(blocks[place]);
  return [block.first, lastAddress(block)];
}

/**
 * Returns the ports at which some rule begins or ends; all ports between two neighbours of the list have one result.
 */
function portsToTry(ports: Ports, acls: NetworkAcls): number[] {
  const edges = Object.values(acls)
    .flatMap((acl) => [...acl.inbound, ...acl.outbound])
    .flatMap((rule) => [rule.fromPort - 1, rule.fromPort, rule.toPort, rule.toPort + 1]);
  const inside = edges.filter((port) => ports.fromPort < port && port < ports.toPort);
  return [...new Set([ports.fromPort, ...inside, ports.toPort])];
}
