import type { PlannedResource } from "../../graph/model";
import { unsupported } from "../unsupported";

/** Headers as flat name-value lists; without an allowed origin only `vary` is sent. */
export interface CompiledCors {
  /** Of every answer to a request with this `Origin`. */
  answer(origin: string | undefined): readonly string[];
  preflight(origin: string | undefined): readonly string[];
}

/**
 * The gateway's own CORS: it answers preflights without a route, and its headers replace the backend's.
 * @returns undefined when the API has none
 * @throws {UnsupportedError} on `*` with credentials, which AWS refuses too
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function compileCors(api: PlannedResource): CompiledCors | undefined {
  const cors = api.outputs["corsConfiguration"];
  if (!cors) return undefined;
  const { allowOrigins = [], allowMethods = [], allowHeaders = [], exposeHeaders = [], maxAge } = cors;
  const origins = new Set<string>(allowOrigins);
  const any = origins.has("*");
  const pattern = allowOrigins.find((origin: string) => origin !== "*" && origin.includes("*"));
  if (pattern) unsupported(api, "corsConfiguration.allowOrigins", "exact origins or *", pattern);
  if (any && cors.allowCredentials) {
    unsupported(api, "corsConfiguration.allowCredentials", "unset beside the origin *", true);
  }
  const vary = any ? [] : ["vary", "Origin"];
  const list = (name: string, values: readonly string[]) => (values.length > 0 ? [name, values.join(",")] : []);
  const shared = [
    ...vary,
    ...(cors.allowCredentials ? ["access-control-allow-credentials", "true"] : []),
    ...list("access-control-expose-headers", exposeHeaders),
  ];
  const terms = [
    ...list("access-control-allow-methods", allowMethods),
    ...list("access-control-allow-headers", allowHeaders),
    ...(maxAge === undefined ? [] : ["access-control-max-age", String(maxAge)]),
  ];
  const headers = (origin: string | undefined, more: readonly string[]) => {
    if (origin === undefined || !(any || origins.has(origin))) return vary;
    return ["access-control-allow-origin", any ? "*" : origin, ...shared, ...more];
  };
  return { answer: (origin) => headers(origin, []), preflight: (origin) => headers(origin, terms) };
}
