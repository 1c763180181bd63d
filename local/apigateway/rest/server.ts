import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { LocalCompute } from "../../local-compute";
import { hasTooLargeContentLength, readBody } from "../body";
import { type Clock, type RunningGateway, systemClock } from "../gateway";
import { createGatewayServer, listen, rememberExchange, stopServer } from "../http-server";
import { LegacyOrigins } from "../legacy-origins";
import { compileRestLogFormat } from "./access-log";
import { admit } from "./admission";
import { RestExchange } from "./exchange";
import { GatewayError, internalError } from "./gateway-responses";
import type { ServiceOrigins } from "./integrations/aws-service";
import { HttpClient } from "./integrations/http-client";
import { type IntegrationTargets, integrate } from "./integrations/integrate";
import { mapRequestParameters } from "./integrations/parameter-mapping";
import { refuse } from "./refusal";
import type { RestApiModel, RestRegion } from "./rest-model";
import { RestRouter } from "./router";

/** Options of `startRestGateway`. */
export interface RestGatewayOptions {
  readonly region: RestRegion;
  readonly compute: LocalCompute;
  /** 0 takes a free port. */
  readonly port: number;
  readonly log: (message: string) => void;
  /** Gets one line per request that reached a stage, in the planned format, without line end. */
  readonly accessLog: (line: string) => void;
  /** @default the clocks of this machine */
  readonly clock?: Clock;
  /**
   * Planned origin of a legacy endpoint -> origin that gets its requests instead. Requests to any other origin outside
   * this machine are answered 504.
   */
  readonly legacyOrigins?: Readonly<Record<string, string>>;
  /** @default no AWS service but Lambda */
  readonly services?: ServiceOrigins;
}

/** A REST API that runs. */
interface RunningApi {
  readonly router: RestRouter;
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
  private readonly server: Server;

  constructor(private readonly options: RestGatewayOptions) {
    const { region, compute, log, services = () => undefined, legacyOrigins = {} } = options;
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
    if (logLine) res.once("close", () => this.options.accessLog(logLine(exchange)));
    this.answer(exchange, api).catch((error) => this.fail(exchange, error));
  }

  private runApi(api: RestApiModel): RunningApi {
    const formats = [...api.stages.values()].flatMap(({ name, logFormat }) =>
      logFormat === undefined ? [] : [[name, compileRestLogFormat(logFormat)] as const],
    );
    return { router: new RestRouter(api.resources), logLines: new Map(formats) };
  }

  private async answer(exchange: RestExchange, { router }: RunningApi): Promise<void> {
    const match = router.match(exchange.httpMethod, exchange.resourcePath);
    if (match === undefined) throw missingToken();
    exchange.method = match.method;
    exchange.pathParameters = match.pathParameters;
    if (match.method.authorization.kind === "iam") throw missingToken();
    await this.readBody(exchange);
    const parameters = mapRequestParameters(exchange);
    const answer = await integrate(exchange, parameters, this.targets);
    if (!("stream" in answer)) return exchange.send(answer.status, answer.headers, answer.body);
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

function missingToken(): GatewayError {
  return new GatewayError("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token");
}
