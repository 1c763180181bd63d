import type { Tier } from "../traffic/flows";
import { type Block, contains, format, parse, read, split } from "../traffic/ipv4";

/** Addresses of one tier in CIDR notation: the block of the whole tier, and one subnet per zone inside it. */
export interface TierPlan {
  readonly block: string;
  /** One per zone, lowest address first. */
  readonly subnets: readonly string[];
}

/** Addresses of one VPC: its block, the tiers, and the quarter that stays free. */
export interface VpcPlan extends Readonly<Record<Tier, TierPlan>> {
  readonly cidr: string;
  /** The last quarter, which no tier uses. */
  readonly spare: string;
}

/** Addresses AWS keeps in every subnet: network, router, DNS, future, broadcast. */
const reservedPerSubnet = 5;
/** Free addresses a private subnet must offer: tasks, instances, function interfaces, endpoints, link, balancer. */
const privateAddresses = 64;
const mostZones = 6;
/** Zones that every block large enough has room for: those of most regions, and the most that configuration takes. */
const reservedZones = 4;

/** RFC 1918: any other block would hide a part of the internet from the VPC. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(read);

/**
 * Plans a VPC: a quarter for each tier and one to spare, each cut into four equal subnets, so that up to four zones
 * can be had without moving a subnet, which AWS would refuse: the new one would overlap the old. More zones take eight;
 * a block too small for four gives its two zones a half each, and takes no third.
 * A tier is one block, so that network ACLs need one rule where they would need one per zone.
 * @param zones  2-6
 * @throws {RangeError} when the block is not private address space, or too small for 64 free addresses in every
 *   private subnet
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
 */
export function allocate(cidr: string, zones: number): VpcPlan {
  const vpc = parse(cidr);
  if (!Number.isInteger(zones) || zones < 2 || zones > mostZones) {
    throw new RangeError(
      `VPC "${cidr}": zones must be an integer from 2 to ${mostZones}, got ${zones}; list 2 or more`,
    );
  }
  if (!privateRanges.some((range) => contains(range, vpc))) {
    throw new RangeError(
      `VPC "${cidr}": the block must be private address space, within ${privateRanges.map(format).join(", ")}; choose one there`,
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
  const [open, inner, closed, spare] = split(vpc, vpc.prefix + 2) as [Block, Block, Block, Block];
  const plan = (block: Block): TierPlan => ({
    block: format(block),
    subnets: split(block, subnetPrefix).slice(0, zones).map(format),
  });
  return { cidr, public: plan(open), private: plan(inner), isolated: plan(closed), spare: format(spare) };
}
