import type { Logger } from "../kit/log";
import { isTenantName, type TenantSecret, tenantKey } from "../kit/tenant";
import { bearerToken, type EventHeaders } from "./bearer";
import type { TokenHeaderOf } from "./former-routes";
import { type RoutesByScope, routeResource } from "./routes";
import type { AccessClaims, VerifyToken } from "./token";
import { unauthorized } from "./unauthorized";

/** The event of a REQUEST authorizer of a REST API, as far as it is read. */
export interface AuthorizerEvent extends EventHeaders {
  /** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>`. */
  readonly methodArn: string;
  readonly httpMethod?: string;
  /** Path of the route, which the client does not choose. */
  readonly resource?: string;
}

/** What the authorizer answers to API Gateway. */
export interface AuthorizerAnswer {
  readonly principalId: string;
  readonly policyDocument: {
    readonly Version: "2012-10-17";
    readonly Statement: readonly [
      { Action: "execute-api:Invoke"; Effect: "Allow" | "Deny"; Resource: readonly string[] },
    ];
  };
  readonly context?: {
    readonly subject: string;
    readonly scopes: string;
    readonly tenant?: string;
    readonly tier?: string;
  };
  readonly usageIdentifierKey?: string;
}

/** What `createAuthorizer` needs. */
export interface AuthorizerParts {
  readonly verify: VerifyToken;
  /**
   * Returns the tenants' secret; undefined when it cannot be read.
   * @default the API has no tenants: every valid token counts
   */
  readonly secret?: () => Promise<TenantSecret | undefined>;
  readonly routes: RoutesByScope;
  /** @default Authorization, of every route */
  readonly tokenHeaderOf?: TokenHeaderOf;
  readonly log: Logger;
}

/** Bytes of an authorizer's answer that API Gateway accepts. */
const maxAnswerBytes = 8_192;
const stageArn = /^(arn:[a-z-]+:execute-api:[a-z0-9-]+:\d{12}:[a-z0-9]+\/[A-Za-z0-9_-]+)\//;

/**
 * Makes the handler of a REQUEST authorizer. API Gateway caches the answer for the Authorization header and evaluates it
 * for every route, so the policy does not depend on the request: it lists all routes of the stage that the token's
 * scopes open.
 *
 * - Error `Unauthorized` gives 401: no valid token. It is not cached, so it is also the answer while the issuer's keys or
 *   the secret cannot be read.
 * - A policy that denies everything gives 403: a valid token without a valid tenant and tier.
 * - A route whose scope the token lacks is not in the policy and gives 403.
 * - Context `subject` and `scopes` (separated by spaces); with tenants also `tenant` and `tier`. All are text.
 * - With tenants, `usageIdentifierKey` is the value of the tenant's API key, see `tenantKey`.
 * @throws {Error} `Unauthorized`, from the handler, and nothing else
 */
export function createAuthorizer(parts: AuthorizerParts): (event: AuthorizerEvent) => Promise<AuthorizerAnswer> {
  return async (event) => {
    try {
      return (await decide(parts, event)) ?? unauthorized();
    } catch (error) {
      if (!(error instanceof Error && error.message === "Unauthorized")) {
        parts.log.error("the authorizer failed", { error: error instanceof Error ? error.name : typeof error });
      }
      return unauthorized();
    }
  };
}

async function decide(
  { verify, secret, routes, tokenHeaderOf, log }: AuthorizerParts,
  event: AuthorizerEvent,
): Promise<AuthorizerAnswer | undefined> {
  const token = bearerToken(event, tokenHeaderOf?.(`${event.httpMethod} ${event.resource}`));
  const stage = stageArn.exec(event.methodArn)?.[1];
  const claims = token === undefined ? undefined : await verify(token);
  if (stage === undefined || claims === undefined) return undefined;
  const { sub, scopes } = claims;
  const known = ["", ...scopes.filter((scope) => scope !== "" && routes.has(scope))];
  const resources = [...new Set(known.flatMap((scope) => routes.get(scope) ?? []))].map(
    (route) => `${stage}/${routeResource(route)}`,
  );
  const denied = answer(sub, "Deny", [`${stage}/*`]);
  const usage = secret === undefined ? {} : await usageOf(claims, secret);
  if (usage === undefined) return undefined;
  if (usage === "no member") log.warn("refused a token without a valid tenant and tier");
  if (usage === "no member" || resources.length === 0) return denied;
  const { member, key } = usage;
  const allowed: AuthorizerAnswer = {
    ...answer(sub, "Allow", resources),
    context: { ...member, subject: sub, scopes: known.slice(1).join(" ") },
    ...(key === undefined ? {} : { usageIdentifierKey: key }),
  };
  if (JSON.stringify(allowed).length > maxAnswerBytes) {
    log.error("the policy is over 8,192 bytes; put fewer routes on this REST API", { routes: resources.length });
    return denied;
  }
  return allowed;
}

/** Whose usage plan a request counts against; nothing where the API has no tenants. */
interface Usage {
  readonly member?: { readonly tenant: string; readonly tier: string };
  readonly key?: string;
}

/** @returns undefined while the secret cannot be read */
async function usageOf(
  { tenant, tier }: AccessClaims,
  secret: NonNullable<AuthorizerParts["secret"]>,
): Promise<Usage | "no member" | undefined> {
  if (!isTenantName(tenant) || !isTenantName(tier)) return "no member";
  const current = await secret();
  const member = { tenant, tier };
  return current && { member, key: tenantKey(current.keys.get(current.current)!, member) };
}

function answer(principalId: string, effect: "Allow" | "Deny", resources: readonly string[]): AuthorizerAnswer {
  return {
    principalId,
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Action: "execute-api:Invoke", Effect: effect, Resource: resources }],
    },
  };
}
