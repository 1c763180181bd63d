import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { createLogger, describeError } from "../kit/log";
import { type AuthorizerEvent, createAuthorizer } from "./authorize";
import { otherIssuerVerifier } from "./issuer-token";
import { poolVerifier } from "./pool-token";
import { createPreparation } from "./preparation";
import { createRouteAuthorizer, type RouteEvent } from "./route-authorizer";
import { parseRoutes } from "./routes";
import { createSecretCache } from "./secret";
import { authorizerSettings } from "./settings";
import { createTokenVerifier } from "./token";

const settings = authorizerSettings(process.env);
const log = createLogger({ service: "authorizer" });
const onFailure = (what: string) => (error: unknown) => log.error(what, describeError(error));
const onKeyFailure = onFailure("the issuer's keys did not arrive");
const pools = settings.pools.map((each) => poolVerifier({ ...each, onFailure: onKeyFailure }));
const others = settings.issuers.map((each) => otherIssuerVerifier({ ...each, onFailure: onKeyFailure }));
const parts = {
  verify: createTokenVerifier([...pools, ...others]),
  routes: parseRoutes(settings.routes),
  tokenHeaderOf: settings.tokenHeaderOf,
  log,
};
const decideOnRoute = createRouteAuthorizer(parts);
const decideOnStage = createAuthorizer(
  settings.secretId === undefined ? parts : { ...parts, secret: secretCache(settings.secretId) },
);

const prepare = createPreparation(pools);

/**
 * Handler of the authorizers of REST APIs (Lambda REQUEST authorizer, identity source
 * `method.request.header.Authorization`) and of HTTP APIs (payload format 2.0, simple responses, identity sources
 * `$request.header.Authorization` and `$context.routeKey`). Its environment variables are those of `authorizerSettings`,
 * its events and answers those of `createAuthorizer` and `createRouteAuthorizer`.
 */
export async function handler(event: AuthorizerEvent | RouteEvent) {
  await prepare();
  return "routeKey" in event ? decideOnRoute(event) : decideOnStage(event);
}

function secretCache(secretId: string) {
  const secrets = new SecretsManagerClient({
    maxAttempts: 2,
    // Two attempts, after a fetch of the issuer's keys, end within the 10 s that API Gateway gives an authorizer.
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 1_500, throwOnRequestTimeout: true },
  });
  return createSecretCache({
    read: async () => (await secrets.send(new GetSecretValueCommand({ SecretId: secretId }))).SecretString,
    onFailure: onFailure("the tenants' secret could not be read"),
  });
}
