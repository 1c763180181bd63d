import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { Access } from "../../iam/access";
import type { CallersByKey } from "../../iam/signing-caller";
import type { LocalCompute } from "../../local-compute";
import { hostName, isAllowedHost } from "../../ports/hosts";
import type { TimeScale } from "../../time-scale";
import type { RunningGateway } from "../gateway";
import { createGatewayServer, listen, stopServer } from "../http-server";
import type { InvokePermission } from "../rest/permissions";
import { TokenBucket } from "../throttle";
import { acceptWebSocket, type UpgradeRequest } from "./accept";
import { compileWebSocketLogFormat } from "./access-log";
import type { WebSocketApiModel, WebSocketStage } from "./api-model";
import { decideOnConnect } from "./connect-authorizer";
import { Connection } from "./connection";
import { manageConnection } from "./management";
import { refuse } from "./refusal";
import { protocolOf, tellFunction } from "./route-function";
import { type RouteSelection, routeSelection } from "./route-selection";
import { type ConnectionEvent, Upgrade } from "./upgrade";

/** Options of `startWebSocketGateway`. */
export interface WebSocketGatewayOptions {
  readonly model: WebSocketApiModel;
  readonly compute: LocalCompute;
  readonly mayInvoke: InvokePermission;
  /** Who may sign calls of the @connections API. */
  readonly callers: CallersByKey;
  readonly time: TimeScale;
  readonly log: (message: string) => void;
  /** Gets one line per event, in the planned format, without line end. */
  readonly accessLog: (line: string) => void;
}

/** Starts a gateway for a planned WebSocket API on a free port. */
export async function startWebSocketGateway(options: WebSocketGatewayOptions): Promise<Required<RunningGateway>> {
  const gateway = new WebSocketGateway(options);
  const port = await listen(gateway.server, 0);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    handle: (req, res) => gateway.handle(req, res),
    upgrade: (req, socket, head) => gateway.upgrade(req, socket, head),
    stop: () => gateway.stop(),
  };
}

/** What a host and a path lead to. */
interface Place {
  readonly stage: WebSocketStage;
  /** Below the stage, without the query. */
  readonly path: string;
  readonly domainName: string;
}

/** A gateway that serves one region's WebSocket API on one port: connections, and the @connections API. */
class WebSocketGateway {
  readonly server: Server;
  private readonly connections = new Map<string, Connection>();
  private readonly access: Access;
  private readonly select: RouteSelection;
  private readonly buckets = new Map<string, TokenBucket>();
  private readonly logLines: ReadonlyMap<string, ((event: ConnectionEvent) => string) | undefined>;

  constructor(private readonly options: WebSocketGatewayOptions) {
    const { model, callers } = options;
    this.access = new Access(callers);
    this.select = routeSelection(model.routeSelectionExpression);
    const line = ({ logFormat }: WebSocketStage) =>
      logFormat === undefined ? undefined : compileWebSocketLogFormat(logFormat);
    this.logLines = new Map([...model.stages].map(([name, stage]) => [name, line(stage)]));
    this.server = createGatewayServer((req, res) => this.handle(req, res));
    this.server.on("upgrade", (req, socket, head) => this.upgrade(req, socket, head));
  }

  async stop(): Promise<void> {
    for (const connection of this.connections.values()) connection.end();
    await stopServer(this.server);
  }

