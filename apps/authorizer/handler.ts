import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { createLogger, describeError } from "../kit/log";
import { createAuthorizer } from "./authorize";
import { parseRoutes } from "./routes";
import { createSecretCache } from "./secret";
import { authorizerSettings } from "./settings";
import { createTokenVerifier } from "./token";

const settings = authorizerSettings(process.env);
const log = createLogger({ service: "authorizer" });
const secrets = new SecretsManagerClient({
  maxAttempts: 2,
  // Two attempts, after a fetch of the issuer's keys, end within the 10 s that API Gateway gives an authorizer.
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 1_500, throwOnRequestTimeout: true },
});
const onFailure = (what: string) => (error: unknown) => log.error(what, describeError(error));

/**
 * Handler of the REST API's authorizer (Lambda REQUEST authorizer, identity source
 * `method.request.header.Authorization`). Its environment variables are those of `authorizerSettings`, its event and
 * answer those of `createAuthorizer`.
 */
export const handler = createAuthorizer({
  verify: createTokenVerifier({ ...settings, onFailure: onFailure("the issuer's keys did not arrive") }),
  secret: createSecretCache({
    read: async () => (await secrets.send(new GetSecretValueCommand({ SecretId: settings.secretId }))).SecretString,
    onFailure: onFailure("the tenants' secret could not be read"),
  }),
  routes: parseRoutes(settings.routes),
  log,
});
