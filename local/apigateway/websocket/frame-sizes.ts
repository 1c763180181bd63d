/**
 * Watches the frames that a client sends, by their headers alone (RFC 6455, 5.2). The library has a limit for whole
 * messages and none for a frame.
 */
export class FrameSizes {
  /** Bytes of a header that is not complete. */
  private header = Buffer.alloc(0);
  /** Bytes that are left of the payload of the current frame. */
  private left = 0;

  /** @param limit  most bytes of a frame's payload */
  constructor(private readonly limit: number) {}

  /** Takes bytes as they came; returns whether a frame is larger than the limit. */
  exceeded(chunk: Buffer): boolean {
    let rest = this.header.length > 0 ? Buffer.concat([this.header, chunk]) : chunk;
    this.header = Buffer.alloc(0);
    while (rest.length > 0) {
      const skipped = Math.min(this.left, rest.length);
      this.left -= skipped;
      rest = rest.subarray(skipped);
      if (rest.length === 0) return false;
      const size = sizesOf(rest);
      if (size === undefined) {
        this.header = Buffer.from(rest);
        return false;
      }
      if (size.payload > this.limit) return true;
      this.left = size.payload;
      rest = rest.subarray(size.header);
    }
    return false;
  }
}

/** Reads the header at the beginning; undefined while it is not complete. */
function sizesOf(bytes: Buffer): { readonly header: number; readonly payload: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]! & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const mask = bytes[1]! & 0x80 ? 4 : 0;
  const header = 2 + extended + mask;
  if (bytes.length < header) return undefined;
  if (extended === 0) return { header, payload: short };
  return { header, payload: extended === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2)) };
}
