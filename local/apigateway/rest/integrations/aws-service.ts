import { type Keys, signedHeaders } from "../../../iam/sigv4/signed-headers";
import type { RestExchange } from "../exchange";
import type { Answer } from "../function-answer";
import { internalError } from "../gateway-responses";
import { type HeaderList, lastValue, replaced, withDefaults, without } from "../headers";
import type { HttpClient } from "./http-client";
import { filledUri, type MappedRequest } from "./integration-request";

/** The AWS services that integrations may ask. */
export interface AwsServices {
  /**
   * Returns the origin on this machine that stands for an AWS service; undefined when there is none.
   * @param service  as in an integration's URI @example "dynamodb"
   */
  origin(service: string, region: string): string | undefined;
  /** Returns what to sign with as a role; undefined for one that API Gateway may not assume. */
  keysOf(roleArn: string): Keys | undefined;
}

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
 * @throws {GatewayError} when nothing on this machine stands for the service, or its role cannot be assumed
 */
export async function askService(
  exchange: RestExchange,
  request: MappedRequest,
  client: HttpClient,
  services: AwsServices,
  log: (message: string) => void,
): Promise<Answer> {
  const uri = filledUri(exchange, request.path);
  const [, region = "", service = "", kind, target = ""] =
    /^arn:[^:]+:apigateway:([^:]+):([^:]+):(path|action)\/(.*)$/s.exec(uri) ?? [];
  const origin = services.origin(service, region);
  if (origin === undefined) {
    log(`gateway: nothing on this machine stands for the AWS service ${service}, which ${uri} asks for`);
    throw internalError();
  }
  const { httpMethod = exchange.httpMethod, timeoutMilliseconds, credentials = "" } = exchange.method!.integration;
  const keys = services.keysOf(credentials);
  if (keys === undefined) {
    log(`gateway: API Gateway cannot assume the role "${credentials}", with which it is to ask ${uri}`);
    throw internalError();
  }
  const action = kind === "action" ? target : undefined;
  const called = { service, region, action, origin, httpMethod, keys };
  const path = pathOf(kind === "path" ? target : "", request.querystring, action);
  const body = bodilessMethods.includes(httpMethod) ? Buffer.alloc(0) : request.body;
  const headers = headersOf(exchange, request.header, { ...called, path, body });
  const answer = await client.send({ origin, path, method: httpMethod, headers, body, timeoutMilliseconds });
  exchange.endpointStatus = answer.status;
  exchange.integrationStatus = answer.status;
  return answer;
}

function pathOf(path: string, querystring: HeaderList, action: string | undefined): string {
  const pairs = action === undefined ? querystring : [...querystring, ["Action", action] as const];
  const query = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
  return `/${path.replace(/^\/+/, "")}${query === "" ? "" : `?${query}`}`;
}

interface Call {
  readonly service: string;
  readonly region: string;
  readonly action: string | undefined;
  readonly origin: string;
  readonly httpMethod: string;
  readonly path: string;
  readonly body: Buffer;
  readonly keys: Keys;
}

function headersOf({ api, headers, trace }: RestExchange, mapped: HeaderList, call: Call): HeaderList {
  const { service, region, action, origin, httpMethod, path, body, keys } = call;
  const [prefix, contentType] = targets[service] ?? [];
  const sent = bodilessMethods.includes(httpMethod) ? undefined : lastValue(headers, "content-type");
  const named = action !== undefined && prefix !== undefined && !namedByHeader.has(service);
  const type = named ? contentType : (sent ?? "application/json");
  const defaults: HeaderList = [
    ["Accept", "application/json"],
    ["User-Agent", `AmazonAPIGateway_${api.apiId}`],
    ...(type === undefined ? [] : [["Content-Type", type] as const]),
  ];
  const target = named ? { "x-amz-target": `${prefix}.${action}` } : undefined;
  // AWS refuses headers of its own that the signature does not cover.
  const own = Object.fromEntries(mapped.map(([name, value]) => [name.toLowerCase(), value] as const).filter(isAmazons));
  const signed = signedHeaders(
    { method: httpMethod, url: path, headers: { host: new URL(origin).host, ...own, ...target }, body },
    keys,
    { region, service },
  );
  return replaced(withDefaults(without(mapped, ["referer"]), defaults), [
    ["X-Amzn-Trace-Id", trace],
    ...Object.entries(signed),
  ]);
}

function isAmazons([name]: readonly [string, string]): boolean {
  return name.startsWith("x-amz-");
}
