import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { HttpError } from "./errors";

/** What the adapters hand over beside the request: node-server the message, aws-lambda the event. */
export interface AdapterBindings {
  readonly incoming?: IncomingMessage;
  readonly event?: {
    readonly rawPath?: string;
    readonly path?: string;
    readonly requestContext?: { readonly requestId?: string };
  };
}

const requestIdForm = /^[A-Za-z0-9._:=+/@-]{1,128}$/;
const authority = /^https?:\/\/[^/?#]*/i;

/** The caller's request id, else the gateway's, else a new one; anything but a plain token is passed over. */
export function requestIdOf(headers: Headers, bindings: AdapterBindings | undefined): string {
  const candidates = [
    headers.get("x-request-id"),
    bindings?.event?.requestContext?.requestId,
    headers.get("apigw-requestid"),
  ];
  return candidates.find((id): id is string => typeof id === "string" && requestIdForm.test(id)) ?? randomUUID();
}

/**
 * Refuses paths that URL parsing would quietly rewrite (`/a/../b`, `%2e%2e`) or cannot decode (`%zz`, `%ff`). Looks at
 * the path as it came, because `new Request` has already rewritten its own.
 * @throws {HttpError} 400 `invalid_path`
 */
export function refuseHostilePath(url: string, bindings: AdapterBindings | undefined): void {
  const raw = bindings?.incoming?.url ?? bindings?.event?.rawPath ?? bindings?.event?.path ?? url;
  const path = raw.replace(authority, "").split(/[?#]/, 1)[0] ?? "";
  if (path.split("/").some(isHostile)) {
    throw new HttpError(400, "invalid_path", "The path must be percent-encoded UTF-8 without dot segments");
  }
}

function isHostile(segment: string): boolean {
  try {
    const decoded = decodeURIComponent(segment);
    return decoded === "." || decoded === ".." || decoded.includes("\\");
  } catch {
    return true;
  }
}
