import { type AuthorizerAnswer, createAuthorizer } from "../../../apps/authorizer/authorize";
import type { Jwks } from "../../../apps/authorizer/key-set";
import { poolVerifier } from "../../../apps/authorizer/pool-token";
import { parseRoutes } from "../../../apps/authorizer/routes";
import { createTokenVerifier } from "../../../apps/authorizer/token";
import { createLogger } from "../../../apps/kit/log";
import { parseTenantSecret, type TenantSecret } from "../../../apps/kit/tenant";
import { clientId, issuer, jwksOf, type SigningKey } from "../helpers/tokens";

export const stage = "arn:aws:execute-api:eu-west-1:123456789012:abc123def4/live";
export const routes = parseRoutes(
  JSON.stringify({
    "": ["GET /shipping/shipments", "GET /shipping/shipments/{id}"],
    "shipping/write": ["PUT /shipping/shipments/{id}"],
    "pet-store/write": ["PUT /pet-store/pets/{id}"],
  }),
);
export const secretKey = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I";
export const secret = parseTenantSecret(JSON.stringify({ current: "1", keys: { "1": secretKey } }));

export interface TestedAuthorizer {
  /** The answer for a value of the Authorization header; the error's message when there is none. */
  answer(authorization: string | undefined, route?: string): Promise<AuthorizerAnswer | string>;
  /** The status that API Gateway would answer a refused request with; 200 for one that passes. */
  status(authorization: string | undefined, route?: string): Promise<number>;
  readonly lines: string[];
  readonly fetches: () => number;
}

/** An authorizer whose issuer has one key, as the handler wires it but for the network. */
export function authorizerOf(
  key: SigningKey,
  options: {
    readonly audiences?: readonly string[];
    readonly fetchKeys?: () => Promise<Jwks>;
    readonly secret?: () => Promise<TenantSecret | undefined>;
    readonly now?: () => number;
    readonly routes?: typeof routes;
  } = {},
): TestedAuthorizer {
  const lines: string[] = [];
  const log = createLogger({ service: "authorizer", write: (line) => lines.push(line) });
  let fetches = 0;
  const pool = poolVerifier({
    issuer,
    jwksUrl: `${issuer}/.well-known/jwks.json`,
    clientIds: [clientId],
    audiences: options.audiences ?? [],
    onFailure: (error) => log.error("the issuer's keys did not arrive", { error: (error as Error).message }),
    fetchKeys: async () => {
      fetches += 1;
      return options.fetchKeys === undefined ? jwksOf(key) : options.fetchKeys();
    },
    ...(options.now && { now: options.now }),
  });
  const handler = createAuthorizer({
    verify: createTokenVerifier([pool]),
    secret: options.secret ?? (async () => secret),
    routes: options.routes ?? routes,
    log,
  });
  const answer = async (authorization: string | undefined, route = "GET/shipping/shipments") => {
    const headers = authorization === undefined ? {} : { Authorization: authorization };
    const multiValueHeaders = authorization === undefined ? {} : { Authorization: [authorization] };
    return handler({ methodArn: `${stage}/${route}`, headers, multiValueHeaders }).catch((error) => error.message);
  };
  return {
    answer,
    status: async (authorization, route = "GET/shipping/shipments") =>
      statusOf(await answer(authorization, route), `${stage}/${route}`),
    lines,
    fetches: () => fetches,
  };
}

/** What API Gateway makes of an authorizer's answer; every error but `Unauthorized` is a 500. */
export function statusOf(answer: AuthorizerAnswer | string, methodArn: string): number {
  if (typeof answer === "string") return answer === "Unauthorized" ? 401 : 500;
  const [{ Effect, Resource }] = answer.policyDocument.Statement;
  return Effect === "Allow" && Resource.some((pattern) => matches(pattern, methodArn)) ? 200 : 403;
}

/** `*` of a policy stands for any text, `/` included. */
function matches(pattern: string, arn: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(arn);
}
