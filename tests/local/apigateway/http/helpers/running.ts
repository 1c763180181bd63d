import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { Readable } from "node:stream";
import { request } from "undici";
import type { RunningGateway } from "../../../../../local/apigateway/gateway";
import type { HttpApiModel } from "../../../../../local/apigateway/http/api-model";
import type { GatewayOptions } from "../../../../../local/apigateway/http/server";
import { startGateway } from "../../../../../local/apigateway/http/server";
import type { LocalCompute, ServerChoice } from "../../../../../local/local-compute";
import { type PlannedApi, plannedApi } from "./planned";

const stops: (() => Promise<void>)[] = [];

/** Stops everything a test started. Call it in `afterEach` or `after`. */
export async function stopAll(): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop();
}

export async function serve(listener: RequestListener): Promise<{ origin: string; server: Server }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stops.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** A backend that answers 200 `{"ok":true}` and keeps what it received. */
export async function recorder(): Promise<{ origin: string; received: Received[] }> {
  const received: Received[] = [];
  const { origin } = await serve((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk) => chunks.push(chunk));
    req.on("end", () => {
      const { method = "", url = "", headers, rawHeaders } = req;
      received.push({ method, url, headers, rawHeaders, body: Buffer.concat(chunks) });
      res.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}');
    });
  });
  return { origin, received };
}

export class FakeCompute implements LocalCompute {
  done = 0;
  picked: string[] = [];
  readonly events: any[] = [];
  readonly hosts: string[] = [];
  choice:
    | Omit<Extract<ServerChoice, { kind: "server" }>, "requestEnded">
    | Extract<ServerChoice, { kind: "none" | "fixed" }> = { kind: "none", via: "balancer" };
  result: (event: any) => unknown = () => ({ statusCode: 200 });

  pickServer(uri: string, host: string): ServerChoice {
    this.picked.push(uri);
    this.hosts.push(host);
    if (this.choice.kind !== "server") return this.choice;
    return { ...this.choice, requestEnded: () => void this.done++ };
  }

  /** What a streaming function sends. */
  parts: () => Readable = () => Readable.from([]);

  invokeStreaming(_uri: string, event: unknown): Readable {
    this.events.push(event);
    return this.parts();
  }

  async invoke(_uri: string, event: unknown): Promise<unknown> {
    this.events.push(event);
    return this.result(event);
  }
}

export interface Running extends RunningGateway {
  readonly model: HttpApiModel;
  readonly compute: FakeCompute;
  readonly logs: string[];
  readonly access: string[];
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  send(method: string, path: string, init?: { headers?: any; body?: any }): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, any>>;
  readonly text: string;
}

/** A running gateway over a planned API, with fake compute. */
export async function running(
  plan: PlannedApi,
  choice: FakeCompute["choice"] = { kind: "none", via: "balancer" },
  options: Partial<GatewayOptions> = {},
): Promise<Running> {
  const { model } = await plannedApi(plan);
  const compute = new FakeCompute();
  compute.choice = choice;
  const logs: string[] = [];
  const access: string[] = [];
  const gateway = await startGateway({
    model,
    compute,
    port: 0,
    jwksUrl: () => "http://127.0.0.1:9/jwks.json",
    log: (message) => logs.push(message),
    accessLog: (line) => access.push(line),
    ...options,
  });
  stops.push(() => gateway.stop());
  const send: Running["send"] = async (method, path, init = {}) => {
    const { statusCode, headers, body } = await request(`${gateway.url}${path}`, { method: method as any, ...init });
    return { status: statusCode, headers, text: await body.text() };
  };
  return { ...gateway, model, compute, logs, access, send, get: (path, headers) => send("GET", path, { headers }) };
}

/** Sends bytes as they are; resolves with everything that came back when the connection closed. */
export function raw(port: number, bytes: string | Buffer, halfClose = true): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(bytes);
      if (halfClose) setTimeout(() => socket.end(), 50);
    });
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
    socket.on("error", (error: any) => (error.code === "ECONNRESET" ? undefined : reject(error)));
  });
}

export const viaBalancer = (origin: string) => ({ kind: "server", origin, via: "balancer" }) as const;
export const viaDiscovery = (origin: string) => ({ kind: "server", origin, via: "discovery" }) as const;
