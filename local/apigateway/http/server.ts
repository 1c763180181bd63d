import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { LocalCompute } from "../../local-compute";
import { hasTooLargeContentLength } from "../body";
import { type EndedRequestListener, endedRequest } from "../ended-request";
import { type Clock, type RunningGateway, systemClock } from "../gateway";
import { createGatewayServer, listen, rememberExchange, stopServer } from "../http-server";
import { Jwks } from "../jwks";
import { LegacyOrigins } from "../legacy-origins";
import { headerValues, traceId } from "../request-headers";
import type { AwsServices } from "../rest/integrations/aws-service";
import type { TokenBucket } from "../throttle";
import { upstreamAgent } from "../upstream-agent";
import { compileLogFormat } from "./access-log";
import { checkRequest } from "./admission";
import type { HttpApiModel, Stage } from "./api-model";
import type { FunctionAuthorizerModel, JwtAuthorizerModel, Route } from "./api-routes";
import { Exchange } from "./exchange";
import { FunctionAuthorizer } from "./function-authorizer";
import { invokeFunction } from "./function-integration";
import { bearerChallenge, expectedScopes, JwtAuthorizer, scopeChallenge } from "./jwt-authorizer";
import { forwardToUrl } from "./legacy";
import { forwardToServer } from "./private-integration";
import { sendToQueue } from "./queue-integration";
import { bucketsByRouteKey } from "./route-throttles";
import { Router } from "./router";

/** Options of `startGateway`. */
export interface GatewayOptions {
  readonly model: HttpApiModel;
  readonly compute: LocalCompute;
  /** 0 takes a free port. */
  readonly port: number;
  /** @default "127.0.0.1" */
  readonly host?: string;
  /** Returns the URL on this machine that serves the keys of a planned issuer. */
  readonly jwksUrl: (issuer: string) => string;
  readonly log: (message: string) => void;
  /** @default none: a route that puts work into a queue fails */
  readonly services?: AwsServices;
  /** Gets one line per request that reached a stage, in the planned format, without line end. */
  readonly accessLog: (line: string) => void;
  /** Gets every request that reached a stage, when it has ended. @default none */
  readonly ended?: EndedRequestListener | undefined;
  /** @default the clocks of this machine */
  readonly clock?: Clock;
  /**
   * Milliseconds in which a request must have arrived whole.
   * @default 60,000
   */
  readonly arrivalMilliseconds?: number;
  /**
   * Planned origin of a legacy endpoint -> origin that gets its requests instead. Requests to any other origin outside
   * this machine are answered 503.
   * @example { "https://legacy.example.com": "http://127.0.0.1:9001" }
   */
  readonly legacyOrigins?: Readonly<Record<string, string>>;
}

const noServices: AwsServices = { origin: () => undefined, keysOf: () => undefined };

interface RunningStage {
  readonly buckets: ReadonlyMap<string, TokenBucket>;
  readonly logLine: ((exchange: Exchange) => string) | undefined;
}

/** Longest time to wait for a connection: that of an Application Load Balancer. */
const connectMilliseconds = 10_000;

/**
 * Starts a gateway for a planned HTTP API.
 * @throws {Error} on an access log format or routes that cannot be run, or a port that is taken
 */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const gateway = new HttpGateway(options);
  const port = await gateway.listen();
  const url = `http://${options.host ?? "127.0.0.1"}:${port}`;
  return { url, port, handle: (req, res) => gateway.handle(req, res), stop: () => gateway.stop() };
}

/** A gateway that serves one region's HTTP API on one port. */
class HttpGateway {
  private readonly clock: Clock;
  private readonly router: Router<Route>;
  private readonly stages: ReadonlyMap<string, RunningStage>;
  private readonly authorizers = new Map<JwtAuthorizerModel, JwtAuthorizer>();
  private readonly functions = new Map<FunctionAuthorizerModel, FunctionAuthorizer>();
  private readonly legacy: LegacyOrigins;
  private readonly agent = upstreamAgent(connectMilliseconds);
  private readonly server: Server;

  constructor(private readonly options: GatewayOptions) {
    this.clock = options.clock ?? systemClock;
    this.router = new Router(options.model.routes);
    this.stages = this.runStages();
    this.createAuthorizers();
    this.legacy = new LegacyOrigins(options.legacyOrigins ?? {}, options.log);
    this.server = createGatewayServer((req, res) => this.handle(req, res), options.arrivalMilliseconds);
  }

  listen(): Promise<number> {
    return listen(this.server, this.options.port, this.options.host);
  }

  async stop(): Promise<void> {
    await stopServer(this.server);
    await this.agent.destroy();
  }

  private runStages(): ReadonlyMap<string, RunningStage> {
    const { stages, routes } = this.options.model;
    const run = (stage: Stage) => ({
      buckets: bucketsByRouteKey(stage, routes, this.clock.monotonic),
      logLine: stage.logFormat === undefined ? undefined : compileLogFormat(stage.logFormat),
    });
    return new Map([...stages].map(([name, stage]) => [name, run(stage)]));
  }

