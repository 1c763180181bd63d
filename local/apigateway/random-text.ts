import { randomFillSync } from "node:crypto";

/** Random bytes are drawn for many requests at once, as each draw takes a microsecond or two. */
const pool = Buffer.alloc(8_192);
let used = pool.length;

/** Returns random bytes as text. */
export function randomText(bytes: number, encoding: "base64url" | "hex"): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString(encoding, used - bytes, used);
}
