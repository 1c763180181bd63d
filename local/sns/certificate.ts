import { createHash, type KeyObject, sign } from "node:crypto";

/** Returns a self-signed certificate for a key, in PEM; valid for a year. @param now  milliseconds since the epoch */
export function selfSigned(name: string, privateKey: KeyObject, publicKey: KeyObject, now: number): string {
  const key = publicKey.export({ type: "spki", format: "der" });
  const issuer = sequence(set(sequence(commonName, node(0x0c, Buffer.from(name)))));
  const validity = sequence(time(now - 60_000), time(now + 365 * 86_400_000));
  const serial = createHash("sha256").update(key).digest().subarray(0, 16);
  serial[0]! &= 0x7f;
  const version = node(0xa0, integer(Buffer.from([2])));
  const content = sequence(version, integer(serial), algorithm, issuer, validity, issuer, key);
  const signature = node(0x03, Buffer.concat([Buffer.from([0]), sign("sha256", content, privateKey)]));
  const lines = sequence(content, algorithm, signature)
    .toString("base64")
    .match(/.{1,64}/g)!;
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** Returns a value of DER with its tag and length. */
function node(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const bytes = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...bytes]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return node(0x30, Buffer.concat(parts));
}

function set(content: Buffer): Buffer {
  return node(0x31, content);
}

function integer(bytes: Buffer): Buffer {
  return node(0x02, bytes);
}

function time(ms: number): Buffer {
  const text = new Date(ms).toISOString().replace(/[-:T]/g, "").slice(2, 14);
  return node(0x17, Buffer.from(`${text}Z`));
}

const commonName = node(0x06, Buffer.from([0x55, 0x04, 0x03]));
/** sha256WithRSAEncryption. */
const algorithm = sequence(
  node(0x06, Buffer.from([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b])),
  node(0x05, Buffer.alloc(0)),
);
