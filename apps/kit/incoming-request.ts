import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { HttpError } from "./errors";

/** What authorizers add to an event, as far as it is read: see `subjectOf`. */
interface AuthorizerContext {
  readonly lambda?: { readonly subject?: unknown };
  readonly jwt?: { readonly claims?: Readonly<Record<string, unknown>> };
  readonly subject?: unknown;
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** What an adapter passes on together with the request: the server its `IncomingMessage`, Lambda its event. */
export interface AdapterBindings {
  readonly incoming?: IncomingMessage;
  readonly event?: {
    readonly rawPath?: string;
    readonly path?: string;
    readonly requestContext?: {
      readonly requestId?: string;
      readonly authorizer?: AuthorizerContext | null;
      /** Of an HTTP API. */
      readonly http?: { readonly sourceIp?: string };
      /** Of a REST API. */
      readonly identity?: { readonly sourceIp?: string } | null;
    };
  };
}

const validRequestId = /^[A-Za-z0-9._:=+/@-]{1,128}$/;
const authority = /^https?:\/\/[^/?#]*/i;

/**
 * Returns the id of a request for the log and the answer: that of the gateway that invoked the function, else
 * `x-request-id`, in which a gateway sends servers its own, else a new one. A client has no part in it where there is a
 * gateway, as the gateway may keep the answer and give it to others. An id that is longer than 128 characters or has
 * unusual characters is ignored.
 */
export function requestIdOf(headers: Headers, bindings: AdapterBindings | undefined): string {
  const candidates = [
    bindings?.event?.requestContext?.requestId,
    headers.get("x-request-id"),
    headers.get("apigw-requestid"),
  ];
  return candidates.find((id): id is string => typeof id === "string" && validRequestId.test(id)) ?? randomUUID();
}

/**
 * Refuses paths that URL parsing would rewrite without notice (`/a/../b`, `%2e%2e`) or cannot decode (`%zz`, `%ff`). It
 * checks the path as it arrived, because `new Request` has already rewritten its own.
 * @param url  URL of the request, used when the bindings have no path
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
