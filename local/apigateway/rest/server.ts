import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { CallersByKey } from "../../iam/signing-caller";
import type { LocalCompute } from "../../local-compute";
import { hasTooLargeContentLength, readBody } from "../body";
import { type EndedRequestListener, endedRequest } from "../ended-request";
import { type Clock, type RunningGateway, systemClock } from "../gateway";
import { createGatewayServer, listen, rememberExchange, stopServer } from "../http-server";
import { Jwks } from "../jwks";
import { LegacyOrigins } from "../legacy-origins";
import { compileRestLogFormat } from "./access-log";
import { admit } from "./admission";
import { Authorization } from "./authorizers/authorization";
import { RestExchange } from "./exchange";
import type { Answer } from "./function-answer";
import { GatewayError, internalError } from "./gateway-responses";
import { lastValue } from "./headers";
import type { AwsServices } from "./integrations/aws-service";
import { HttpClient } from "./integrations/http-client";
import { type IntegrationTargets, integrate, type StreamedAnswer } from "./integrations/integrate";
import { mapRequestParameters } from "./integrations/parameter-mapping";
import { MethodThrottles } from "./method-throttles";
import { refuse } from "./refusal";
import { ResponseCache } from "./response-cache";
import type { RestApiModel, RestRegion } from "./rest-model";
import { RestRouter } from "./router";
import type { UsagePlans } from "./usage-plans";
import { RequestValidator } from "./validation";

/** Options of `startRestGateway`. */
export interface RestGatewayOptions {
  readonly region: RestRegion;
  /** The keys and plans of the region, which may change while the gateway runs. */
  readonly usagePlans: UsagePlans;
  readonly compute: LocalCompute;
  /** Returns the URL on this machine that serves the keys of a planned issuer. */
  readonly jwksUrl: (issuer: string) => string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly log: (message: string) => void;
  /** Gets one line per request that reached a stage, in the planned format, without line end. */
  readonly accessLog: (line: string) => void;
  /** Gets every request that reached a stage, when it has ended. @default none */
  readonly ended?: EndedRequestListener | undefined;
  /** @default the clocks of this machine */
  readonly clock?: Clock;
  /**
   * Planned origin of a legacy endpoint -> origin that gets its requests instead. Requests to any other origin outside
   * this machine are answered 504.
   */
  readonly legacyOrigins?: Readonly<Record<string, string>>;
  /** @default no AWS service but Lambda */
  readonly services?: AwsServices;
  /** Who may sign requests to methods with `AWS_IAM`. @default no caller */
  readonly callers?: CallersByKey;
}

const noServices: AwsServices = { origin: () => undefined, keysOf: () => undefined };

/** A REST API that runs. */
interface RunningApi {
  readonly router: RestRouter;
  readonly validator: RequestValidator;
  readonly cache: ResponseCache;
  /** By stage. */
  readonly logLines: ReadonlyMap<string, (exchange: RestExchange) => string>;
}

/**
 * Starts a gateway for the planned REST APIs of a region.
 * @throws {Error} on a planned setting that cannot be run, or a port that is taken
 */
export async function startRestGateway(options: RestGatewayOptions): Promise<RunningGateway> {
  const gateway = new RestGateway(options);
  const port = await gateway.listen();
  const handle = (req: IncomingMessage, res: ServerResponse) => gateway.handle(req, res);
  return { url: `http://127.0.0.1:${port}`, port, handle, stop: () => gateway.stop() };
}

/** A gateway that serves the REST APIs of one region on one port. */
class RestGateway {
  private readonly clock: Clock;
  private readonly apis: ReadonlyMap<string, RunningApi>;
  private readonly targets: IntegrationTargets;
  private readonly authorization: Authorization;
  private readonly throttles: MethodThrottles;
  private readonly server: Server;

  constructor(private readonly options: RestGatewayOptions) {
    const { region, compute, log, services = noServices, legacyOrigins = {} } = options;
    this.clock = options.clock ?? systemClock;
    this.apis = new Map([...region.apis].map(([id, api]) => [id, this.runApi(api)]));
    this.targets = {
      client: new HttpClient(),
      compute,
      legacy: new LegacyOrigins(legacyOrigins, log),
      mayInvoke: region.mayInvoke,
      services,
      log,
    };
    this.authorization = new Authorization({
      compute,
      mayInvoke: region.mayInvoke,
      callers: options.callers ?? (() => undefined),
      now: this.clock.wall,
      keysOf: (issuer) => new Jwks({ url: options.jwksUrl(issuer), now: this.clock.monotonic, log }),
      log,
    });
    this.throttles = new MethodThrottles(this.clock);
    this.server = createGatewayServer((req, res) => this.handle(req, res));
  }

