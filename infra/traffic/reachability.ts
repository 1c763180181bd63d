import type { Flow, Place } from "./flows";
import { last, read } from "./ipv4";
import { type AclRule, type Acls, ephemeralPorts, type TierBlocks } from "./network-acl";

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

/** Addresses of nobody, standing for the internet (RFC 5737). */
const internetAddresses = [read("198.51.100.7/32").first, read("203.0.113.9/32").first];

/** Tells whether every connection of a flow can be opened and answered under these network ACLs. */
export function passes(flow: Flow, acls: Acls, blocks: TierBlocks): boolean {
  return obstacle(flow, acls, blocks) === undefined;
}

/**
 * Sends real packets through the ACLs, from and to both ends of each tier, on every port at which some rule begins or
 * ends. Knows nothing of how rules are compiled; routing is taken as given.
 * @returns the boundary that refuses a packet of the flow, `"private egress to port 443"`; undefined when all pass
 */
export function obstacle(flow: Flow, acls: Acls, blocks: TierBlocks): string | undefined {
  for (const client of addressesOf(flow.from, blocks)) {
    for (const server of addressesOf(flow.to, blocks)) {
      const found =
        flow.via === "nat" ? throughNat(flow, client, server, acls, blocks) : direct(flow, client, server, acls);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function direct(flow: Flow, client: number, server: number, acls: Acls): string | undefined {
  return (
    sends(acls, flow.from, flow.to, client, server, flow) ??
    sends(acls, flow.to, flow.from, server, client, ephemeralPorts)
  );
}

/** Client to gateway, gateway to server in its own name, the answer to the gateway, and from it to the client. */
function throughNat(flow: Flow, client: number, server: number, acls: Acls, blocks: TierBlocks): string | undefined {
  for (const gateway of addressesOf("public", blocks)) {
    const found =
      sends(acls, flow.from, "public", client, server, flow) ??
      sends(acls, "public", flow.to, gateway, server, flow) ??
      sends(acls, flow.to, "public", server, gateway, ephemeralPorts) ??
      sends(acls, "public", flow.from, server, client, ephemeralPorts);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** One leg: out of the subnets of one place and into those of another, on every port that may differ. */
function sends(acls: Acls, out: Place, into: Place, source: number, destination: number, ports: Ports) {
  for (const port of interestingPorts(ports, acls)) {
    const packet = { source, destination, port };
    if (out !== "internet" && !admits(acls[out].egress, packet, packet.destination))
      return `${out} egress to port ${port}`;
    if (into !== "internet" && !admits(acls[into].ingress, packet, packet.source))
      return `${into} ingress to port ${port}`;
  }
  return undefined;
}

/** The first rule that matches decides; none refuses. */
function admits(rules: readonly AclRule[], packet: Packet, address: number): boolean {
  const match = [...rules]
    .sort((a, b) => a.ruleNo - b.ruleNo)
    .find((rule) => {
      const block = read(rule.cidrBlock);
      const near = block.first <= address && address <= last(block);
      return near && rule.fromPort <= packet.port && packet.port <= rule.toPort;
    });
  return match?.action === "allow";
}

function addressesOf(place: Place, blocks: TierBlocks): readonly number[] {
  if (place === "internet") return internetAddresses;
  const block = read(blocks[place]);
  return [block.first, last(block)];
}

/** Between two neighbours of this list no rule begins or ends, so that they stand for all ports between them. */
function interestingPorts(ports: Ports, acls: Acls): number[] {
  const edges = Object.values(acls)
    .flatMap((acl) => [...acl.ingress, ...acl.egress])
    .flatMap((rule) => [rule.fromPort - 1, rule.fromPort, rule.toPort, rule.toPort + 1]);
  const inside = edges.filter((port) => ports.fromPort < port && port < ports.toPort);
  return [...new Set([ports.fromPort, ...inside, ports.toPort])];
}
