import type { IncomingMessage } from "node:http";
import { AwsError } from "./aws-error";
import type { UndecidedCall } from "./service-call";

/** A message of 1 MB in the encoding of a form. */
const maxBodyBytes = 3 * 1_024 * 1_024;

/** Returns the two parts of `x-amz-target`: the API and the operation. */
export function targetOf(req: IncomingMessage): readonly [api: string, operation: string] {
  const target = String(req.headers["x-amz-target"] ?? "");
  const dot = target.lastIndexOf(".");
  return [target.slice(0, Math.max(dot, 0)), target.slice(dot + 1)];
}

/** Reads a call. @param region  that it is signed for @throws {AwsError} when it cannot be read */
export function callOf(req: IncomingMessage, region: string, body: Buffer): UndecidedCall {
  const { pathname, searchParams } = new URL(req.url ?? "/", "http://localhost");
  const text = body.toString();
  const form = isForm(req) ? new URLSearchParams(text) : searchParams.has("Action") ? searchParams : undefined;
  return {
    region,
    method: req.method ?? "",
    path: pathname.split("/").slice(1).map(decoded),
    query: searchParams,
    operation: form?.get("Action") ?? targetOf(req)[1],
    body: form !== undefined || text === "" ? {} : parsed(text),
    form,
  };
}

/** Tells whether a call is in the query protocol, by its body. */
export function isForm(req: IncomingMessage): boolean {
  return /^application\/x-www-form-urlencoded/.test(req.headers["content-type"] ?? "");
}

/** Reads the body of a call. @throws {AwsError} over 3 MB */
export async function bodyOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new AwsError("RequestEntityTooLargeException", "Request too large", 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parsed(text: string): UndecidedCall["body"] {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as UndecidedCall["body"];
  } catch {
    // Answered as JSON of another shape is.
  }
  throw new AwsError("SerializationException", "the body must be a JSON object");
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new AwsError("BadRequestException", "the path is not encoded as a URL");
  }
}
