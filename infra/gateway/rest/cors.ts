import type { RouteSpec } from "../../contract/service";
import { allowedHeaders } from "../cors-headers";

/** Seconds that a browser may keep the answer to a preflight request. */
const maxAgeSeconds = 600;

/**
 * Returns the operation that answers the preflight requests of a path. It echoes the origin of the request when it is
 * one of `origins`; any other origin gets no such header, so that the browser refuses.
 * @param origins  exact origins @example ["https://app.example.com"]
 * @param routes  routes of the path
 */
export function preflightOperation(origins: readonly string[], routes: readonly RouteSpec[]) {
  const methods = routes.map(({ method }) => method);
  const headers = {
    "Access-Control-Allow-Methods": `'${methods.sort().join(",")}'`,
    "Access-Control-Allow-Headers": `'${allowedHeaders(routes).join(",")}'`,
    "Access-Control-Max-Age": `'${maxAgeSeconds}'`,
    Vary: "'Origin'",
  };
  const names = ["Access-Control-Allow-Origin", ...Object.keys(headers)];
  return {
    summary: "Answers preflight requests of browsers",
    responses: {
      204: {
        description: "Allowed methods and headers",
        headers: Object.fromEntries(names.map((name) => [name, { schema: { type: "string" } }])),
      },
    },
    "x-amazon-apigateway-integration": {
      type: "mock",
      passthroughBehavior: "when_no_templates",
      requestTemplates: { "application/json": '{"statusCode": 204}' },
      responses: {
        default: {
          statusCode: "204",
          responseParameters: Object.fromEntries(
            Object.entries(headers).map(([name, value]) => [`method.response.header.${name}`, value]),
          ),
          responseTemplates: { "application/json": echoOrigin(origins) },
        },
      },
    },
  };
}

/**
 * Returns the mapping template that sets the response's origin header. Header names of a request are as the client
 * wrote them: lower case over HTTP/2, by custom over HTTP/1.1.
 */
export function echoOrigin(origins: readonly string[]): string {
  const isAllowed = origins.map((origin) => `$origin == "${origin}"`).join(" || ");
  return [
    '#set($origin = $input.params().header.get("origin"))',
    '#if(!$origin)#set($origin = $input.params().header.get("Origin"))#end',
    `#if(${isAllowed})#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)#end`,
  ].join("\n");
}

/**
 * Returns the headers of answers that the gateway gives itself, such as 401, 403 and 429, so that a browser may read
 * them. Their values cannot choose by the request: a header is a fixed text or a copy of a value of the request. So one
 * origin is named, and several are `*`, which a copy of the request's origin would also amount to. Any page may then read
 * such an answer, but it has nothing of a caller in it: the API takes tokens and no cookies, and an answer never allows
 * credentials, without which a browser sends none. What a service answers is not affected, nor are preflight requests.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
 */
export function gatewayResponseHeaders(origins: readonly string[]): Readonly<Record<string, string>> {
  const [first, ...others] = origins;
  if (first === undefined) return {};
  const allowed = "gatewayresponse.header.Access-Control-Allow-Origin";
  return others.length > 0
    ? { [allowed]: "'*'" }
    : { [allowed]: `'${first}'`, "gatewayresponse.header.Vary": "'Origin'" };
}
