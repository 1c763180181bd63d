import type { RouteSpec } from "../../contract/service";
import { authorizedHeaders, isHealthRoute, type RestAuthorizer } from "./authorizer";
import { pathParameters } from "./path-parameters";

/** The cache of a REST API's stage. */
export interface RestCache {
  /** Size, one of AWS's. @example 0.5 */
  readonly gigabytes: number;
  /** Seconds that an answer is kept, 1-3600. */
  readonly seconds: number;
}

/**
 * Whether answers of a route may be kept: of reads that every caller who may ask gets the same answer to. A health check
 * must reach the servers; a legacy endpoint may answer by more than the key has; without tenants, what a route answers to
 * a user is that user's; a stream cannot be kept; what the gateway answers itself needs no cache.
 */
export function isCached(route: RouteSpec, authorizer: RestAuthorizer): boolean {
  const { method, scopes } = route;
  if (method !== "GET" || isHealthRoute(route) || "url" in route || "answer" in route || route.stream) return false;
  return authorizer.kind === "tenants" || scopes.length === 0;
}

/**
 * Services answer by it which page may read an answer, and API Gateway does not regard their `Vary`. It compares names as
 * they are written: browsers write them in lower case over HTTP/2.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export const originHeader = "origin";

/**
 * Returns what an integration says so that each answer has a key of its own: API Gateway tells answers apart by declared
 * parameters and by nothing else. The tenant is one as a header, as `context.*` is refused.
 * @param cors  whether pages of other origins may read answers
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
 */
export function cacheKeys(route: RouteSpec, authorizer: RestAuthorizer, cors: boolean) {
  // A header that is the same for all needs no part in the key.
  const requestParameters = Object.fromEntries(
    Object.entries(authorizedHeaders(authorizer, route)).filter(([, value]) => value.startsWith("context.")),
  );
  return {
    cacheKeyParameters: [
      ...pathParameters(route.path).map((name) => `method.request.path.${name}`),
      ...(route.query ?? []).map(({ name }) => `method.request.querystring.${name}`),
      ...(cors ? [`method.request.header.${originHeader}`] : []),
      ...Object.keys(requestParameters),
    ],
    requestParameters,
  };
}

/** Returns the settings of methods whose answers are kept, or are not. */
export function cacheSettings(cache: RestCache | undefined) {
  if (cache === undefined) return { cachingEnabled: false };
  return {
    cachingEnabled: true,
    cacheTtlInSeconds: cache.seconds,
    cacheDataEncrypted: true,
    // Without it any client may empty the cache with `Cache-Control: max-age=0`.
    requireAuthorizationForCacheControl: true,
    unauthorizedCacheControlHeaderStrategy: "SUCCEED_WITH_RESPONSE_HEADER",
  };
}
