import { type GatewayRequest, type KeptTrace, parentOf, type TraceLine } from "./traces";

/** A part of a trace, as the console draws it. */
export interface Span {
  readonly id: string;
  /** How many it is within. */
  readonly depth: number;
  readonly name: string;
  readonly kind: "gateway" | "authorizer" | "integration" | "service" | "call";
  /** Region, or service and zone. */
  readonly where: string;
  /** Milliseconds from the start of the trace. */
  readonly startMs: number;
  readonly ms: number;
  readonly failed: boolean;
  /** Status, addresses and what else is known, by name. */
  readonly details: Readonly<Record<string, string | number>>;
}

interface Part extends Omit<Span, "depth" | "startMs"> {
  readonly parent: string | undefined;
  /** Milliseconds since the epoch. */
  readonly from: number;
}

/** The line that a service logs of a request that has ended. */
interface RequestLine {
  readonly time: string;
  readonly service: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly spans?: readonly LoggedSpan[];
}

interface LoggedSpan {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly startMs: number;
  readonly ms: number;
  readonly [attribute: string]: string | number;
}

/** Puts the parts of a trace in the order in which they began, each below what it is within. */
export function waterfall({ requests, lines }: KeptTrace): Span[] {
  const gateways = requests.map((each, i) => ({ each, parts: gatewayParts(each, `gateway-${i}`) }));
  const services = lines.flatMap((line) => serviceParts(line, gateways));
  const parts = [...gateways.flatMap((gateway) => gateway.parts), ...services];
  const ids = new Set(parts.map(({ id }) => id));
  const start = Math.min(...parts.map(({ from }) => from));
  const below = (parent: string | undefined, depth: number): Span[] =>
    parts
      .filter((part) => (ids.has(part.parent ?? "") ? part.parent : undefined) === parent)
      .sort((a, b) => a.from - b.from)
      .flatMap(({ parent: _, from, ...part }) => [
        { ...part, depth, startMs: from - start },
        ...below(part.id, depth + 1),
      ]);
  return below(undefined, 0);
}

function gatewayParts({ region, kind, request }: GatewayRequest, id: string): Part[] {
  const { method, path, route, status, startedAt, milliseconds, steps } = request;
  const { authorizer, integration } = steps;
  const own: Part = {
    ...{
      id,
      parent: parentOf(request),
      name: route ?? `${method} ${path}`,
      kind: "gateway",
      where: `${kind} ${region}`,
    },
    ...{ from: startedAt, ms: milliseconds, failed: isFailure(status) },
    details: { "http.response.status_code": status, "url.path": path, "request.id": request.id },
  };
  const step = (
    kind: "authorizer" | "integration",
    { startMs, ms, error }: NonNullable<typeof authorizer>,
    name: string,
  ) => ({
    ...{ id: `${id}-${kind}`, parent: id, name, kind, where: region, from: startedAt + startMs, ms },
    failed: error !== undefined,
    details: (error === undefined ? {} : { error }) as Part["details"],
  });
  const through = { balancer: "load balancer", discovery: "Cloud Map" };
  return [
    own,
    ...(authorizer === undefined ? [] : [step("authorizer", authorizer, "authorizer")]),
    ...(integration === undefined
      ? []
      : [
          {
            ...step("integration", integration, integration.via ? through[integration.via] : "integration"),
            ...(integration.origin === undefined ? {} : { details: { "server.address": integration.origin } }),
          },
        ]),
  ];
}

/** A service's request is within that of the gateway which was sent by the same span, and is within its time. */
function serviceParts(
  { source, text }: TraceLine,
  gateways: readonly { readonly each: GatewayRequest; readonly parts: readonly Part[] }[],
): Part[] {
  const line = requestLine(text);
  if (line === undefined) return [];
  const { method, route, status, ms, spanId, parentSpanId, spans = [] } = line;
  const from = Date.parse(line.time) - ms;
  const within = gateways.find(
    ({ each: { request, service } }) =>
      parentOf(request) === parentSpanId && (service === "" || service === line.service) && isNear(from, request),
  );
  const parent = within?.parts.find(({ kind }) => kind === "integration")?.id ?? within?.parts[0]?.id ?? parentSpanId;
  const own: Part = {
    ...{ id: spanId, parent, name: `${method} ${route}`, kind: "service", where: source, from, ms },
    failed: isFailure(status),
    details: { "http.response.status_code": status, "service.name": line.service },
  };
  return [own, ...spans.map((span) => callPart(span, source, from))];
}

function callPart(
  { name, spanId: id, parentSpanId: parent, startMs, ms, ...details }: LoggedSpan,
  where: string,
  from: number,
): Part {
  const failed = "error.type" in details || isFailure(Number(details["http.response.status_code"] ?? 200));
  return { id, parent, name, kind: "call", where, from: from + startMs, ms, failed, details };
}

/** Lines have whole milliseconds. */
function isNear(from: number, { startedAt, milliseconds }: GatewayRequest["request"]): boolean {
  return from >= startedAt - 5 && from <= startedAt + milliseconds + 5;
}

function isFailure(status: number): boolean {
  return status === 0 || status >= 500;
}

function requestLine(text: string): RequestLine | undefined {
  try {
    const line = JSON.parse(text);
    return line.msg === "request" && typeof line.spanId === "string" ? line : undefined;
  } catch {
    return undefined;
  }
}
