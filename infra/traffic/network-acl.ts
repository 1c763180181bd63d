import { assertNever } from "../contract/assert-never";
import { type Flow, type Place, type Tier, tiers } from "./flows";
import { contains, read } from "./ipv4";

/** One allowing rule of a network ACL, in the form aws.ec2.NetworkAcl takes inline. */
export interface AclRule {
  /** 100, 110, ...: all rules allow, so their order decides nothing. */
  readonly ruleNo: number;
  readonly action: "allow";
  readonly protocol: "tcp";
  /** Source of what comes in, destination of what goes out. */
  readonly cidrBlock: string;
  /** Destination ports, both ends included. */
  readonly fromPort: number;
  readonly toPort: number;
}

/** What one tier's subnets let in and out; everything else is refused. */
export interface TierAcl {
  readonly ingress: readonly AclRule[];
  readonly egress: readonly AclRule[];
}
export type Acls = Readonly<Record<Tier, TierAcl>>;
/** The block of each tier, CIDR notation. */
export type TierBlocks = Readonly<Record<Tier, string>>;

/** Ports a client or a NAT gateway listens on for answers. @see https://docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html */
export const ephemeralPorts = { fromPort: 1024, toPort: 65_535 } as const;
export const anywhere = "0.0.0.0/0";
/** AWS's default per direction. @see https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
export const rulesPerDirection = 20;

type Direction = "ingress" | "egress";
interface Opening {
  readonly cidrBlock: string;
  readonly fromPort: number;
  readonly toPort: number;
}
/** A packet kind at the boundary of a tier's subnets; `far` is the place its other end belongs to. */
interface Crossing {
  readonly tier: Tier;
  readonly direction: Direction;
  readonly far: Place;
  readonly fromPort: number;
  readonly toPort: number;
}

/**
 * Compiles network ACLs from the declared flows: the fewest rules that let each flow and its answers pass, and nothing
 * else. Network ACLs are stateless and see a packet at every subnet boundary, so that a flow through NAT opens four.
 *
 * Only flows open ports. No server of the platform faces the internet (API Gateway is outside the VPC, and the public
 * tier holds nothing but NAT gateways), so that nobody may connect to port 80 or 443 there. UDP and ICMP stay closed:
 * ACLs do not filter the VPC's own DNS, DHCP, time and metadata services, and NAT gateways clamp the segment size, so
 * that path MTU discovery is not needed.
 *
 * A stateless rule for answers admits any packet to ports 1024-65535, a server's own port included; its reply is
 * stopped on the way out, and security groups, which are stateful, refuse the packet itself.
 * @throws {RangeError} when a tier needs more than 20 rules in a direction, or a flow is impossible
 */
export function compileAcls(flows: readonly Flow[], blocks: TierBlocks): Acls {
  const crossings = flows.flatMap(crossingsOf);
  const compile = (tier: Tier, direction: Direction) => {
    const openings = crossings
      .filter((crossing) => crossing.tier === tier && crossing.direction === direction)
      .map(({ far, fromPort, toPort }) => ({ cidrBlock: blockOf(far, blocks), fromPort, toPort }));
    return numbered(tier, direction, reduce(openings));
  };
  const compileTier = (tier: Tier): TierAcl => ({
    ingress: compile(tier, "ingress"),
    egress: compile(tier, "egress"),
  });
  return Object.fromEntries(tiers.map((tier) => [tier, compileTier(tier)])) as Record<Tier, TierAcl>;
}

/**
 * Follows a flow and its answer packet by packet. ACLs know only the far address of a packet: what comes in by its
 * source, what goes out by its destination. NAT rewrites one of the two: towards the internet the source, on the way
 * back the destination, so that answers reach a private subnet with the internet's address as their source.
 */
function crossingsOf(flow: Flow): Crossing[] {
  const { from, to } = checked(flow);
  const request = { fromPort: flow.fromPort, toPort: flow.toPort };
  const nat = flow.via === "nat";
  const crossings: Crossing[] = [];
  const add = (place: Place, direction: Direction, far: Place, ports: { fromPort: number; toPort: number }) => {
    // The internet has no ACL of ours.
    if (place !== "internet") crossings.push({ tier: place, direction, far, ...ports });
  };
  add(from, "egress", to, request);
  if (nat) {
    add("public", "ingress", from, request);
    add("public", "egress", to, request);
    add("public", "ingress", to, ephemeralPorts);
    add("public", "egress", from, ephemeralPorts);
  }
  add(to, "ingress", from, request);
  add(to, "egress", from, ephemeralPorts);
  add(from, "ingress", to, ephemeralPorts);
  return crossings;
}

function checked(flow: Flow): Flow {
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
      return anywhere;
    case "public":
    case "private":
    case "isolated":
      return blocks[place];
    default:
      return assertNever(place);
  }
}

/** Joins touching port ranges of one block, and drops what a wider block already allows. */
function reduce(openings: readonly Opening[]): Opening[] {
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
    contains(read(wide.cidrBlock), read(narrow.cidrBlock))
  );
}

function numbered(tier: Tier, direction: Direction, openings: readonly Opening[]): AclRule[] {
  if (openings.length > rulesPerDirection) {
    throw new RangeError(
      `network ACL of the ${tier} tier: AWS allows ${rulesPerDirection} ${direction} rules, the flows need ${openings.length}; give services neighbouring ports, or ports above 1023`,
    );
  }
  return openings
    .toSorted((a, b) => a.fromPort - b.fromPort || read(a.cidrBlock).first - read(b.cidrBlock).first)
    .map((opening, index) => ({ ruleNo: 100 + 10 * index, action: "allow", protocol: "tcp", ...opening }));
}
