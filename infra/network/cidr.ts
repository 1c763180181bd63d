/** An IPv4 block with its host bits clear. */
export interface Block {
  /** First address as a number, 0 to 2^32 - 1. */
  readonly first: number;
  /** Bits of the network, 0-32. */
  readonly prefix: number;
}

/** Tiers of subnets, in the order of their quarters; the fourth quarter stays free. */
export const tiers = ["public", "private", "isolated"] as const;
export type Tier = (typeof tiers)[number];

/** Where one tier lives: its whole quarter, and one subnet per zone inside it. CIDR notation. */
export interface TierPlan {
  readonly block: string;
  /** One per zone, lowest address first. */
  readonly subnets: readonly string[];
}

export interface VpcPlan extends Readonly<Record<Tier, TierPlan>> {
  readonly cidr: string;
  /** The last quarter, for what nobody thought of yet. */
  readonly spare: string;
}

/** Addresses AWS keeps in every subnet: network, router, DNS, future, broadcast. */
const reservedPerSubnet = 5;
/** Free addresses a private subnet must offer: tasks, instances, function interfaces, endpoints, link, balancer. */
const privateAddresses = 64;
/** AWS takes blocks of 16 to 65,536 addresses. @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
const awsPrefix = { least: 16, most: 28 } as const;
const mostZones = 6;
/** Zones that every block large enough has room for: those of most regions, and the most that configuration takes. */
const reservedZones = 4;

/** RFC 1918: anything else would hide a part of the internet from the VPC. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(read);

/**
 * Reads a block for a VPC or a subnet.
 * @throws {RangeError} when it is not IPv4 CIDR notation, has host bits set, or its prefix is not 16-28
 */
export function parse(cidr: string): Block {
  const block = read(cidr);
  if (block.prefix < awsPrefix.least || block.prefix > awsPrefix.most) {
    throw new RangeError(
      `IPv4 block "${cidr}": AWS takes prefixes /${awsPrefix.least} to /${awsPrefix.most}, got /${block.prefix}; choose another size`,
    );
  }
  return block;
}

/** CIDR notation of a block. */
export function format(block: Block): string {
  return `${formatAddress(block.first)}/${block.prefix}`;
}

export function overlaps(one: Block, other: Block): boolean {
  return one.first <= last(other) && other.first <= last(one);
}

export function contains(outer: Block, inner: Block): boolean {
  return outer.first <= inner.first && last(inner) <= last(outer);
}

/**
 * Splits a block into equal parts, lowest address first.
 * @param prefix  bits per part, from the block's own to 28
 * @throws {RangeError} when a part would be larger than the block or smaller than AWS allows
 */
export function split(block: Block, prefix: number): Block[] {
  if (!Number.isInteger(prefix) || prefix < block.prefix || prefix > awsPrefix.most) {
    throw new RangeError(
      `IPv4 block "${format(block)}": parts must be /${block.prefix} to /${awsPrefix.most}, got /${prefix}; ask for fewer parts or use a larger block`,
    );
  }
  return Array.from({ length: 2 ** (prefix - block.prefix) }, (_, index) => ({
    first: block.first + index * 2 ** (32 - prefix),
    prefix,
  }));
}

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

/** Reads any IPv4 block, without AWS's limits on its size. */
export function read(cidr: string): Block {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  const [a = 256, b = 256, c = 256, d = 256, prefix = 33] = (match ?? []).slice(1).map(Number);
  const canonical = `${a}.${b}.${c}.${d}/${prefix}` === cidr;
  if (!canonical || Math.max(a, b, c, d) > 255 || prefix > 32) {
    throw new RangeError(
      `IPv4 block ${JSON.stringify(cidr)}: must be four numbers 0-255 and a prefix, without leading zeros; write it like "10.0.0.0/16"`,
    );
  }
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const first = address - (address % 2 ** (32 - prefix));
  if (first !== address) {
    throw new RangeError(
      `IPv4 block "${cidr}": host bits must be zero; write "${format({ first, prefix })}" or use a longer prefix`,
    );
  }
  return { first, prefix };
}

/** Last address of a block as a number. */
export function last(block: Block): number {
  return block.first + 2 ** (32 - block.prefix) - 1;
}

function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}
