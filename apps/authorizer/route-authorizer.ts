import type { Logger } from "../kit/log";
import { bearerToken, type EventHeaders } from "./bearer";
import type { TokenHeaderOf } from "./former-routes";
import type { RoutesByScope } from "./routes";
import type { VerifyToken } from "./token";
import { unauthorized } from "./unauthorized";

/** The event of a REQUEST authorizer of an HTTP API (payload format 2.0), as far as it is read. */
export interface RouteEvent extends EventHeaders {
  readonly version: "2.0";
  /** Key of the route that the request matched: `PUT /food-store/foods/{id}`. */
  readonly routeKey: string;
}

/** What the authorizer answers to an HTTP API ("simple response"). */
export interface RouteAnswer {
  readonly isAuthorized: boolean;
  readonly context?: { readonly subject: string; readonly scopes: string };
}

/** What `createRouteAuthorizer` needs. */
export interface RouteAuthorizerParts {
  readonly verify: VerifyToken;
  readonly routes: RoutesByScope;
  /** @default Authorization, of every route */
  readonly tokenHeaderOf?: TokenHeaderOf;
  readonly log: Logger;
}

/**
 * Makes the handler of an HTTP API's authorizer. Its answer is about the route of the event, so that the authorizer must
 * have `$context.routeKey` among its identity sources: API Gateway keeps answers by them.
 *
 * - Error `Unauthorized` gives 401: no valid token, also while the issuer's keys cannot be read.
 * - `isAuthorized: false` gives 403: a valid token without a scope of the route, or a route that is not listed.
 * - Context `subject` and `scopes` (those of the platform, separated by spaces).
 * @throws {Error} `Unauthorized`, from the handler, and nothing else
 */
export function createRouteAuthorizer({ verify, routes, tokenHeaderOf, log }: RouteAuthorizerParts) {
  const scopesOf = new Map<string, Set<string>>();
  for (const [scope, keys] of routes) {
    for (const key of keys) scopesOf.set(key, (scopesOf.get(key) ?? new Set()).add(scope));
  }
  return async (event: RouteEvent): Promise<RouteAnswer> => {
    const token = bearerToken(event, tokenHeaderOf?.(event.routeKey));
    const claims = token === undefined ? undefined : await verify(token).catch((error) => failed(log, error));
    if (claims === undefined) return unauthorized();
    const { sub: subject, scopes } = claims;
    const needed = scopesOf.get(event.routeKey);
    if (needed === undefined || !(needed.has("") || scopes.some((scope) => needed.has(scope)))) {
      return { isAuthorized: false };
    }
    return { isAuthorized: true, context: { subject, scopes: scopes.join(" ") } };
  };
}

function failed(log: Logger, error: unknown): undefined {
  log.error("the authorizer failed", { error: error instanceof Error ? error.name : typeof error });
  return undefined;
}
