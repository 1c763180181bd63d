import { internalError } from "./gateway-responses";
import type { HeaderList } from "./headers";
import { decoded } from "./media-types";

/** An answer of an integration, or to a client. */
export interface Answer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Buffer;
}

const fields = new Set(["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"]);

/**
 * Turns the result of a function behind a proxy integration into an answer. Every field may be left out, and no other
 * one may be there.
 * @param binary  whether the client accepts a binary type of the API; else a body that is base64 is sent as such
 * @throws {GatewayError} with status 502 when the result is malformed
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function functionAnswer(result: unknown, binary: boolean): Answer {
  demand(isObject(result) && Object.keys(result).every((name) => fields.has(name)));
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = result as Record<string, any>;
  const list = mergedHeaders(headers ?? {}, multiValueHeaders ?? {});
  const typed = list.some(([name]) => name.toLowerCase() === "content-type");
  demand(body === undefined || body === null || typeof body === "string");
  demand(["undefined", "boolean"].includes(typeof isBase64Encoded) || isBase64Encoded === null);
  return {
    status: statusOf(statusCode ?? 200),
    headers: typed ? list : [["content-type", "application/json"], ...list],
    body: bodyBytes(body ?? "", binary && isBase64Encoded === true),
  };
}

/** Headers with several values decide how a name is written, and come first. */
function mergedHeaders(headers: unknown, multiValueHeaders: unknown): HeaderList {
  demand(isObject(headers) && isObject(multiValueHeaders));
  const list: [string, string][] = [];
  const several = new Map<string, string>();
  for (const [name, values] of Object.entries(multiValueHeaders as object)) {
    demand(Array.isArray(values));
    several.set(name.toLowerCase(), name);
    for (const value of values) list.push([name, headerValue(value)]);
  }
  for (const [name, value] of Object.entries(headers as object)) {
    if (value !== null) list.push([several.get(name.toLowerCase()) ?? name, headerValue(value)]);
  }
  return list;
}

function headerValue(value: unknown): string {
  demand(["string", "boolean", "number"].includes(typeof value));
  return String(value);
}

function statusOf(statusCode: unknown): number {
  const status = typeof statusCode === "string" && /^\d{3}$/.test(statusCode) ? Number(statusCode) : statusCode;
  demand(Number.isInteger(status) && (status as number) >= 100 && (status as number) <= 599);
  return status as number;
}

function bodyBytes(body: string, isBase64: boolean): Buffer {
  if (!isBase64) return Buffer.from(body);
  const bytes = decoded(body);
  if (bytes === undefined) throw internalError();
  return bytes;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function demand(condition: boolean): void {
  if (!condition) throw internalError(502);
}