  listen(): Promise<number> {
    return listen(this.server, this.options.port);
  }

  async stop(): Promise<void> {
    await stopServer(this.server);
    this.targets.client.close();
  }

  handle(req: IncomingMessage, res: ServerResponse): void {
    const exchange = new RestExchange(this.clock, req, res);
    rememberExchange(exchange);
    const refusal = admit(exchange, this.options.region);
    if (refusal !== undefined) {
      const [status, message, errorType] = refusal;
      const body = Buffer.from(JSON.stringify({ message }));
      exchange.send(
        status,
        [
          ["content-type", "application/json"],
          ["x-amzn-ErrorType", errorType],
        ],
        body,
      );
      return;
    }
    const api = this.apis.get(exchange.api.apiId)!;
    const logLine = api.logLines.get(exchange.stage.name);
    res.once("close", () => {
      if (logLine) this.options.accessLog(logLine(exchange));
      this.end(exchange);
    });
    this.answer(exchange, api).catch((error) => this.fail(exchange, error));
  }

  private end(exchange: RestExchange): void {
    const { httpMethod: method, contextPath: path, method: found, trace: awsTrace, steps } = exchange;
    const route = found && `${method} ${found.path}`;
    const uri = found?.integration.uri;
    this.options.ended?.(endedRequest(exchange, { method, path, route, uri, awsTrace, steps }));
  }

  private runApi(api: RestApiModel): RunningApi {
    const formats = [...api.stages.values()].flatMap(({ name, logFormat }) =>
      logFormat === undefined ? [] : [[name, compileRestLogFormat(logFormat)] as const],
    );
    return {
      router: new RestRouter(api.resources),
      validator: new RequestValidator(api.models),
      cache: new ResponseCache(),
      logLines: new Map(formats),
    };
  }

  /** Checks and answers a request, in the order in which API Gateway does. */
  private async answer(exchange: RestExchange, api: RunningApi): Promise<void> {
    const match = api.router.match(exchange.httpMethod, exchange.resourcePath);
    if (match === undefined) throw missingToken();
    exchange.method = match.method;
    exchange.pathParameters = match.pathParameters;
    const signed = match.method.authorization.kind === "iam";
    // The signature is one of the body too.
    if (signed) await this.readBody(exchange);
    await this.authorization.authorize(exchange);
    if (match.method.apiKeyRequired) this.options.usagePlans.admit(exchange, keyOf(exchange));
    this.throttles.admit(exchange);
    if (!signed) await this.readBody(exchange);
    api.validator.check(exchange);
    const parameters = mapRequestParameters(exchange);
    const cached = api.cache.find(exchange, parameters);
    if (cached.kind === "hit") return this.send(exchange, cached.answer);
    const answer = await integrate(exchange, parameters, this.targets);
    if (cached.kind === "miss" && "body" in answer) {
      api.cache.put(exchange, cached, answer);
      return this.send(exchange, { ...answer, headers: [...answer.headers, ...cached.headers] });
    }
    await this.send(exchange, answer);
  }

  private async send(exchange: RestExchange, answer: Answer | StreamedAnswer): Promise<void> {
    if ("body" in answer) return exchange.send(answer.status, answer.headers, answer.body);
    exchange.writeHead(answer.status, answer.headers);
    answer.stream.on("data", (chunk: Buffer) => {
      exchange.responseLength += chunk.length;
    });
    await pipeline(answer.stream, exchange.res).catch(() => exchange.res.destroy());
  }

  private async readBody(exchange: RestExchange): Promise<void> {
    const body = hasTooLargeContentLength(exchange.req) ? "too-large" : await readBody(exchange.req);
    if (body === "too-large") {
      throw new GatewayError("REQUEST_TOO_LARGE", "HTTP content length exceeded 10485760 bytes.");
    }
    exchange.body = body;
  }

  /** Answers what the gateway answers itself; logs a defect of the local platform, and answers 500 as AWS would. */
  private fail(exchange: RestExchange, error: unknown): void {
    if (!(error instanceof GatewayError)) {
      const { httpMethod, method } = exchange;
      this.options.log(`gateway: ${httpMethod} ${method?.path ?? "?"} failed: ${(error as Error).message}`);
    }
    if (exchange.res.headersSent) exchange.res.destroy();
    else refuse(exchange, error instanceof GatewayError ? error : internalError());
  }
}

/** The key that counts: the client's, or the one that the authorizer names. */
function keyOf({ api, headers, authorizer }: RestExchange): string | undefined {
  return api.apiKeySource === "AUTHORIZER" ? authorizer?.usageIdentifierKey : lastValue(headers, "x-api-key");
}

function missingToken(): GatewayError {
  return new GatewayError("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token");
}
