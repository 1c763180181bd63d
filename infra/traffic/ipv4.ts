/** An IPv4 CIDR block whose host bits are zero. */
export interface Ipv4Block {
  /** First address as a number, 0 to 2^32 - 1. */
  readonly first: number;
  /** Bits of the network, 0-32. */
  readonly prefix: number;
}

/**
 * Prefixes AWS takes: blocks of 16 to 65,536 addresses.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
 */
const awsPrefix = { least: 16, most: 28 } as const;

/**
 * Reads a block for a VPC or a subnet from CIDR notation.
 * @example parseVpcBlock("10.0.0.0/16") // { first: 167772160, prefix: 16 }
 * @throws {RangeError} when it is not IPv4 CIDR notation, has host bits set, or its prefix is not 16-28
 */
export function parseVpcBlock(cidr: string): Ipv4Block {
  const block = parseBlock(cidr);
  if (block.prefix < awsPrefix.least || block.prefix > awsPrefix.most) {
    throw new RangeError(
      `IPv4 block "${cidr}": AWS takes prefixes /${awsPrefix.least} to /${awsPrefix.most}, got /${block.prefix}; choose another size`,
    );
  }
  return block;
}

/** Writes a block in CIDR notation. @example format({ first: 167772160, prefix: 16 }) // "10.0.0.0/16" */
export function formatBlock(block: Ipv4Block): string {
  return `${formatAddress(block.first)}/${block.prefix}`;
}

/** Tells whether two blocks have an address in common. */
export function overlaps(one: Ipv4Block, other: Ipv4Block): boolean {
  return one.first <= lastAddress(other) && other.first <= lastAddress(one);
}

/** Tells whether every address of the inner block is in the outer one. */
export function contains(outer: Ipv4Block, inner: Ipv4Block): boolean {
  return outer.first <= inner.first && lastAddress(inner) <= lastAddress(outer);
}

/**
 * Splits a block into equal parts, lowest address first.
 * @example splitBlock(parseBlock("10.0.0.0/16"), 17).map(formatBlock) // ["10.0.0.0/17", "10.0.128.0/17"]
 * @param prefix  bits per part, from the block's own to 28
 * @throws {RangeError} when a part would be larger than the block or smaller than AWS allows
 */
export function splitBlock(block: Ipv4Block, prefix: number): Ipv4Block[] {
  if (!Number.isInteger(prefix) || prefix < block.prefix || prefix > awsPrefix.most) {
    throw new RangeError(
      `IPv4 block "${formatBlock(block)}": parts must be /${block.prefix} to /${awsPrefix.most}, got /${prefix}; ask for fewer parts or use a larger block`,
    );
  }
  return Array.from({ length: 2 ** (prefix - block.prefix) }, (_, index) => ({
    first: block.first + index * 2 ** (32 - prefix),
    prefix,
  }));
}

/**
 * Reads an IPv4 block of any size from CIDR notation.
 * @throws {RangeError} when it is not IPv4 CIDR notation or has host bits set
 */
export function parseBlock(cidr: string): Ipv4Block {
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
      `IPv4 block "${cidr}": host bits must be zero; write "${formatBlock({ first, prefix })}" or use a longer prefix`,
    );
  }
  return { first, prefix };
}

/** Returns the last address of a block as a number. */
export function lastAddress(block: Ipv4Block): number {
  return block.first + 2 ** (32 - block.prefix) - 1;
}

function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}
