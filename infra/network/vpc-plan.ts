import type { Tier } from "../traffic/flows";
import { contains, formatBlock, type Ipv4Block, parseBlock, parseVpcBlock, splitBlock } from "../traffic/ipv4";

/** Addresses of one tier in CIDR notation: the block of the whole tier, and one subnet per zone inside it. */
interface TierPlan {
  readonly block: string;
  /** One per zone, lowest address first. */
  readonly subnets: readonly string[];
}

/** Addresses of one VPC: its block, its tiers, and the quarter that stays free. */
export interface VpcPlan extends Readonly<Record<Tier, TierPlan>> {
  readonly cidr: string;
  /** The last quarter, which no tier uses. */
  readonly spare: string;
}

/** Number of addresses that AWS reserves in every subnet: network, router, DNS, future use, broadcast. */
const reservedPerSubnet = 5;
/**
 * Fewest free addresses of a private subnet: for tasks, instances, function interfaces, endpoints, VPC link, balancer.
 */
const privateAddresses = 64;
const mostZones = 6;
/**
 * Number of zones that a block has room for if it is large enough: as many as most regions have and configuration
 * takes.
 */
const reservedZones = 4;

/** Private address space (RFC 1918); with any other block the VPC could not reach a part of the internet. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(parseBlock);

/**
 * Returns the addresses of a VPC: a quarter of the block for each tier, and one quarter free. A tier is one block, so
 * that a network ACL needs one rule instead of one per zone. It is cut into four equal subnets, so that zones can be
 * added, up to four, without moving a subnet; AWS would refuse to move one, as the new subnet would overlap the old.
 * Five or six zones take eight subnets; a block too small for four subnets gives two zones a half each, and has no room
 * for a third.
 * @param zones  2-6
 * @throws {RangeError} when the block is not private address space, or too small for 64 free addresses in every private
 *   subnet
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
 */
export function planVpc(cidr: string, zones: number): VpcPlan {
  const vpc = parseVpcBlock(cidr);
  if (!Number.isInteger(zones) || zones < 2 || zones > mostZones) {
    throw new RangeError(
      `VPC "${cidr}": zones must be an integer from 2 to ${mostZones}, got ${zones}; list 2 or more`,
    );
  }
  if (!privateRanges.some((range) => contains(range, vpc))) {
    throw new RangeError(
      `VPC "${cidr}": the block must be private address space, within ${privateRanges.map(formatBlock).join(", ")}; choose one there`,
    );
  }
  const smallest = 32 - Math.ceil(Math.log2(privateAddresses + reservedPerSubnet));
  const reservedBits = Math.min(Math.log2(reservedZones), smallest - vpc.prefix - 2);
  const zoneBits = Math.max(Math.ceil(Math.log2(zones)), reservedBits);
  const subnetPrefix = vpc.prefix + 2 + zoneBits;
  if (subnetPrefix > smallest) {
    throw new RangeError(
      `VPC "${cidr}": too small for ${zones} zones, each private subnet needs ${privateAddresses} free addresses (/${smallest}) and would get /${subnetPrefix}; use a block of /${smallest - 2 - zoneBits} or larger`,
    );
  }
  const [open, inner, closed, spare] = splitBlock(vpc, vpc.prefix + 2) as [Ipv4Block, Ipv4Block, Ipv4Block, Ipv4Block];
  const plan = (block: Ipv4Block): TierPlan => ({
    block: formatBlock(block),
    subnets: splitBlock(block, subnetPrefix).slice(0, zones).map(formatBlock),
  });
  return { cidr, public: plan(open), private: plan(inner), isolated: plan(closed), spare: formatBlock(spare) };
}
