import type { RouteSpec } from "../../contract/service";
import type { RestAuthorizer } from "./authorizer";
import { pathParameters } from "./path-parameters";

/** The cache of a REST API's stage. */
export interface RestCache {
  /** Size, one of AWS's. @example 0.5 */
  readonly gigabytes: number;
  /** Seconds that an answer is kept, 1-3600. */
  readonly seconds: number;
}

/** Header by which the tenant is a part of an answer's key: `context.*` is refused as one. */
export const tenantHeader = "x-tenant-id";

/**
 * Whether answers of a route may be kept: of reads that every caller who may ask gets the same answer to. A health check
 * must reach the servers; without tenants, what a route answers to a user is that user's.
 */
export function isCached({ id, method, scopes }: RouteSpec, authorizer: RestAuthorizer): boolean {
  return method === "GET" && id !== "get-health" && (authorizer.kind === "tenants" || scopes.length === 0);
}

/**
 * Returns what an integration says so that each answer has a key of its own: API Gateway tells answers apart by declared
 * parameters and by nothing else.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
 */
export function cacheKeys(route: RouteSpec, authorizer: RestAuthorizer) {
  const tenants = authorizer.kind === "tenants";
  return {
    cacheKeyParameters: [
      ...pathParameters(route.path).map((name) => `method.request.path.${name}`),
      ...(route.query ?? []).map(({ name }) => `method.request.querystring.${name}`),
      ...(tenants ? [`integration.request.header.${tenantHeader}`] : []),
    ],
    ...(tenants
      ? { requestParameters: { [`integration.request.header.${tenantHeader}`]: "context.authorizer.tenant" } }
      : {}),
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
