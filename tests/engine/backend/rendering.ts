import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

/** As S3 makes it of an object that came in one part. */
export function etag(body: Buffer): string {
  return `"${createHash("md5").update(body).digest("hex")}"`;
}

/** CRC-32 as `x-amz-checksum-crc32` has it. */
export function checksum(body: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString("base64");
}

export function xml(element: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><${element}>${content}</${element}>`;
}

export function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
