import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { createLogger, describeError } from "../kit/log";
import { admittedTokens } from "./admitted-tokens";
import { type AuthorizerEvent, createAuthorizer } from "./authorize";
import { createRouteAuthorizer, type RouteEvent } from "./route-authorizer";
import { parseRoutes } from "./routes";
import { createSecretCache } from "./secret";
import { authorizerSettings } from "./settings";

const settings = authorizerSettings(process.env);
const log = createLogger({ service: "authorizer" });
const onFailure = (what: string) => (error: unknown) => log.error(what, describeError(error));
const parts = {
  verify: admittedTokens(settings, onFailure("the issuer's keys did not arrive")),
  routes: parseRoutes(settings.routes),
  tokenHeaderOf: settings.tokenHeaderOf,
  log,
};
const decideOnRoute = createRouteAuthorizer(parts);
const decideOnStage = createAuthorizer(
  settings.secretId === undefined ? parts : { ...parts, secret: secretCache(settings.secretId) },
);

/**
 * Handler of the authorizers of REST APIs (Lambda REQUEST authorizer, identity source
 * `method.request.header.Authorization`) and of HTTP APIs (payload format 2.0, simple responses, identity sources
 * `$request.header.Authorization` and `$context.routeKey`). Its environment variables are those of `authorizerSettings`,
 * its events and answers those of `createAuthorizer` and `createRouteAuthorizer`.
 */
export async function handler(event: AuthorizerEvent | RouteEvent) {
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
