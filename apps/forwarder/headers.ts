import { HttpError } from "../kit/errors";
import { isTenantName } from "../kit/tenant";
import { isTraceparent } from "../kit/trace";
import type { ForwardedEvent } from "./event";

/** Values of headers, by lower-case name. */
export type HeaderValues = Record<string, string[]>;

/** Headers of one connection, which must not be passed on (RFC 9110, 7.6.1), and Expect, which the gateway has answered. */
const hopByHop = new Set([
  "connection",
  "expect",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
/** Headers of a request that only the platform may set. */
const platformHeaders =
  /^(host|forwarded|via|x-real-ip|x-request-id|x-subject|content-length|x-(forwarded|tenant|amzn)-.*)$/;
const validSubject = /^[A-Za-z0-9._:@|+/=-]{1,300}$/;
const validName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const invalidValue = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * Returns the headers of the request to a server: those of the client without what concerns one connection or only the
 * platform may set, then the platform's own. Host and Content-Length are added when it is sent.
 * @param trace  value of X-Amzn-Trace-Id that Lambda gives the invocation
 * @throws {HttpError} 400 `invalid_headers`
 */
export function requestHeaders(event: ForwardedEvent, trace: string | undefined): HeaderValues {
  const client = collected(clientHeaders(event));
  if (client["content-length"] !== undefined && client["transfer-encoding"] !== undefined) throw invalidHeaders();
  const passed = withoutConnection(client);
  for (const [name, values] of Object.entries(passed)) {
    if (!validName.test(name) || values.some((value) => invalidValue.test(value))) throw invalidHeaders();
    // Some servers read an underscore as a hyphen.
    if (platformHeaders.test(name.replaceAll("_", "-"))) delete passed[name];
  }
  const [parent, ...others] = passed["traceparent"] ?? [];
  if (parent === undefined || others.length > 0 || !isTraceparent(parent)) {
    delete passed["traceparent"];
    delete passed["tracestate"];
  }
  const { requestId, identity, authorizer } = event.requestContext;
  const { sourceIp } = identity ?? {};
  const tenant = authorizer?.["tenant"];
  const claims = authorizer?.["claims"] as Readonly<Record<string, unknown>> | undefined;
  const subject = authorizer?.["subject"] ?? claims?.["sub"];
  return {
    ...passed,
    "x-forwarded-proto": ["https"],
    "x-forwarded-port": ["443"],
    ...(typeof sourceIp === "string" && { "x-forwarded-for": [sourceIp] }),
    ...(typeof requestId === "string" && { "x-request-id": [requestId] }),
    ...(isTenantName(tenant) && { "x-tenant-id": [tenant] }),
    ...(typeof subject === "string" && validSubject.test(subject) && { "x-subject": [subject] }),
    ...(trace !== undefined && { "x-amzn-trace-id": [trace] }),
  };
}

/** Returns the origin of the page that sends a request; undefined unless it is sent once. */
export function originOf(event: ForwardedEvent): string | undefined {
  const values = collected(clientHeaders(event))["origin"] ?? [];
  return values.length === 1 ? values[0] : undefined;
}

/**
 * Returns the headers of an answer without what concerns one connection, and without Content-Length, which the gateway
 * computes.
 * @param raw  names and values in turn, as Node.js gives them
 */
export function answerHeaders(raw: readonly string[]): HeaderValues {
  const pairs = Array.from({ length: raw.length / 2 }, (_, i): [string, string] => [raw[2 * i]!, raw[2 * i + 1]!]);
  const { "content-length": _, ...passed } = withoutConnection(collected(pairs));
  return passed;
}

function clientHeaders({ headers, multiValueHeaders }: ForwardedEvent): [string, string][] {
  const multiple = Object.entries(multiValueHeaders ?? {});
  if (multiple.length > 0)
    return multiple.flatMap(([name, values]) => (values ?? []).map((value) => [name, value] as [string, string]));
  return Object.entries(headers ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as [string, string]],
  );
}

function collected(pairs: readonly (readonly [string, string])[]): HeaderValues {
  const found: HeaderValues = Object.create(null);
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    found[key] = [...(found[key] ?? []), value];
  }
  return found;
}

function withoutConnection(headers: HeaderValues): HeaderValues {
  const named = new Set(
    (headers["connection"] ?? []).flatMap((value) => value.split(",")).map((each) => each.trim().toLowerCase()),
  );
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name) && !named.has(name)));
}

function invalidHeaders(): HttpError {
  return new HttpError(400, "invalid_headers", "The headers must be those of one HTTP request");
}
