import { withoutBasePath } from "../kit/base-path";
import { HttpError } from "../kit/errors";
import { refuseHostilePath } from "../kit/incoming-request";
import { type HeaderValues, requestHeaders } from "./headers";
import type { Target } from "./settings";

type Values = Readonly<Record<string, readonly string[] | undefined>>;

/** The event of a REST API's proxy integration (format 1.0), as far as it is read. */
export interface ForwardedEvent {
  readonly httpMethod: string;
  /** Path of the route, which the client does not choose, such as `/food-store/foods/{id}`. */
  readonly resource: string;
  /** Path of the request, percent-encoded as the client sent it. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly multiValueHeaders?: Values | null;
  /** Names and values are decoded. */
  readonly multiValueQueryStringParameters?: Values | null;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly requestId?: string;
    readonly identity?: { readonly sourceIp?: string } | null;
    /** Context of the authorizer; `tenant` is that of the request. */
    readonly authorizer?: Readonly<Record<string, unknown>> | null;
  };
}

/** A request that is ready to be sent to a server of `target`. */
export interface OutgoingRequest {
  readonly target: Target;
  readonly method: string;
  /** Path and query, beginning with a slash. Never a part of a URL that is resolved. */
  readonly path: string;
  readonly headers: HeaderValues;
  readonly body: Buffer | undefined;
}

/**
 * Largest body of a request, 4 MiB. As base64, with its headers, it still fits into the 6 MB that Lambda takes, so that
 * the limit is the same for text and other bytes.
 */
export const maxRequestBytes = 4 * 1_024 * 1_024;

const methods = new Set(["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"]);
/** Without what would end the path in a request line or a URL, and without backslashes, which some servers read as `/`. */
const validPath = /^\/[!-~]*$/;
const endsPath = /[?#\\]/;

/**
 * Makes the request to a server out of an event. The server is that of the route, or of its first segment; nothing that the
 * client sends can choose another one. The path is passed on as it came, undecoded.
 * @param trace  value of X-Amzn-Trace-Id that Lambda gives the invocation
 * @throws {HttpError} 400 `invalid_path`, `invalid_query`, `invalid_headers` or `invalid_body`, 404 `not_found`,
 * 405 `method_not_allowed`, 413 `payload_too_large`
 */
export function outgoingRequest(
  event: ForwardedEvent,
  targets: ReadonlyMap<string, Target>,
  trace: string | undefined,
): OutgoingRequest {
  const { httpMethod: method, resource } = event;
  const path = withoutBasePath(event.path, resource);
  const target = targets.get(resource) ?? targets.get(resource.split("/")[1] ?? "");
  if (target === undefined) throw new HttpError(404, "not_found", "There is no such route");
  if (!methods.has(method)) throw new HttpError(405, "method_not_allowed", "The method is not allowed");
  if (!validPath.test(path) || endsPath.test(path)) {
    throw new HttpError(400, "invalid_path", "The path must begin with a slash and be percent-encoded");
  }
  refuseHostilePath(path, undefined);
  return {
    target,
    method,
    path: `${path}${queryOf(event)}`,
    headers: requestHeaders(event, trace),
    body: bodyOf(event),
  };
}

function queryOf({ multiValueQueryStringParameters: parameters }: ForwardedEvent): string {
  const pairs = Object.entries(parameters ?? {}).flatMap(([name, values]) =>
    (values ?? []).map((value) => `${encoded(name)}=${encoded(value)}`),
  );
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

function encoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    // A lone surrogate.
    throw new HttpError(400, "invalid_query", "The query must be UTF-8");
  }
}

function bodyOf({ body, isBase64Encoded }: ForwardedEvent): Buffer | undefined {
  if (body === undefined || body === null) return undefined;
  const bytes = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  // Node.js skips what is no base64.
  if (isBase64Encoded && bytes.toString("base64") !== body) {
    throw new HttpError(400, "invalid_body", "The body must be valid base64");
  }
  if (bytes.length > maxRequestBytes) {
    throw new HttpError(413, "payload_too_large", `The body must be at most ${maxRequestBytes} bytes`);
  }
  return bytes;
}
