import { requestContext } from "./context-variables";
import type { RestExchange } from "./exchange";
import { type HeaderList, multiValues, replaced, singleValues } from "./headers";
import { isBinaryType } from "./media-types";

/**
 * Makes the Lambda event of a request to a proxy integration, format 1.0. A part that the request does not have is null.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function functionEvent(exchange: RestExchange): Record<string, unknown> {
  const { api, body } = exchange;
  const binary = isBinaryType(exchange.headers, "content-type", api.binaryMediaTypes);
  return {
    ...requestEvent(exchange),
    body: body.length === 0 ? null : body.toString(binary ? "base64" : "utf8"),
    isBase64Encoded: body.length > 0 && binary,
  };
}

/** Makes the part of an event that functions and authorizers get alike. */
export function requestEvent(exchange: RestExchange): Record<string, unknown> {
  const { query, pathParameters, stageVariables } = exchange;
  const headers = withForwarding(exchange);
  return {
    resource: exchange.method!.path,
    path: exchange.customDomain ? exchange.contextPath : exchange.resourcePath,
    httpMethod: exchange.httpMethod,
    headers: singleValues(headers),
    multiValueHeaders: multiValues(headers),
    queryStringParameters: query.length === 0 ? null : singleValues(query),
    multiValueQueryStringParameters: query.length === 0 ? null : multiValues(query),
    pathParameters: pathParameters ?? null,
    stageVariables: stageVariables ?? null,
    requestContext: requestContext(exchange),
  };
}

/** Adds what the gateway says about the client; a client's own addresses stay before the one that the gateway saw. */
function withForwarding({ headers, sourceIp, trace }: RestExchange): HeaderList {
  const addresses = headers.filter(([name]) => name.toLowerCase() === "x-forwarded-for").map(([, value]) => value);
  return replaced(headers, [
    ["X-Amzn-Trace-Id", trace],
    ["X-Forwarded-For", [...addresses, sourceIp].join(", ")],
    ["X-Forwarded-Port", "443"],
    ["X-Forwarded-Proto", "https"],
  ]);
}
