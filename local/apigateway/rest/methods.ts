/** A JSON value that a planned document contains. */
export type Json = any;

/** A resource of a REST API: a path with its methods. */
export interface RestResource {
  /** @example "/foods/{id}" */
  readonly path: string;
  /** Stand-in for the id that AWS would give. */
  readonly id: string;
  /** By method in upper case, or `ANY`. */
  readonly methods: ReadonlyMap<string, RestMethod>;
}

/** A method of a resource: what it demands of requests, and what it sends them to. */
export interface RestMethod {
  readonly httpMethod: string;
  readonly path: string;
  readonly resourceId: string;
  readonly authorization: RestAuthorization;
  readonly apiKeyRequired: boolean;
  /** `method.request.<place>.<name>` -> whether it must be there. */
  readonly requestParameters: ReadonlyMap<string, boolean>;
  /** Names of models by content type. */
  readonly requestModels: ReadonlyMap<string, string>;
  readonly validator: { readonly body: boolean; readonly parameters: boolean };
  readonly integration: RestIntegration;
}

/** Who may call a method. */
export type RestAuthorization =
  | { readonly kind: "none" }
  | { readonly kind: "iam" }
  | { readonly kind: "function"; readonly authorizer: FunctionAuthorizerModel }
  | { readonly kind: "user-pool"; readonly authorizer: UserPoolAuthorizerModel; readonly scopes: readonly string[] };

/** A Lambda authorizer. One object each, so that all methods of an authorizer share its cache. */
export interface FunctionAuthorizerModel {
  readonly name: string;
  readonly type: "TOKEN" | "REQUEST";
  readonly uri: string;
  /** `method.request.header.Authorization`, `stageVariables.a`, `context.b`, in their order. */
  readonly identitySources: readonly string[];
  /** Of the token of a TOKEN authorizer, before the function is called. */
  readonly validation: RegExp | undefined;
  readonly ttlSeconds: number;
}

/** An authorizer that asks Cognito user pools. */
export interface UserPoolAuthorizerModel {
  readonly name: string;
  readonly poolArns: readonly string[];
  /** Name of the header that has the token. */
  readonly header: string;
}

/** The kinds of integrations that API Gateway has. */
export type IntegrationType = "AWS" | "AWS_PROXY" | "HTTP" | "HTTP_PROXY" | "MOCK";

/** What a method sends its requests to. */
export interface RestIntegration {
  readonly type: IntegrationType;
  /** Unset or `ANY` sends the client's method. */
  readonly httpMethod: string | undefined;
  /** With `{parameters}` and `${stageVariables.x}`; empty for `MOCK`. */
  readonly uri: string;
  /** Role that API Gateway takes on; unset uses the function's own policy. */
  readonly credentials: string | undefined;
  /** ARN of the listener that a VPC link leads to. */
  readonly listener: { readonly arn: string; readonly port: number } | undefined;
  readonly requestParameters: Readonly<Record<string, string>>;
  readonly requestTemplates: Readonly<Record<string, string>>;
  readonly passthroughBehavior: "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER";
  readonly contentHandling: ContentHandling | undefined;
  readonly timeoutMilliseconds: number;
  /** Whether the answer is passed on while it arrives. */
  readonly streaming: boolean;
  readonly cacheKeyParameters: readonly string[];
  readonly responses: readonly IntegrationResponse[];
}

/** How a body is converted between text and bytes. */
export type ContentHandling = "CONVERT_TO_BINARY" | "CONVERT_TO_TEXT";

/** What becomes of an integration's answer. */
export interface IntegrationResponse {
  /** Of the status, or of the error message of a function; empty is the default. */
  readonly selectionPattern: string;
  readonly statusCode: number;
  readonly responseParameters: Readonly<Record<string, string>>;
  readonly responseTemplates: Readonly<Record<string, string>>;
  readonly contentHandling: ContentHandling | undefined;
}
