import type { IncomingMessage } from "node:http";

/** Largest body of a request or response in bytes: API Gateway's limit of 10 MB. */
export const maxBodyBytes = 10 * 1_024 * 1_024;

/** Tells by its headers whether a request has a body: one without Content-Length and Transfer-Encoding has none. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
}

/** Tells whether a request's Content-Length is over `maxBodyBytes`. */
export function hasTooLargeContentLength({ headers }: IncomingMessage): boolean {
  return Number(headers["content-length"] ?? 0) > maxBodyBytes;
}

/**
 * Reads the whole body of a request. Never settles when the client disconnects.
 * @returns `too-large` as soon as the body is over `maxBodyBytes`
 */
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
