import { assertNever } from "../contract/assert-never";
import { type Flow, type Place, type Tier, tiers } from "./flows";
import { contains, parseBlock } from "./ipv4";

/** One rule of a network ACL, in the form that `aws.ec2.NetworkAcl` takes inline. */
export interface AclRule {
  /** 100, 110, ...; all rules allow, so their order has no effect. */
  readonly ruleNo: number;
  readonly action: "allow";
  readonly protocol: "tcp";
  /** Source of inbound packets, destination of outbound ones. */
  readonly cidrBlock: string;
  /** Destination ports, both ends included. */
  readonly fromPort: number;
  readonly toPort: number;
}

/** Rules of the network ACL of one tier; what no rule allows is refused. */
export interface TierAcl {
  readonly inbound: readonly AclRule[];
  readonly outbound: readonly AclRule[];
}
/** Rules of the network ACLs of all tiers. */
export type NetworkAcls = Readonly<Record<Tier, TierAcl>>;
/** The block of each tier in CIDR notation. */
export type TierBlocks = Readonly<Record<Tier, string>>;

/**
 * Ports on which a client or a NAT gateway receives answers.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html
 */
export const ephemeralPorts = { fromPort: 1024, toPort: 65_535 } as const;
const anyIpv4 = "0.0.0.0/0";
/**
 * AWS's default quota of rules per direction.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 */
const maxRulesPerDirection = 20;

type Direction = "inbound" | "outbound";
/** A range of ports of one block that must be let through. */
interface Opening {
  readonly cidrBlock: string;
  readonly fromPort: number;
  readonly toPort: number;
}
/** A kind of packet that crosses the boundary of a tier's subnets; `otherEnd` is where it comes from or goes to. */
interface Crossing {
  readonly tier: Tier;
  readonly direction: Direction;
  readonly otherEnd: Place;
  readonly fromPort: number;
  readonly toPort: number;
}

/**
 * Returns the network ACLs for the declared flows: the fewest rules that let each flow and its answers pass, and
 * nothing else. Network ACLs are stateless and see a packet at every subnet boundary, so a flow through NAT needs four
 * more rules, in the public tier.
 *
 * Only flows open ports. No server of the platform faces the internet (API Gateway is outside the VPC, and the public
 * tier has only NAT gateways), so no client may connect to port 80 or 443 there. UDP and ICMP stay closed: ACLs do not
 * filter the VPC's own DNS, DHCP, time and metadata services, and NAT gateways limit the segment size, so that path MTU
 * discovery is not needed.
 *
 * A stateless rule for answers lets in any packet to ports 1024-65535, a server's own port included. The reply to such
 * a packet is refused on the way out, and security groups, which are stateful, refuse the packet itself.
 * @throws {RangeError} when a tier needs more than 20 rules in a direction, or a flow has impossible ports or places
 */
export function compileAcls(flows: readonly Flow[], blocks: TierBlocks): NetworkAcls {
  const crossings = flows.flatMap(crossingsOf);
  const compile = (tier: Tier, direction: Direction) => {
    const openings = crossings
      .filter((crossing) => crossing.tier === tier && crossing.direction === direction)
      .map(({ otherEnd: far, fromPort, toPort }) => ({ cidrBlock: blockOf(far, blocks), fromPort, toPort }));
    return numberRules(tier, direction, mergeOpenings(openings));
  };
  const compileTier = (tier: Tier): TierAcl => ({
    inbound: compile(tier, "inbound"),
    outbound: compile(tier, "outbound"),
  });
  return Object.fromEntries(tiers.map((tier) => [tier, compileTier(tier)])) as Record<Tier, TierAcl>;
}

/**
 * Returns every subnet boundary that a flow and its answer cross. A network ACL sees only the other end of a packet:
 * the source of an inbound one, the destination of an outbound one. NAT rewrites one of the two: towards the internet
 * the source, on the way back the destination, so answers reach a private subnet with the internet's address as source.
 */
function crossingsOf(flow: Flow): Crossing[] {
  const { from, to } = checkFlow(flow);
  const destinationPorts = { fromPort: flow.fromPort, toPort: flow.toPort };
  const nat = flow.via === "nat";
  const crossings: Crossing[] = [];
  const add = (place: Place, direction: Direction, far: Place, ports: { fromPort: number; toPort: number }) => {
    // The internet has no network ACL.
    if (place !== "internet") crossings.push({ tier: place, direction, otherEnd: far, ...ports });
  };
  add(from, "outbound", to, destinationPorts);
  if (nat) {
    add("public", "inbound", from, destinationPorts);
    add("public", "outbound", to, destinationPorts);
    add("public", "inbound", to, ephemeralPorts);
    add("public", "outbound", from, ephemeralPorts);
  }
  add(to, "inbound", from, destinationPorts);
  add(to, "outbound", from, ephemeralPorts);
  add(from, "inbound", to, ephemeralPorts);
  return crossings;
}

function checkFlow(flow: Flow): Flow {
  const { id, from, to, via, fromPort, toPort } = flow;
  if (![fromPort, toPort].every((port) => Number.isInteger(port) && port >= 1 && port <= 65_535) || fromPort > toPort) {
    throw new RangeError(`flow "${id}": ports must be 1-65535, lowest first, got ${fromPort}-${toPort}; correct them`);
  }
  if (via !== undefined && (to !== "internet" || from === "internet" || from === "public")) {
    throw new RangeError(
      `flow "${id}": NAT leads from the private or isolated tier to the internet, got ${from} to ${to}; drop via`,
    );
  }
  return flow;
}

function blockOf(place: Place, blocks: TierBlocks): string {
  switch (place) {
    case "internet":
      return anyIpv4;
    case "public":
    case "private":
    case "isolated":
      return blocks[place];
    default:
      return assertNever(place);
  }
}

/** Joins adjoining port ranges of one block, and drops what a wider block already allows. */
function mergeOpenings(openings: readonly Opening[]): Opening[] {
  const byBlock = new Map<string, Opening[]>();
  for (const opening of [...openings].sort((a, b) => a.fromPort - b.fromPort || a.toPort - b.toPort)) {
    const ranges = byBlock.get(opening.cidrBlock) ?? [];
    const previous = ranges.at(-1);
    if (previous !== undefined && opening.fromPort <= previous.toPort + 1) {
      ranges[ranges.length - 1] = { ...previous, toPort: Math.max(previous.toPort, opening.toPort) };
    } else {
      ranges.push(opening);
    }
    byBlock.set(opening.cidrBlock, ranges);
  }
  const joined = [...byBlock.values()].flat();
  return joined.filter((one) => !joined.some((other) => other !== one && covers(other, one)));
}

function covers(wide: Opening, narrow: Opening): boolean {
  return (
    wide.fromPort <= narrow.fromPort &&
    narrow.toPort <= wide.toPort &&
    contains(parseBlock(wide.cidrBlock), parseBlock(narrow.cidrBlock))
  );
}

function numberRules(tier: Tier, direction: Direction, openings: readonly Opening[]): AclRule[] {
  if (openings.length > maxRulesPerDirection) {
    throw new RangeError(
      `network ACL of the ${tier} tier: AWS allows ${maxRulesPerDirection} ${direction} rules, the flows need ${openings.length}; give services neighbouring ports, or ports above 1023`,
    );
  }
  return openings
    .toSorted((a, b) => a.fromPort - b.fromPort || parseBlock(a.cidrBlock).first - parseBlock(b.cidrBlock).first)
    .map((opening, index) => ({ ruleNo: 100 + 10 * index, action: "allow", protocol: "tcp", ...opening }));
}
