import { restVariable } from "../context-variables";
import type { RestExchange } from "../exchange";
import { internalError } from "../gateway-responses";
import type { HeaderList } from "../headers";
import type { IntegrationType } from "../methods";
import { bodyValue, requestValues, valuesOf } from "../request-values";

/** What `requestParameters` of an integration make of a request. */
export interface MappedParameters {
  readonly header: HeaderList;
  readonly path: Readonly<Record<string, string>>;
  readonly querystring: HeaderList;
}

/** Headers that no mapping may set; a request is answered 500 when one does. */
const refusedHeaders = ["content-length", "transfer-encoding", "x-amzn-trace-id", "x-amzn-apigateway-api-id"];
const refusedByAws = [...refusedHeaders, "authorization", "connection", "expect", "proxy-authenticate", "te"];

/**
 * Maps the parameters of a request to those of its integration.
 * @throws {GatewayError} on a header that no mapping may set
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export function mapRequestParameters(exchange: RestExchange): MappedParameters {
  const { type, requestParameters } = exchange.method!.integration;
  const header: [string, string][] = [];
  const querystring: [string, string][] = [];
  const path: Record<string, string> = {};
  for (const [target, source] of Object.entries(requestParameters)) {
    const [, place, name = ""] = /^integration\.request\.(header|path|querystring)\.(.+)$/.exec(target) ?? [];
    const values = literal(source) ?? requestValues(exchange, source) ?? [];
    if (place === "header") for (const value of values.slice(0, 1)) header.push([name, value]);
    else if (place === "querystring") for (const value of values) querystring.push([name, value]);
    else if (values[0] !== undefined) path[name] = values[0];
  }
  refuseHeaders(header, type);
  return { header, path, querystring };
}

function refuseHeaders(headers: HeaderList, type: IntegrationType): void {
  const refused = type === "AWS" || type === "AWS_PROXY" ? refusedByAws : refusedHeaders;
  if (headers.some(([name]) => refused.includes(name.toLowerCase()))) throw internalError();
}

/** Maps an integration's answer to the headers that `responseParameters` name. */
export function mapResponseParameters(
  exchange: RestExchange,
  responseParameters: Readonly<Record<string, string>>,
  headers: HeaderList,
  body: Buffer,
): HeaderList {
  const mapped: [string, string][] = [];
  for (const [target, source] of Object.entries(responseParameters)) {
    const name = /^method\.response\.header\.(.+)$/.exec(target)?.[1];
    const value = literal(source)?.[0] ?? responseValue(exchange, source, headers, body);
    if (name !== undefined && value !== undefined) mapped.push([name, value]);
  }
  return mapped;
}

function responseValue(exchange: RestExchange, source: string, headers: HeaderList, body: Buffer): string | undefined {
  const [, place, name = ""] = /^integration\.response\.(header|multivalueheader|body)\.?(.*)$/s.exec(source) ?? [];
  switch (place) {
    case "body":
      return bodyValue(body.toString(), name);
    case "header":
      return valuesOf(headers, name)?.at(-1);
    case "multivalueheader":
      return valuesOf(headers, name)?.join(",");
    default:
      return source.startsWith("context.")
        ? restVariable(source.slice("context.".length))?.(exchange)?.toString()
        : requestValues(exchange, source)?.[0];
  }
}

function literal(source: string): readonly string[] | undefined {
  const text = /^'(.*)'$/s.exec(source)?.[1];
  return text === undefined ? undefined : [text];
}
