/** A method of a planned REST API in a test, by the names of its OpenAPI extensions. */
export interface PlannedMethod {
  readonly type?: "AWS" | "AWS_PROXY" | "HTTP" | "HTTP_PROXY" | "MOCK";
  /** Default: the function of the test, or its backend. */
  readonly uri?: string;
  readonly httpMethod?: string;
  readonly auth?: "authorizer" | "iam";
  readonly scopes?: readonly string[];
  readonly apiKeyRequired?: boolean;
  /** `method.request.<place>.<name>` -> required. */
  readonly parameters?: Readonly<Record<string, boolean>>;
  /** Content type -> model. */
  readonly requestModels?: Readonly<Record<string, string>>;
  readonly validator?: { readonly validateRequestBody?: boolean; readonly validateRequestParameters?: boolean };
  /** Further fields of `x-amazon-apigateway-integration`. */
  readonly integration?: Readonly<Record<string, any>>;
}

/** An authorizer of a planned REST API in a test. */
export interface PlannedAuthorizer {
  readonly type: "TOKEN" | "REQUEST" | "COGNITO_USER_POOLS";
  readonly identitySource?: string;
  readonly validation?: string;
  readonly ttl?: number;
  readonly poolArns?: readonly string[];
}

/** What the OpenAPI document of a planned REST API is made of. */
export interface PlannedDocument {
  readonly resources: Readonly<Record<string, Readonly<Record<string, PlannedMethod>>>>;
  readonly models?: Readonly<Record<string, any>>;
  /** Of methods without their own. */
  readonly validator?: PlannedMethod["validator"];
  readonly authorizer?: PlannedAuthorizer;
  readonly gatewayResponses?: Readonly<Record<string, any>>;
}

const places: Readonly<Record<string, string>> = { querystring: "query", header: "header", path: "path" };

/** Returns the OpenAPI document of a test's API. */
export function openApi(plan: PlannedDocument, uris: { function: string; authorizer: string; backend: string }) {
  const paths = Object.entries(plan.resources).map(([path, methods]) => {
    const operations = Object.entries(methods).map(([method, planned]) => {
      const name = method === "ANY" ? "x-amazon-apigateway-any-method" : method.toLowerCase();
      return [name, operation(plan, planned, uris)];
    });
    return [path, Object.fromEntries(operations)];
  });
  const validators = { whole: plan.validator };
  return {
    openapi: "3.0.1",
    info: { title: "test", version: "1" },
    paths: Object.fromEntries(paths),
    components: { schemas: plan.models ?? {}, securitySchemes: schemes(plan, uris.authorizer) },
    ...(plan.validator && { "x-amazon-apigateway-request-validator": "whole" }),
    "x-amazon-apigateway-request-validators": { ...validators, ...ownValidators(plan) },
    ...(plan.gatewayResponses && { "x-amazon-apigateway-gateway-responses": plan.gatewayResponses }),
  };
}

function operation(plan: PlannedDocument, planned: PlannedMethod, uris: { function: string; backend: string }) {
  const { auth, scopes = [], apiKeyRequired, parameters = {}, requestModels, validator } = planned;
  const security = {
    ...(auth === "authorizer" ? { authorizer: scopes } : {}),
    ...(apiKeyRequired ? { key: [] } : {}),
  };
  return {
    parameters: Object.entries(parameters).map(([name, required]) => {
      const [, place = "", key] = /^method\.request\.(\w+)\.(.+)$/.exec(name) ?? [];
      return { name: key, in: places[place], required, schema: { type: "string" } };
    }),
    ...(requestModels && {
      requestBody: {
        content: Object.fromEntries(
          Object.entries(requestModels).map(([type, model]) => [
            type,
            { schema: { $ref: `#/components/schemas/${model}` } },
          ]),
        ),
      },
    }),
    responses: {},
    ...(Object.keys(security).length > 0 && { security: [security] }),
    ...(auth === "iam" && { "x-amazon-apigateway-auth": { type: "AWS_IAM" } }),
    ...(validator && { "x-amazon-apigateway-request-validator": JSON.stringify(validator) }),
    "x-amazon-apigateway-integration": integration(plan, planned, uris),
  };
}

function integration(
  _plan: PlannedDocument,
  { type = "AWS_PROXY", uri, httpMethod, integration: given = {} }: PlannedMethod,
  uris: { function: string; backend: string },
) {
  if (type === "MOCK") {
    const templates = {
      requestTemplates: { "application/json": '{"statusCode": 200}' },
      responses: { default: { statusCode: 200 } },
    };
    return { type: "mock", ...templates, ...given };
  }
  const target =
    uri?.replace("(backend)", uris.backend) ?? (type.startsWith("AWS") ? uris.function : `${uris.backend}/`);
  const responses = type.endsWith("PROXY") ? {} : { responses: { default: { statusCode: 200 } } };
  return { type: type.toLowerCase(), httpMethod: httpMethod ?? "POST", uri: target, ...responses, ...given };
}

function schemes({ authorizer }: PlannedDocument, uri: string) {
  const key = { type: "apiKey", name: "x-api-key", in: "header" };
  if (authorizer === undefined) return { key };
  const { type, identitySource, validation, ttl, poolArns } = authorizer;
  const cognito = type === "COGNITO_USER_POOLS";
  return {
    key,
    authorizer: {
      type: "apiKey",
      name: "Authorization",
      in: "header",
      "x-amazon-apigateway-authtype": cognito ? "cognito_user_pools" : "custom",
      "x-amazon-apigateway-authorizer": {
        type: type.toLowerCase(),
        ...(cognito ? { providerARNs: poolArns } : { authorizerUri: uri }),
        ...(identitySource === undefined ? {} : { identitySource }),
        ...(validation === undefined ? {} : { identityValidationExpression: validation }),
        ...(ttl === undefined ? {} : { authorizerResultTtlInSeconds: ttl }),
      },
    },
  };
}

function ownValidators({ resources }: PlannedDocument): Record<string, unknown> {
  const methods = Object.values(resources).flatMap((each) => Object.values(each));
  return Object.fromEntries(
    methods.flatMap(({ validator }) => (validator ? [[JSON.stringify(validator), validator]] : [])),
  );
}
