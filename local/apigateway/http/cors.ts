import type { PlannedResource } from "../../../graph/model";
import { unsupported } from "../../unsupported";

/** CORS headers as flat lists of names and values. A request without an allowed origin gets `vary` only. */
export interface CompiledCors {
  /** Returns the headers of every response to a request with this `Origin`. */
  responseHeaders(origin: string | undefined): readonly string[];
  /** Returns the headers of the answer to a preflight request. */
  preflightHeaders(origin: string | undefined): readonly string[];
}

const anySchemes = ["https://", "http://"];

/**
 * Prepares the CORS headers of an HTTP API. The gateway answers preflight requests without an integration, and its CORS
 * headers replace those of the server behind it. `https://*` allows every origin with this scheme.
 * @returns undefined when the API has none
 * @throws {UserError} on `*` with credentials, which AWS refuses too
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function compileCors(api: PlannedResource): CompiledCors | undefined {
  const cors = api.outputs["corsConfiguration"];
  if (!cors) return undefined;
  const { allowOrigins = [], allowMethods = [], allowHeaders = [], exposeHeaders = [], maxAge } = cors;
  const origins = new Set<string>(allowOrigins);
  const any = origins.has("*");
  const schemes = anySchemes.filter((scheme) => origins.has(`${scheme}*`));
  const wildcard = [...origins].find((origin) => /.\*/.test(origin) && !/^https?:\/\/\*$/.test(origin));
  if (wildcard) {
    unsupported(api, "corsConfiguration.allowOrigins", "exact origins, *, https://* or http://*", wildcard);
  }
  if (any && cors.allowCredentials) {
    unsupported(api, "corsConfiguration.allowCredentials", "unset with the origin *", true);
  }
  const vary = any ? [] : ["vary", "Origin"];
  const list = (name: string, values: readonly string[]) => (values.length > 0 ? [name, values.join(",")] : []);
  const shared = [
    ...vary,
    ...(cors.allowCredentials ? ["access-control-allow-credentials", "true"] : []),
    ...list("access-control-expose-headers", exposeHeaders),
  ];
  const preflightOnly = [
    ...list("access-control-allow-methods", allowMethods),
    ...list("access-control-allow-headers", allowHeaders),
    ...(maxAge === undefined ? [] : ["access-control-max-age", String(maxAge)]),
  ];
  const headers = (origin: string | undefined, more: readonly string[]) => {
    const allowed = (sent: string) => any || origins.has(sent) || schemes.some((scheme) => sent.startsWith(scheme));
    if (origin === undefined || !allowed(origin)) return vary;
    return ["access-control-allow-origin", any ? "*" : origin, ...shared, ...more];
  };
  return {
    responseHeaders: (origin) => headers(origin, []),
    preflightHeaders: (origin) => headers(origin, preflightOnly),
  };
}
