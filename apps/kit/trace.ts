import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";

/** Values of a span, by OpenTelemetry's names: `http.request.method`, `db.operation.name`. */
type SpanAttributes = Readonly<Record<string, string | number>>;

/** What a request did while it was served, as the log has it. */
interface LoggedSpan extends SpanAttributes {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  /** Milliseconds from the start of the request, and how many it took. */
  readonly startMs: number;
  readonly ms: number;
}

/** The trace of a request, and the span of it that is at work. */
interface ActiveSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly request: ServedRequest;
}

interface ServedRequest {
  readonly parentSpanId: string | undefined;
  readonly sampled: boolean;
  readonly startedAt: number;
  /** Spans that have ended. */
  readonly spans: LoggedSpan[];
}

/** Version 00 of https://www.w3.org/TR/trace-context/: neither id is zero. */
const traceparent = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;
/** The trace of AWS's gateways and balancers, whose id is one of W3C with two dashes. */
const awsRoot = /\bRoot=1-([0-9a-f]{8})-([0-9a-f]{24})\b/;
/** Spans that are kept of a request, as many as the log takes of a list. */
const maxSpans = 32;
const active = new AsyncLocalStorage<ActiveSpan>();
const tracing = process.env["TRACES"] !== "off";

/** Tells whether a header is a valid `traceparent`. */
export function isTraceparent(header: string): boolean {
  return traceparent.test(header);
}

/**
 * Runs code that serves a request, in the trace of its header `traceparent`; else in that of `x-amzn-trace-id`, which API
 * Gateway and balancers send and have not recorded spans of; else in a new one.
 */
export function withTrace<T>(header: string | undefined, awsHeader: string | undefined, run: () => T): T {
  const [, sent, parentSpanId, flags = "01"] = traceparent.exec(header ?? "") ?? [];
  const [, seconds, rest] = awsRoot.exec(awsHeader ?? "") ?? [];
  const traceId = sent ?? (seconds === undefined ? newId(16) : `${seconds}${rest}`);
  const sampled = tracing && (Number.parseInt(flags, 16) & 1) === 1;
  const request = { parentSpanId, sampled, startedAt: performance.now(), spans: [] };
  return active.run({ traceId, spanId: newId(8), request }, run);
}

/** Returns the `traceparent` for a request that the code sends; undefined where it serves none. */
export function currentTrace(): string | undefined {
  const span = active.getStore();
  return span && `00-${span.traceId}-${span.spanId}-${span.request.sampled ? "01" : "00"}`;
}

/**
 * Runs a call of something outside as a span of the request that is served.
 * @param ended  returns what is known when it has ended
 */
export async function inSpan<T>(
  name: string,
  attributes: SpanAttributes,
  call: () => Promise<T>,
  ended?: (result: T) => SpanAttributes,
): Promise<T> {
  const parent = active.getStore();
  if (parent === undefined || !parent.request.sampled) return call();
  const { request, traceId } = parent;
  const span = { traceId, spanId: newId(8), request };
  const startedAt = performance.now();
  const end = (more: SpanAttributes) => {
    if (request.spans.length === maxSpans) return;
    const ids = { name, spanId: span.spanId, parentSpanId: parent.spanId };
    const times = { startMs: tenths(startedAt - request.startedAt), ms: tenths(performance.now() - startedAt) };
    request.spans.push({ ...ids, ...times, ...attributes, ...more });
  };
  try {
    const result = await active.run(span, call);
    end(ended?.(result) ?? {});
    return result;
  } catch (error) {
    end({ "error.type": (error as Error).name });
    throw error;
  }
}

/** Returns the fields of a log line that say which trace and span it belongs to; none outside of a request. */
export function traceFields(): { readonly traceId?: string; readonly spanId?: string } {
  const span = active.getStore();
  return span?.request.sampled ? { traceId: span.traceId, spanId: span.spanId } : {};
}

/** Returns the fields of the line of a request that has ended: the span that sent it, and its own spans. */
export function spanFields(): { readonly parentSpanId?: string; readonly spans?: readonly LoggedSpan[] } {
  const { request } = active.getStore() ?? {};
  if (!request?.sampled) return {};
  const { parentSpanId, spans } = request;
  return { ...(parentSpanId === undefined ? {} : { parentSpanId }), ...(spans.length === 0 ? {} : { spans }) };
}

function newId(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
