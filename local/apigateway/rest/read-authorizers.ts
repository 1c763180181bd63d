import type { PlannedResource } from "../../../graph/model";
import { oneOf, required, unsupported } from "../../unsupported";
import type { FunctionAuthorizerModel, Json, RestAuthorization, UserPoolAuthorizerModel } from "./methods";

/** What a security scheme of the document demands. */
type Scheme =
  | { readonly kind: "key" }
  | { readonly kind: "iam" }
  | { readonly kind: "function"; readonly authorizer: FunctionAuthorizerModel }
  | { readonly kind: "user-pool"; readonly authorizer: UserPoolAuthorizerModel };

/** Seconds that API Gateway keeps a decision when the authorizer does not say. */
const defaultTtlSeconds = 300;
const longestTtlSeconds = 3_600;

/**
 * Reads the security schemes of a document by name.
 * @throws {UserError} on a scheme that is neither API key, IAM, Lambda authorizer nor user pool
 */
export function readSchemes(api: PlannedResource, document: Json): ReadonlyMap<string, Scheme> {
  const schemes = Object.entries<Json>(document.components?.securitySchemes ?? {});
  return new Map(schemes.map(([name, scheme]) => [name, readScheme(api, name, scheme)]));
}

/**
 * Reads what an operation demands: its `security` lists schemes, of which a request must satisfy all of the first entry.
 * API Gateway ignores `security` at the document's root.
 */
export function readSecurity(
  api: PlannedResource,
  at: string,
  operation: Json,
  schemes: ReadonlyMap<string, Scheme>,
): { readonly authorization: RestAuthorization; readonly apiKeyRequired: boolean } {
  const requirements = Object.assign({}, ...(operation.security ?? [])) as Record<string, readonly string[]>;
  let authorization: RestAuthorization = readAuth(api, at, operation);
  let apiKeyRequired = false;
  for (const [name, scopes] of Object.entries(requirements)) {
    const scheme = required(api, `${at}.security`, schemes.get(name));
    if (scheme.kind === "key") apiKeyRequired = true;
    else if (scheme.kind === "user-pool") authorization = { ...scheme, scopes };
    else authorization = scheme;
  }
  return { authorization, apiKeyRequired };
}

function readAuth(api: PlannedResource, at: string, operation: Json): RestAuthorization {
  const { type = "NONE" } = operation["x-amazon-apigateway-auth"] ?? {};
  const kind = oneOf(api, `${at}.x-amazon-apigateway-auth.type`, ["NONE", "AWS_IAM"], String(type).toUpperCase());
  return kind === "NONE" ? { kind: "none" } : { kind: "iam" };
}

function readScheme(api: PlannedResource, name: string, scheme: Json): Scheme {
  const at = `body.components.securitySchemes.${name}`;
  const authtype = String(scheme["x-amazon-apigateway-authtype"] ?? "").toLowerCase();
  const planned = scheme["x-amazon-apigateway-authorizer"];
  if (authtype === "awssigv4") return { kind: "iam" };
  if (planned === undefined) {
    const isKey = scheme.type === "apiKey" && scheme.in === "header" && /^x-api-key$/i.test(scheme.name);
    return isKey ? { kind: "key" } : unsupported(api, at, "an authorizer, or the API key in header x-api-key", scheme);
  }
  const type = oneOf(api, `${at}.type`, ["token", "request", "cognito_user_pools"], String(planned.type).toLowerCase());
  if (type === "cognito_user_pools") {
    const poolArns: string[] = required(api, `${at}.providerARNs`, planned.providerARNs);
    return { kind: "user-pool", authorizer: { name, poolArns, header: required(api, `${at}.name`, scheme.name) } };
  }
  return { kind: "function", authorizer: readFunctionAuthorizer(api, at, name, scheme, planned) };
}

function readFunctionAuthorizer(
  api: PlannedResource,
  at: string,
  name: string,
  scheme: Json,
  planned: Json,
): FunctionAuthorizerModel {
  const type = String(planned.type).toUpperCase() as "TOKEN" | "REQUEST";
  const { authorizerResultTtlInSeconds: ttlSeconds = defaultTtlSeconds, identitySource } = planned;
  if (!(ttlSeconds >= 0 && ttlSeconds <= longestTtlSeconds)) {
    unsupported(api, `${at}.authorizerResultTtlInSeconds`, `0-${longestTtlSeconds}`, ttlSeconds);
  }
  const written: string = identitySource ?? (type === "TOKEN" ? `method.request.header.${scheme.name}` : "");
  const sources = written.split(",").map((source) => source.trim());
  const identitySources = sources.filter((source) => source !== "");
  for (const source of identitySources) {
    if (!/^(method\.request\.(header|querystring)|stageVariables|context)\../.test(source)) {
      const places =
        "method.request.header.<name>, method.request.querystring.<name>, stageVariables.<name> or context";
      unsupported(api, `${at}.identitySource`, places, source);
    }
  }
  if (type === "REQUEST" && ttlSeconds > 0 && identitySources.length === 0) {
    unsupported(api, `${at}.identitySource`, "set where decisions are kept", identitySource);
  }
  const { identityValidationExpression: expression } = planned;
  return {
    name,
    type,
    uri: required(api, `${at}.authorizerUri`, planned.authorizerUri),
    identitySources,
    validation: expression ? new RegExp(`^(?:${expression})$`) : undefined,
    ttlSeconds,
  };
}
