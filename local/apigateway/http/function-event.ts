import { isUtf8 } from "node:buffer";
import { commonLogTime } from "../log-time";
import { percentDecoded } from "../percent-decoded";
import { clientHeaders, headerValues, traceId } from "../request-headers";
import type { Exchange } from "./exchange";
import { pathParameters } from "./router";

/** Content types that are sent as text; bodies of all others, and of requests without one, are base64. */
const textTypes = /^(?:text\/|application\/(?:json|xml|javascript)(?:$|[\s;]))/i;

/**
 * Makes the Lambda event of a request, payload format 2.0. Fields that the request does not have are left out, never
 * null.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function functionEvent(exchange: Exchange, body: Buffer): Record<string, unknown> {
  const { req, route, stage } = exchange;
  const { cookie, "content-type": type = "" } = req.headers;
  const text = textTypes.test(type) && isUtf8(body); // other bytes would be changed by sending them as text
  return withoutUndefined({
    version: "2.0",
    routeKey: route?.key,
    rawPath: decodedPath(exchange.stagePath),
    rawQueryString: exchange.query,
    cookies: cookie?.split(";").map((each) => each.trim()),
    headers: eventHeaders(exchange, body),
    queryStringParameters: queryParameters(exchange.query),
    requestContext: requestContext(exchange),
    pathParameters: route && pathParameters(route, exchange.segments),
    stageVariables: stage?.variables,
    body: body.length === 0 ? undefined : body.toString(text ? "utf8" : "base64"),
    isBase64Encoded: body.length > 0 && !text,
  });
}

/**
 * Makes the event of a Lambda authorizer, payload format 2.0.
 * @param identitySource  values of its identity sources
 */
export function authorizerEvent(exchange: Exchange, identitySource: readonly string[]): Record<string, unknown> {
  const { api, route, stage, method } = exchange;
  const { body: _, isBase64Encoded: __, ...event } = functionEvent(exchange, Buffer.alloc(0));
  const [, region] = /\.execute-api\.([^.]+)\./.exec(api.endpointHost)!;
  const at = `${api.apiId}/${stage?.name}/${method}${exchange.path}`;
  return {
    ...event,
    type: "REQUEST",
    routeArn: `arn:aws:execute-api:${region}:${api.accountId}:${at}`,
    routeKey: route?.key,
    identitySource,
  };
}

function authorizerOf({ claims, authorizerContext, route }: Exchange): Record<string, unknown> | undefined {
  const scopes = route?.authorization?.scopes ?? [];
  if (claims) return { jwt: { claims, scopes: scopes.length > 0 ? scopes : null } };
  return authorizerContext && { lambda: authorizerContext };
}

function requestContext(exchange: Exchange): Record<string, unknown> {
  const { api, method, route, timeEpoch, req } = exchange;
  return withoutUndefined({
    accountId: api.accountId,
    apiId: api.apiId,
    authorizer: authorizerOf(exchange),
    domainName: exchange.domainName,
    domainPrefix: exchange.domainName.split(".")[0],
    http: {
      method,
      path: decodedPath(exchange.stagePath),
      protocol: `HTTP/${req.httpVersion}`,
      sourceIp: exchange.sourceIp,
      userAgent: req.headers["user-agent"] ?? "",
    },
    requestId: exchange.requestId,
    routeKey: route?.key,
    stage: exchange.stage?.name,
    time: commonLogTime(timeEpoch),
    timeEpoch,
  });
}

function eventHeaders(exchange: Exchange, body: Buffer): Record<string, string> {
  const own = { "content-length": String(body.length), "x-amzn-trace-id": traceId(exchange) };
  const addresses = [...headerValues(exchange.req, "x-forwarded-for"), exchange.sourceIp].join(", ");
  const forwarded = { "x-forwarded-for": addresses, "x-forwarded-port": "443", "x-forwarded-proto": "https" };
  const flat = clientHeaders(exchange.req);
  const client = joinDuplicates(
    Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i]!, flat[2 * i + 1]!] as const),
  );
  client.delete("cookie");
  return { ...Object.fromEntries(client), ...own, ...forwarded };
}

/** Decodes a path once. API Gateway cuts it at a question mark that was encoded. */
function decodedPath(path: string): string {
  return percentDecoded(path).split("?", 1)[0]!;
}

function queryParameters(query: string): Record<string, string> | undefined {
  if (query === "") return undefined;
  const pairs = query.split("&").filter((pair) => pair !== "");
  const text = (part: string) => percentDecoded(part.replaceAll("+", " "));
  const values = pairs.map((pair) => {
    const [name = "", ...rest] = pair.split("=");
    return [text(name), text(rest.join("="))] as const;
  });
  return values.length === 0 ? undefined : Object.fromEntries(joinDuplicates(values));
}

/** Joins the values of equal names by commas. */
function joinDuplicates(pairs: readonly (readonly [string, string])[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return values;
}

function withoutUndefined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
