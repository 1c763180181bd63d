import type { Readable } from "node:stream";
import type { LocalCompute } from "../../../local-compute";
import type { LegacyOrigins } from "../../legacy-origins";
import type { RestExchange } from "../exchange";
import type { Answer } from "../function-answer";
import { GatewayError } from "../gateway-responses";
import { type HeaderList, responseHeaders } from "../headers";
import type { InvokePermission } from "../permissions";
import { type AwsServices, askService } from "./aws-service";
import { askFunction, askProxyFunction } from "./function-integration";
import { streamFunction } from "./function-stream";
import type { HttpClient } from "./http-client";
import { askEndpoint, streamEndpoint } from "./http-integration";
import { type MappedRequest, mapRequestBody } from "./integration-request";
import { mapAnswer } from "./integration-response";
import { mockStatus } from "./mock";
import type { MappedParameters } from "./parameter-mapping";

/** What the integrations of a gateway reach. */
export interface IntegrationTargets {
  readonly client: HttpClient;
  readonly compute: LocalCompute;
  readonly legacy: LegacyOrigins;
  readonly mayInvoke: InvokePermission;
  readonly services: AwsServices;
  readonly log: (message: string) => void;
}

/** An answer whose body arrives while it is passed on. */
export interface StreamedAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly stream: Readable;
}

/**
 * Sends a request to its integration and returns what the client gets.
 * @param parameters  those of `requestParameters`
 * @throws {GatewayError} where the gateway answers itself
 */
export async function integrate(
  exchange: RestExchange,
  parameters: MappedParameters,
  targets: IntegrationTargets,
): Promise<Answer | StreamedAnswer> {
  const started = exchange.clock.monotonic();
  exchange.integrationStartedAt = started;
  try {
    const answer = await ask(exchange, parameters, targets);
    return { ...answer, headers: [...responseHeaders(answer.headers), ...traceHeader(exchange)] };
  } catch (error) {
    if (error instanceof GatewayError) exchange.integrationError ??= error.message;
    throw error;
  } finally {
    exchange.integrationMilliseconds = exchange.clock.monotonic() - started;
  }
}

/** Recorded: clients get the trace of functions, services and mapped endpoints, not that of HTTP proxies and mocks. */
function traceHeader({ method, trace }: RestExchange): HeaderList {
  const { type } = method!.integration;
  return type === "HTTP_PROXY" || type === "MOCK" ? [] : [["X-Amzn-Trace-Id", trace]];
}

async function ask(
  exchange: RestExchange,
  parameters: MappedParameters,
  targets: IntegrationTargets,
): Promise<Answer | StreamedAnswer> {
  const { integration } = exchange.method!;
  const { log } = targets;
  const mapped = () => mapRequestBody(exchange, parameters, log);
  switch (integration.type) {
    case "AWS_PROXY":
      return integration.streaming ? streamFunction(exchange, targets) : askProxyFunction(exchange, targets);
    case "HTTP_PROXY":
      return askProxy(exchange, { ...parameters, body: exchange.body }, targets);
    case "HTTP": {
      const answer = await askEndpoint(exchange, mapped(), targets);
      noteStatus(exchange, answer.status);
      return mapAnswer(exchange, answer, String(answer.status), log);
    }
    case "AWS": {
      if (integration.uri.includes(":lambda:path/")) {
        const [answer, selector] = await askFunction(exchange, mapped(), targets);
        return mapAnswer(exchange, answer, selector, log);
      }
      const answer = await askService(exchange, mapped(), targets.client, targets.services, log);
      return mapAnswer(exchange, answer, String(answer.status), log);
    }
    case "MOCK": {
      const status = mockStatus(mapped().body.toString());
      noteStatus(exchange, status);
      return mapAnswer(exchange, { status, headers: [], body: Buffer.alloc(0) }, String(status), log);
    }
  }
}

async function askProxy(
  exchange: RestExchange,
  request: MappedRequest,
  targets: IntegrationTargets,
): Promise<Answer | StreamedAnswer> {
  const { streaming } = exchange.method!.integration;
  const answer = await (streaming ? streamEndpoint : askEndpoint)(exchange, request, targets);
  noteStatus(exchange, answer.status);
  return answer;
}

function noteStatus(exchange: RestExchange, status: number): void {
  exchange.endpointStatus = status;
  exchange.integrationStatus = status;
}
