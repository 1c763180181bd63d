import { isIPv4, isIPv6 } from "node:net";

/** Reads an integer or decimal number; NaN for another text. */
export function numberOf(text: string): number {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
}

const dateForm =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2}))?)?)?$/;

/**
 * Reads a date in a form of W3C's profile of ISO 8601, or in seconds since the epoch. Returns milliseconds, NaN for another
 * text.
 * @see https://www.w3.org/TR/NOTE-datetime
 */
export function dateOf(text: string): number {
  if (/^\d{5,}(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  const [all, year, month = "01", day = "01", hour = "00", minute = "00", second = "00", fraction = "0", zone = "Z"] =
    dateForm.exec(text) ?? [];
  if (all === undefined) return Number.NaN;
  const milliseconds = fraction.slice(0, 3).padEnd(3, "0");
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}${zone}`);
}

/** Reads base64; undefined for another text. */
export function bytesOf(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64").replace(/=+$/, "") === text.replace(/=+$/, "") ? bytes : undefined;
}

/** An address as a number of 32 or 128 bits. */
interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** Reads an address; one of IPv4 within IPv6 (`::ffff:192.0.2.1`) is that of IPv4. */
export function addressOf(text: string): Address | undefined {
  if (isIPv4(text)) return { bits: 32, value: ipv4(text) };
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const value = ipv6(text);
  return value >> 32n === 0xffffn ? { bits: 32, value: value & 0xffffffffn } : { bits: 128, value };
}

/** A block of addresses. */
export interface Block {
  readonly bits: 32 | 128;
  /** How many bits the addresses of the block may differ in. */
  readonly free: bigint;
  readonly network: bigint;
}

/** Reads an address with or without a prefix; undefined for what is no block. */
export function blockOf(text: string): Block | undefined {
  const [, host = "", prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = addressOf(host);
  if (address === undefined) return undefined;
  const length = prefix === undefined ? address.bits : Number(prefix) - (isIPv6(host) && address.bits === 32 ? 96 : 0);
  if (length < 0 || length > address.bits) return undefined;
  const free = BigInt(address.bits - length);
  return { bits: address.bits, free, network: address.value >> free };
}

/** Tells whether an address is in a block; one of IPv4 is in none of IPv6. */
export function inBlock({ bits, value }: Address, block: Block): boolean {
  return bits === block.bits && value >> block.free === block.network;
}

function ipv4(text: string): bigint {
  return BigInt(text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0));
}

function ipv6(text: string): bigint {
  const [, start = "", last] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text) ?? [];
  const full =
    last === undefined
      ? text
      : start +
        ipv4(last)
          .toString(16)
          .padStart(8, "0")
          .replace(/^(.{4})/, "$1:");
  const [head = "", tail] = full.split("::");
  const groups = (part: string | undefined) => (part ? part.split(":") : []);
  const [before, after] = [groups(head), groups(tail)];
  const all = [...before, ...Array<string>(8 - before.length - after.length).fill("0"), ...after];
  return all.reduce((sum, group) => (sum << 16n) | BigInt(Number.parseInt(group, 16)), 0n);
}
