import type { RestExchange } from "../exchange";
import type { Answer } from "../function-answer";
import { internalError } from "../gateway-responses";
import { type HeaderList, lastValue, replaced, withDefaults, without } from "../headers";
import type { HttpClient } from "./http-client";
import { filledUri, type MappedRequest } from "./integration-request";

/**
 * Returns the origin on this machine that stands for an AWS service; undefined when there is none.
 * @param service  as in an integration's URI @example "dynamodb"
 */
export type ServiceOrigins = (service: string, region: string) => string | undefined;

/** Versions of the JSON protocol's actions, of the services that API Gateway names them for. */
const targets: Readonly<Record<string, readonly [prefix: string, contentType: string]>> = {
  dynamodb: ["DynamoDB_20120810", "application/x-amz-json-1.0"],
  kinesis: ["Kinesis_20131202", "application/x-amz-json-1.1"],
  ssm: ["AmazonSSM", "application/x-amz-json-1.1"],
  states: ["AWSStepFunctions", "application/x-amz-json-1.0"],
};
/** Services that are told the action by a header of the mapping, whose URI only names it. */
const namedByHeader = new Set(["events"]);
const bodilessMethods = ["GET", "HEAD", "OPTIONS"];

/**
 * Sends a request to an AWS service: to a path of its HTTP interface, or one of its actions.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-request-basic-setup.html
 * @throws {GatewayError} when nothing on this machine stands for the service
 */
export async function askService(
  exchange: RestExchange,
  request: MappedRequest,
  client: HttpClient,
  origins: ServiceOrigins,
  log: (message: string) => void,
): Promise<Answer> {
  const uri = filledUri(exchange, request.path);
  const [, region = "", service = "", kind, target = ""] =
    /^arn:[^:]+:apigateway:([^:]+):([^:]+):(path|action)\/(.*)$/s.exec(uri) ?? [];
  const origin = origins(service, region);
  if (origin === undefined) {
    log(`gateway: nothing on this machine stands for the AWS service ${service}, which ${uri} asks for`);
    throw internalError();
  }
  const { httpMethod = exchange.httpMethod, timeoutMilliseconds } = exchange.method!.integration;
  const action = kind === "action" ? target : undefined;
  const answer = await client.send({
    origin,
    path: pathOf(kind === "path" ? target : "", request.querystring, action),
    method: httpMethod,
    headers: headersOf(exchange, request, { service, region, origin, action }),
    body: bodilessMethods.includes(httpMethod) ? Buffer.alloc(0) : request.body,
    timeoutMilliseconds,
  });
  exchange.endpointStatus = answer.status;
  exchange.integrationStatus = answer.status;
  return answer;
}

function pathOf(path: string, querystring: HeaderList, action: string | undefined): string {
  const pairs = action === undefined ? querystring : [...querystring, ["Action", action] as const];
  const query = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
  return `/${path.replace(/^\/+/, "")}${query === "" ? "" : `?${query}`}`;
}

interface Called {
  readonly service: string;
  readonly region: string;
  readonly origin: string;
  readonly action: string | undefined;
}

function headersOf(exchange: RestExchange, { header }: MappedRequest, called: Called): HeaderList {
  const { api, headers, httpMethod, trace } = exchange;
  const { service, region, origin, action } = called;
  const [prefix, contentType] = targets[service] ?? [];
  const sent = bodilessMethods.includes(httpMethod) ? undefined : lastValue(headers, "content-type");
  const named = action !== undefined && prefix !== undefined && !namedByHeader.has(service);
  const type = named ? contentType : (sent ?? "application/json");
  const defaults: HeaderList = [
    ["Accept", "application/json"],
    ["User-Agent", `AmazonAPIGateway_${api.apiId}`],
    ...(type === undefined ? [] : [["Content-Type", type] as const]),
    ["Host", new URL(origin).host],
  ];
  const date = new Date(exchange.timeEpoch).toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  return replaced(withDefaults(without(header, ["referer"]), defaults), [
    ["X-Amzn-Trace-Id", trace],
    ...(named ? [["X-Amz-Target", `${prefix}.${action}`] as const] : []),
    // The stores of this machine demand a signature, and do not check it.
    ["X-Amz-Date", date],
    ["Authorization", `AWS4-HMAC-SHA256 Credential=local/${scope}, SignedHeaders=host;x-amz-date, Signature=local`],
  ]);
}
