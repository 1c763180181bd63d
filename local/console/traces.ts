import type { EndedRequest } from "../apigateway/ended-request";
import type { LogSink } from "../processes/lines";

/** Which gateway a request has come through; `private` is that of services that call each other. */
export type GatewayKind = "http" | "rest" | "private";

/** A request that has ended at a gateway. */
export interface GatewayRequest {
  readonly region: string;
  readonly kind: GatewayKind;
  /** Empty where it led to no service. */
  readonly service: string;
  readonly request: EndedRequest;
}

/** A line that a service has logged of a trace. */
export interface TraceLine {
  /** @example "food-store eu-west-1a" */
  readonly source: string;
  readonly text: string;
}

/** What is known of a trace. */
export interface KeptTrace {
  readonly id: string;
  /** The client's request first, then those of services. */
  readonly requests: readonly GatewayRequest[];
  readonly lines: readonly TraceLine[];
}

interface OpenTrace extends KeptTrace {
  readonly requests: GatewayRequest[];
  readonly lines: TraceLine[];
}

/** Which traces are listed. */
export type TraceChoice = "recent" | "failed" | "slow";

/** Most lines and requests of one trace: a client may give all its requests one trace. */
const maxParts = 64;
/** How long one of the slowest stays listed, in milliseconds. */
const slowForMs = 300_000;
const traceparent = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const root = /Root=1-([0-9a-f]{8})-([0-9a-f]{24})/;
const field = '"traceId":"';
const idLength = 32;

/**
 * The latest traces, the latest that failed, and the slowest of the last minutes: what gateways report, and what services
 * log. Lines are kept as they are, and read only when someone asks for the trace.
 */
export class Traces {
  private readonly recent = new Map<string, OpenTrace>();
  private readonly failed = new Map<string, OpenTrace>();
  private readonly slow = new Map<string, OpenTrace>();

  constructor(
    private readonly most = { recent: 1_000, failed: 200, slow: 100 },
    private readonly now: () => number = Date.now,
  ) {}

  /** Returns a sink that keeps what it passes on where it belongs to a trace. */
  keeping(log: LogSink): LogSink {
    return (source, text) => {
      const at = text.indexOf(field);
      if (at >= 0) this.addLine(text.substr(at + field.length, idLength), { source, text });
      log(source, text);
    };
  }

  addRequest(added: GatewayRequest): void {
    const id = traceIdOf(added.request);
    if (id === undefined) return;
    const trace = this.traceOf(id);
    if (trace.requests.length === maxParts) return;
    // Services end before what they were called by.
    if (added.kind === "private") trace.requests.push(added);
    else trace.requests.unshift(added);
    const { status } = added.request;
    if (status === 0 || status >= 500) keep(this.failed, trace, this.most.failed);
    else if (added.kind !== "private") this.keepIfSlow(trace);
  }

  /** Returns traces of clients' requests, the latest first, or the slowest; the path, route, ids or status has the text. */
  list(choice: TraceChoice, text: string, limit: number): KeptTrace[] {
    const wanted = text.toLowerCase();
    const matches = ({ id, requests: [first] }: KeptTrace) =>
      first !== undefined &&
      `${id} ${first.request.id} ${first.request.method} ${first.request.path} ${first.request.route} ${first.request.status} ${first.region} ${first.service}`
        .toLowerCase()
        .includes(wanted);
    const all = [...this[choice].values()].reverse().filter(matches);
    if (choice === "slow") all.sort((a, b) => slowness(b) - slowness(a));
    return all.slice(0, limit);
  }

  /** Finds a trace. @param id  of the trace, or of a request of it */
  find(id: string): KeptTrace | undefined {
    const has = ({ requests }: KeptTrace) => requests.some(({ request }) => request.id === id);
    const maps = [this.recent, this.failed, this.slow];
    return this.known(id) ?? maps.flatMap((map) => [...map.values()]).find(has);
  }

  private addLine(id: string, line: TraceLine): void {
    const { lines } = this.traceOf(id);
    if (lines.length < maxParts) lines.push(line);
  }

  private known(id: string): OpenTrace | undefined {
    return this.recent.get(id) ?? this.failed.get(id) ?? this.slow.get(id);
  }

  private traceOf(id: string): OpenTrace {
    const known = this.known(id);
    if (known !== undefined) return known;
    const trace: OpenTrace = { id, requests: [], lines: [] };
    keep(this.recent, trace, this.most.recent);
    return trace;
  }

  /** Keeps the slowest of the last minutes; the fastest of them, or one that is old, gives way. */
  private keepIfSlow(trace: OpenTrace): void {
    const { slow, most, now } = this;
    if (slow.size >= most.slow) {
      const old = now() - slowForMs;
      let fastest: OpenTrace | undefined;
      for (const each of slow.values()) {
        if (each.requests[0]!.request.startedAt < old) slow.delete(each.id);
        else if (fastest === undefined || slowness(each) < slowness(fastest)) fastest = each;
      }
      if (slow.size >= most.slow) {
        if (slowness(fastest!) >= slowness(trace)) return;
        slow.delete(fastest!.id);
      }
    }
    slow.set(trace.id, trace);
  }
}

function slowness({ requests }: KeptTrace): number {
  return requests[0]?.request.milliseconds ?? 0;
}

function keep(map: Map<string, OpenTrace>, trace: OpenTrace, most: number): void {
  map.set(trace.id, trace);
  if (map.size > most) map.delete(map.keys().next().value!);
}

/**
 * Returns the trace of a request as services find it too: that of `traceparent`, else that of the gateway. Undefined where
 * the client says that it records none.
 */
export function traceIdOf({ traceparent: header, awsTrace }: EndedRequest): string | undefined {
  const [, id, , flags] = traceparent.exec(header ?? "") ?? [];
  if (id !== undefined) return Number.parseInt(flags!, 16) & 1 ? id : undefined;
  const [, seconds, rest] = root.exec(awsTrace) ?? [];
  return seconds === undefined ? undefined : `${seconds}${rest}`;
}

/** Returns the span that a client has sent a request by. */
export function parentOf({ traceparent: header }: EndedRequest): string | undefined {
  return traceparent.exec(header ?? "")?.[2];
}