  private createAuthorizers(): void {
    const { model, jwksUrl, log, compute } = this.options;
    for (const authorizer of new Set(model.routes.flatMap(({ authorization }) => authorization?.authorizer ?? []))) {
      if (authorizer.kind === "function") {
        this.functions.set(authorizer, new FunctionAuthorizer(authorizer, compute));
        continue;
      }
      const keys = new Jwks({
        url: jwksUrl(authorizer.issuer),
        now: this.clock.monotonic,
        log,
        dispatcher: this.agent,
      });
      this.authorizers.set(authorizer, new JwtAuthorizer(authorizer, keys, this.clock.wall));
    }
  }

  handle(req: IncomingMessage, res: ServerResponse): void {
    const exchange = new Exchange(this.options.model, this.clock, req, res);
    rememberExchange(exchange);
    const refusal = checkRequest(exchange);
    if (refusal) {
      exchange.refuse(...refusal);
      return;
    }
    const stage = this.stages.get(exchange.stage!.name)!;
    const { logLine } = stage;
    res.once("close", () => this.end(exchange, logLine));
    this.route(exchange, stage).catch((error) => this.fail(exchange, error));
  }

  private end(exchange: Exchange, logLine: RunningStage["logLine"]): void {
    const { ended, accessLog } = this.options;
    if (logLine) accessLog(logLine(exchange));
    if (ended === undefined) return;
    const { method, path, route, steps } = exchange;
    const { integration, key } = route ?? {};
    const uri = integration && "uri" in integration ? integration.uri : undefined;
    ended(endedRequest(exchange, { method, path, route: key, uri, awsTrace: traceId(exchange), steps }));
  }

  private async route(exchange: Exchange, { buckets }: RunningStage): Promise<void> {
    const { api, req, method } = exchange;
    const { origin } = req.headers;
    const match = this.router.match(method, exchange.path);
    exchange.route = match?.route;
    exchange.segments = match?.segments ?? [];
    if (api.cors && method === "OPTIONS" && origin && req.headers["access-control-request-method"]) {
      // ANY and $default match OPTIONS too, and their authorizer refuses a browser, which sends no token here.
      if (match?.route.authorization && !(await this.authorize(exchange, match.route))) return;
      exchange.answerPreflight(api.cors.preflightHeaders(origin));
      return;
    }
    if (match === undefined) return exchange.refuse(404, "Not Found");
    if (buckets.get(match.route.key)?.take() === false) return exchange.refuse(429, "Too Many Requests");
    if (match.route.authorization && !(await this.authorize(exchange, match.route))) return;
    if (hasTooLargeContentLength(req)) return exchange.refuse(413, "Request Entity Too Large");
    await this.integrate(exchange, match.route);
  }

  private async authorize(exchange: Exchange, route: Route): Promise<boolean> {
    exchange.authorizerStartedAt = this.clock.monotonic();
    const admitted = await this.decide(exchange, route);
    exchange.authorizerMilliseconds = this.clock.monotonic() - exchange.authorizerStartedAt;
    return admitted;
  }

  private async decide(exchange: Exchange, { authorization }: Route): Promise<boolean> {
    const { authorizer, scopes } = authorization!;
    if (authorizer.kind === "function") return this.askFunction(exchange, this.functions.get(authorizer)!);
    const pending = this.authorizers.get(authorizer)!.check(headerValues(exchange.req, authorizer.header), scopes);
    const result = pending instanceof Promise ? await pending : pending;
    switch (result.kind) {
      case "admitted":
        exchange.claims = result.claims;
        return true;
      case "forbidden":
        exchange.authorizerError = `insufficient_scope: ${expectedScopes(scopes)}`;
        exchange.refuse(403, "Forbidden", ["www-authenticate", scopeChallenge(scopes)]);
        return false;
      case "unauthorized": {
        const { description } = result;
        exchange.authorizerError =
          description === undefined ? "missing: token not provided" : `invalid_token: ${description}`;
        exchange.refuse(401, "Unauthorized", ["www-authenticate", bearerChallenge(description)]);
        return false;
      }
    }
  }

  private async askFunction(exchange: Exchange, authorizer: FunctionAuthorizer): Promise<boolean> {
    const decision = await authorizer.decide(exchange);
    switch (decision.kind) {
      case "admitted":
        exchange.authorizerContext = decision.context;
        return true;
      case "forbidden":
        exchange.refuse(403, "Forbidden");
        return false;
      case "unauthorized":
        exchange.refuse(401, "Unauthorized");
        return false;
      case "failed":
        exchange.authorizerError = decision.why;
        exchange.refuse(500, "Internal Server Error");
        return false;
    }
  }

  private integrate(exchange: Exchange, { integration }: Route): Promise<void> {
    const { compute } = this.options;
    switch (integration.kind) {
      case "private":
        return forwardToServer(exchange, integration, compute, this.agent);
      case "function":
        return invokeFunction(exchange, integration, compute);
      case "url":
        return forwardToUrl(exchange, integration, this.legacy, this.agent);
      case "queue":
        return sendToQueue(exchange, integration, this.options.services ?? noServices);
    }
  }

  /** Logs a defect of the local platform or an unplanned target, and answers 500 as AWS would. */
  private fail(exchange: Exchange, error: unknown): void {
    this.options.log(`gateway: ${exchange.route?.key ?? exchange.method} failed: ${(error as Error).message}`);
    if (exchange.res.headersSent) exchange.res.destroy();
    else exchange.refuse(500, "Internal Server Error");
  }
}
