import { FunctionFailure, type LocalCompute } from "../../local-compute";
import { readBody } from "../body";
import { isHopByHopHeader } from "../request-headers";
import type { FunctionIntegration } from "./api-routes";
import type { Exchange } from "./exchange";
import { functionEvent } from "./function-event";

/** Lambda's limit for event and result of a synchronous invocation: 6 MB each. */
const maxPayloadBytes = 6 * 1_024 * 1_024;

interface FunctionResponse {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** Invokes a function with the request as its event, and answers the client with the result. */
export async function invokeFunction(
  exchange: Exchange,
  integration: FunctionIntegration,
  compute: LocalCompute,
): Promise<void> {
  const body = await readBody(exchange.req);
  const event = body === "too-large" ? undefined : functionEvent(exchange, body);
  if (event === undefined || isTooLarge(event)) {
    exchange.refuse(413, "Request Entity Too Large");
    return;
  }
  exchange.integrationStarted();
  try {
    const result = await withTimeout(compute.invoke(integration.uri, event), integration.timeoutMilliseconds);
    const answer = functionResponse(result);
    exchange.invocationStatus = 200;
    exchange.integrationEnded(answer.status);
    exchange.sendResponse(answer.status, answer.headers, answer.body);
  } catch (error) {
    exchange.invocationStatus = invocationStatusOf(error);
    exchange.integrationEnded(undefined, error instanceof FunctionFailure ? error.reason : "malformed answer");
    const unavailable = error instanceof FunctionFailure && error.reason === "throttled";
    if (unavailable || error === timedOut) exchange.refuse(503, "Service Unavailable");
    else exchange.refuse(500, "Internal Server Error");
  }
}

/** Tells whether Lambda refuses an event for its size as JSON. */
function isTooLarge(event: Record<string, unknown>): boolean {
  const characters = String(event["body"] ?? "").length;
  // JSON writes a character in six bytes at most, and a head of 10 KB in less than 1 MB.
  if (characters * 6 + 2 ** 20 < maxPayloadBytes) return false;
  return characters > maxPayloadBytes || Buffer.byteLength(JSON.stringify(event)) > maxPayloadBytes;
}

/** Lambda answers 200 to an invocation that the function fails, 429 to one over the limit. */
function invocationStatusOf(error: unknown): number | undefined {
  if (error === timedOut) return undefined;
  return error instanceof FunctionFailure && error.reason === "throttled" ? 429 : 200;
}

/**
 * Turns a function's result into an HTTP response: a result with `statusCode` is one already, any other value is the
 * body of a 200.
 * @throws {TypeError} when the result is malformed
 */
export function functionResponse(result: unknown): FunctionResponse {
  if (result === null || typeof result !== "object" || !Object.hasOwn(result, "statusCode")) {
    const body = Buffer.from(typeof result === "string" ? result : JSON.stringify(result ?? null));
    return { status: 200, headers: ["content-type", "application/json"], body };
  }
  const { statusCode: given, headers = {}, cookies = [], body = "", isBase64Encoded = false } = result as any;
  const statusCode = typeof given === "string" && /^\d{3}$/.test(given) ? Number(given) : given;
  requireWellFormed(Number.isInteger(statusCode) && statusCode >= 200 && statusCode <= 599);
  requireWellFormed(typeof isBase64Encoded === "boolean" && Array.isArray(cookies));
  const list = [
    ...headerList(headers ?? {}),
    ...cookies.flatMap((cookie: unknown) => headerPair("set-cookie", cookie)),
  ];
  const typed = list.some((name, i) => i % 2 === 0 && name === "content-type");
  return {
    status: statusCode,
    headers: typed ? list : ["content-type", "text/plain; charset=utf-8", ...list],
    body: bodyBytes(body ?? "", isBase64Encoded),
  };
}

function headerList(headers: unknown): string[] {
  requireWellFormed(typeof headers === "object" && headers !== null && !Array.isArray(headers));
  return Object.entries(headers as object)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => name !== "content-length" && !isHopByHopHeader(name, undefined))
    .flatMap(([name, value]) => headerPair(name, value));
}

/** Returns name and value of a header. Node refuses invalid characters when the header is written. */
function headerPair(name: string, value: unknown): string[] {
  requireWellFormed(["string", "number", "boolean"].includes(typeof value));
  return [name, String(value)];
}

function bodyBytes(body: unknown, isBase64: boolean): Buffer {
  requireWellFormed(typeof body === "string" && Buffer.byteLength(body) <= maxPayloadBytes);
  requireWellFormed(!isBase64 || /^[A-Za-z0-9+/]*={0,2}$/.test(body as string));
  return Buffer.from(body as string, isBase64 ? "base64" : "utf8");
}

function requireWellFormed(condition: boolean): void {
  if (!condition) throw new TypeError("malformed function result");
}

const timedOut = new Error("integration timeout");

async function withTimeout<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timedOut), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
