import { request as httpRequest, type IncomingMessage } from "node:http";
import { TokenBucket } from "../../local/apigateway/throttle";
import type { PlannedApi } from "../local/apigateway/http/helpers/planned";
import { type Running, running, serve } from "../local/apigateway/http/helpers/running";
import type { CaseRequest, FidelityCase, Given } from "./cases";
import { authorizationOf, keySet } from "./tokens";

/** 1.5 s after the time when the tokens of the cases were issued. */
const now = 1_795_635_542_500;

interface Upstream {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
}

/**
 * Runs a case against the local gateway over HTTP and returns everything that can be seen of it: `status`, `headers`
 * and `body` of the answer, the `event` of the function with `eventKeys`, `contextKeys` and `route`, what the
 * `upstream` got, the fields of the access `log`, `refused` with the reason when the plan cannot be run, and how many
 * requests a throttle `admitted`.
 */
export async function observe({ given = {}, request = {} }: FidelityCase): Promise<Record<string, unknown>> {
  if (given.limit !== undefined) return { admitted: admitted(given) };
  const upstream: Upstream[] = [];
  const origin = await startBackend(given, upstream);
  const gateway = await startGateway(given, origin);
  if (gateway instanceof Error) return { refused: gateway.message };
  const answer = await send(gateway, request);
  const [event] = gateway.compute.events;
  return {
    ...answer,
    event,
    route: event?.routeKey,
    eventKeys: event && Object.keys(event).sort(),
    contextKeys: event && Object.keys(event.requestContext).sort(),
    upstream: upstream[0],
    log: await logOf(gateway),
  };
}

function admitted({ limit, arrivals = [] }: Given): number {
  let clock = 0;
  const bucket = new TokenBucket(limit!, () => clock);
  let count = 0;
  for (const { atMs, untilMs = atMs, requests } of arrivals) {
    for (clock = atMs; clock <= untilMs; clock++) {
      for (let i = 0; i < requests; i++) count += Number(bucket.take());
    }
  }
  return count;
}

async function startBackend({ backend }: Given, upstream: Upstream[]): Promise<string> {
  const { status, headers, body } = backend ?? { status: 200, headers: [], body: "{}" };
  const { origin } = await serve((req, res) => {
    upstream.push({ method: req.method, url: req.url, headers: req.headers });
    req.resume().once("end", () => res.writeHead(status, [...headers]).end(body));
  });
  return origin;
}

async function startGateway(given: Given, origin: string): Promise<Running | Error> {
  try {
    const gateway = await running(
      plan(given, origin),
      { kind: "server", via: viaOf(given), origin },
      await options(given),
    );
    gateway.compute.result = () => given.function ?? { statusCode: 200 };
    return gateway;
  } catch (error) {
    return error as Error;
  }
}

/** The recording backend stands behind a balancer or in Cloud Map, as the only route says. */
function viaOf({ routes = [] }: Given): "balancer" | "discovery" {
  return routes.some(({ to }) => to === "balancer") ? "balancer" : "discovery";
}

function plan(
  { routes = [], stageVariables, requestParameters, responseParameters, logFormat, ...api }: Given,
  origin: string,
): PlannedApi {
  const mapped = { ...(requestParameters && { requestParameters }), ...responses(responseParameters) };
  const authorizer = { jwtConfiguration: { issuer: "https://issuer.example.com", audiences: ["client"] } };
  const stage = logFormat === undefined ? {} : { accessLogSettings: { destinationArn: "arn:log", format: logFormat } };
  return {
    ...planned(api),
    authorizer,
    stage: { ...(stageVariables && { stageVariables }), ...stage },
    routes: routes.map(({ to = "function", ...route }) => ({
      ...route,
      to: to.replace("(backend)", origin),
      ...(Object.keys(mapped).length > 0 && { integration: mapped }),
    })),
  };
}

/** The parts of a case that are those of a planned API. */
function planned({ api, stages, domains }: Given): Omit<PlannedApi, "routes"> {
  return { ...(api && { api }), ...(stages && { stages }), ...(domains && { domains }) };
}

function responses(byStatus: Given["responseParameters"]) {
  if (byStatus === undefined) return {};
  return {
    responseParameters: Object.entries(byStatus).map(([statusCode, mappings]) => ({ statusCode, mappings })),
  };
}

async function options({ keys }: Given) {
  const clock = { wall: () => now, monotonic: () => performance.now() };
  if (keys === "down") return { clock, jwksUrl: () => "http://127.0.0.1:9/jwks.json" };
  const body = await keySet();
  const { origin } = await serve((_req, res) => res.end(body));
  return { clock, jwksUrl: () => `${origin}/jwks.json` };
}

/** Sends with node:http, which adds nothing but Host and Connection, and sends paths and duplicates as they are. */
function send(gateway: Running, { method = "GET", path = "/", from, ...rest }: CaseRequest) {
  const body = bodyOf(rest.body);
  const headers = headersOf(gateway, rest, body);
  return new Promise<object>((resolve, reject) => {
    const call = httpRequest(
      {
        host: "127.0.0.1",
        port: gateway.port,
        method,
        path,
        headers,
        localAddress: from,
        agent: false,
        setHost: false,
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk) => chunks.push(chunk));
        answer.once("end", () =>
          resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks).toString() }),
        );
      },
    );
    call.once("error", reject).end(body);
  });
}

function bodyOf(body: CaseRequest["body"]): Buffer {
  if (body === undefined || typeof body === "string") return Buffer.from(body ?? "");
  return "base64" in body ? Buffer.from(body.base64, "base64") : Buffer.alloc(body.bytes, "x");
}

function headersOf(gateway: Running, { headers = {}, token }: CaseRequest, body: Buffer): string[] {
  const flat = Array.isArray(headers)
    ? headers
    : Object.entries(headers).flatMap(([name, value]) => [name, textOf(gateway, value)]);
  const host = flat.includes("host") ? [] : ["host", `127.0.0.1:${gateway.port}`];
  const length = body.length > 0 ? ["content-length", String(body.length)] : [];
  return [...host, ...length, ...(token ? ["authorization", authorizationOf(token)] : []), ...flat];
}

function textOf({ model }: Running, value: string | { readonly length: number }): string {
  if (typeof value !== "string") return "x".repeat(value.length);
  return value === "(own endpoint)" ? model.endpointHost : value;
}

/** The line is written when the response is closed, a moment after the client has it. */
async function logOf({ access }: Running): Promise<unknown> {
  for (let tries = 0; access.length === 0 && tries < 20; tries++)
    await new Promise((resolve) => setTimeout(resolve, 5));
  try {
    return JSON.parse(access[0] ?? "");
  } catch {
    return access[0];
  }
}