  handle(req: IncomingMessage, res: ServerResponse): void {
    const place = this.placeOf(req);
    if (place === undefined) return void res.writeHead(403, json).end(forbidden);
    const { model: api } = this.options;
    const { stage, path } = place;
    manageConnection(
      req,
      res,
      { stage: stage.name, path },
      { ...this, api, access: this.access, connections: this.connections },
    ).catch((error: Error) => {
      this.options.log(`gateway: ${req.method} ${path} failed: ${error.message}`);
      if (!res.headersSent) res.writeHead(500, json).end('{"message":"Internal server error"}');
    });
  }

  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    const place = this.placeOf(req);
    if (place === undefined || place.path !== "/") return void refuse(socket, 403);
    this.connect(new Upgrade(this.options.model, place.stage, place.domainName, req), req, socket, head).catch(
      (error: Error) => {
        this.options.log(`gateway: $connect failed: ${error.message}`);
        refuse(socket, 500);
      },
    );
  }

  /**
   * Returns where a request leads to; undefined for a host that the API does not have, or its endpoint when it is
   * disabled.
   */
  private placeOf(req: IncomingMessage): Place | undefined {
    const { domains, stages, endpointHost, endpointDisabled } = this.options.model;
    const name = hostName(req.headers.host ?? "");
    const [path = "/"] = (req.url ?? "/").split("?");
    if (name === endpointHost) {
      const [, stageName = "", rest = "/"] = /^\/([^/]+)(\/.*)?$/.exec(path) ?? [];
      const stage = endpointDisabled ? undefined : stages.get(stageName);
      return stage && { stage, path: rest, domainName: name };
    }
    if (!isAllowedHost(req, domains)) return undefined;
    // The address of this machine stands for the API's name.
    const [first] = domains;
    const [domainName = name, stageName] = domains.has(name) ? [name, domains.get(name)!] : (first ?? []);
    const stage = stageName === undefined ? [...stages.values()][0] : stages.get(stageName);
    return stage && { stage, path, domainName };
  }

  private async connect(upgrade: Upgrade, req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { model, compute, mayInvoke } = this.options;
    const event = upgrade.event("$connect", "CONNECT");
    const refused = (status: number, type?: string) => {
      event.status = status;
      if (type !== undefined) event.errorType = type;
      this.write(event);
      refuse(socket, status);
    };
    if (!this.takeToken(upgrade.stage, "$connect")) return refused(429, "THROTTLED");
    const route = model.routes.get("$connect");
    if (route?.authorizer !== undefined) {
      const decision = await decideOnConnect(route.authorizer, event, { compute, mayInvoke });
      if (decision.kind === "refused") {
        event.authorizerError = decision.why;
        return refused(decision.status, decision.type);
      }
      upgrade.authorizer = decision.context;
    }
    const answer: Awaited<ReturnType<typeof tellFunction>> =
      route === undefined ? {} : await tellFunction(event, upgrade.requestParts, this.options);
    if (answer === undefined) return refused(502, "INTEGRATION_FAILURE");
    const status = answer.statusCode ?? 200;
    if (status < 200 || status > 299) return refused(status);
    this.open(upgrade, event, answer && protocolOf(answer), { req, socket, head });
  }

  private open(
    upgrade: Upgrade,
    event: ConnectionEvent,
    protocol: string | undefined,
    { req, socket, head }: UpgradeRequest,
  ): void {
    acceptWebSocket({ req, socket, head }, protocol, (ws, tooLarge) => {
      event.status = 200;
      this.write(event);
      const connection = new Connection(upgrade, ws, this.options.time);
      this.connections.set(upgrade.connectionId, connection);
      this.listenTo(ws, connection, tooLarge);
      return connection;
    });
  }

  private listenTo(ws: WebSocket, connection: Connection, tooLarge: () => boolean): void {
    const { upgrade } = connection;
    ws.on("message", (data: Buffer, binary) => {
      if (tooLarge()) return;
      connection.active();
      const body = data.toString(binary ? "base64" : "utf8");
      this.take(connection, body, binary).catch((error: Error) => this.options.log(`gateway: ${error.message}`));
    });
    // A message over the limit; the library ends the connection with 1009.
    ws.on("error", () => {});
    ws.once("close", (code, reason) => {
      this.connections.delete(upgrade.connectionId);
      if (!this.options.model.routes.has("$disconnect")) return;
      const more = { disconnectStatusCode: code, disconnectReason: reason.toString() };
      const event = upgrade.event("$disconnect", "DISCONNECT", more);
      void tellFunction(event, upgrade.requestParts, this.options).then(() => this.write(event));
    });
  }

  /** Hands a message to its route. What the function answers does not reach the client, as no route has a response. */
  private async take(connection: Connection, body: string, isBase64Encoded: boolean): Promise<void> {
    const { routes } = this.options.model;
    const { upgrade } = connection;
    const selected = isBase64Encoded ? "$default" : this.select(body);
    const key = routes.has(selected) && !/^\$(dis)?connect$/.test(selected) ? selected : "$default";
    const event = upgrade.event(key, "MESSAGE", { messageId: upgrade.connectionId });
    const failed = (message: string, status: number) => {
      event.status = status;
      const { connectionId } = upgrade;
      const frame = `{"message": "${message}", "connectionId":"${connectionId}", "requestId":"${event.requestId}"}`;
      return connection.send(Buffer.from(frame));
    };
    if (!routes.has(key)) await failed("Forbidden", 403);
    else if (!this.takeToken(upgrade.stage, key)) await failed("Too Many Requests", 429);
    else if ((await tellFunction(event, { body, isBase64Encoded }, this.options)) === undefined)
      await failed("Internal server error", 500);
    else event.status = 200;
    this.write(event);
  }

  private takeToken({ name, limit }: WebSocketStage, key: string): boolean {
    if (limit === undefined) return true;
    const bucket = this.buckets.get(`${name} ${key}`) ?? new TokenBucket(limit, () => performance.now());
    this.buckets.set(`${name} ${key}`, bucket);
    return bucket.take();
  }

  private write(event: ConnectionEvent): void {
    const line = this.logLines.get(event.upgrade.stage.name);
    if (line) this.options.accessLog(line(event));
  }
}

const json = { "content-type": "application/json" };
const forbidden = '{"message":"Forbidden"}';
