import type { IncomingMessage } from "node:http";

/** API Gateway's limit for requests and answers. */
export const maxBodyBytes = 10 * 1_024 * 1_024;

/** By its headers: a request without both has none. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
}

/** A body whose announced length is over the limit. */
export function isAnnouncedTooLarge({ headers }: IncomingMessage): boolean {
  return Number(headers["content-length"] ?? 0) > maxBodyBytes;
}

/** @returns `too-large` as soon as it is; never settles when the client goes away */
export function readBody(req: IncomingMessage): Promise<Buffer | "too-large"> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    req.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBodyBytes) chunks.push(chunk);
      else {
        chunks.length = 0;
        resolve("too-large");
      }
    });
    req.on("end", () => resolve(Buffer.concat(chunks)));
  });
}
