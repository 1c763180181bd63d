import type { Input } from "@pulumi/pulumi";
import { assertNever } from "../../contract/assert-never";
import type { RouteSpec } from "../../contract/service";
import { subjectHeader } from "../subject-header";

/** Seconds that API Gateway may reuse an authorizer's decision: a suspended tenant is refused after so long at most. */
export const authorizerTtlSeconds = 60;

/** The authorizer function that admits the tenants of a REST API and says whose usage plan a request counts against. */
export interface TenantAuthorizer {
  readonly kind: "tenants";
  /** `arn:…:path/2015-03-31/functions/<alias ARN>/invocations`. */
  readonly invokeArn: Input<string>;
}

/** The authorizer function that admits the tokens of several issuers to a REST API without tenants. */
export interface IssuersAuthorizer {
  readonly kind: "issuers";
  /** `arn:…:path/2015-03-31/functions/<alias ARN>/invocations`. */
  readonly invokeArn: Input<string>;
}

/** The Cognito user pool whose tokens a REST API without tenants admits. */
export interface UserPoolAuthorizer {
  readonly kind: "user-pool";
  readonly userPoolArn: Input<string>;
}

/** IAM, which admits the roles that a private API names; every request is signed (Signature Version 4). */
export interface IamAuthorizer {
  readonly kind: "iam";
}

/** What decides on the requests of a REST API. */
export type RestAuthorizer = TenantAuthorizer | IssuersAuthorizer | UserPoolAuthorizer | IamAuthorizer;

const keyScheme = "apiKey";
const schemes: Readonly<Record<RestAuthorizer["kind"], string>> = {
  tenants: "tenant",
  issuers: "issuers",
  "user-pool": "userPool",
  iam: "iam",
};

const inHeader = (name: string) => ({ type: "apiKey", name, in: "header" }) as const;

/** Header by which services, and the key of a cached answer, know the tenant. */
export const tenantHeader = "x-tenant-id";

/**
 * Returns the headers that the gateway sets in every request to a service, as parameters of its integration. They replace
 * what a client sends by these names: the subject is one of a verified token, or `-` on a route that verifies none.
 */
export function authorizedHeaders(authorizer: RestAuthorizer, { scopes }: Pick<RouteSpec, "scopes">) {
  const subject = scopes.length > 0 ? subjectValues[authorizer.kind] : "'-'";
  return {
    ...(authorizer.kind === "tenants"
      ? { [`integration.request.header.${tenantHeader}`]: "context.authorizer.tenant" }
      : {}),
    [`integration.request.header.${subjectHeader}`]: subject,
  };
}

const subjectValues: Readonly<Record<RestAuthorizer["kind"], string>> = {
  tenants: "context.authorizer.subject",
  issuers: "context.authorizer.subject",
  "user-pool": "context.authorizer.claims.sub",
  iam: "context.identity.userArn",
};

/**
 * Returns the security schemes of the API's OpenAPI document: those of Authorization, and one more where former paths have
 * their token in another header. With tenants the usage plan's key comes from the authorizer (`usageIdentifierKey`); the scheme
 * `apiKey` only makes a method demand one.
 */
export function securitySchemes(authorizer: RestAuthorizer, routes: readonly Pick<RouteSpec, "former">[]) {
  const headers = new Set([undefined, ...routes.map(({ former }) => former?.tokenHeader)]);
  return {
    ...Object.fromEntries([...headers].map((header) => [schemeOf(authorizer, header), scheme(authorizer, header)])),
    ...(authorizer.kind === "tenants" ? { [keyScheme]: { type: "apiKey", name: "x-api-key", in: "header" } } : {}),
  };
}

/** @param header  of the token @default Authorization */
function scheme(authorizer: RestAuthorizer, header = "Authorization") {
  switch (authorizer.kind) {
    case "tenants":
    case "issuers":
      return functionAuthorizer(authorizer, header);
    case "user-pool":
      return userPoolAuthorizer(authorizer, header);
    case "iam":
      return { ...inHeader(header), "x-amazon-apigateway-authtype": "awsSigv4" };
    default:
      return assertNever(authorizer);
  }
}

function schemeOf({ kind }: RestAuthorizer, header: string | undefined): string {
  return header === undefined ? schemes[kind] : `${schemes[kind]}Former`;
}

/**
 * Returns what a route demands. With tenants every route but the health routes needs a tenant's token; what its scopes
 * allow is in the policy that the authorizer returns. With IAM every route needs a signature. API Gateway ignores `security`
 * at the document's root, so each operation has its own.
 */
export function operationSecurity(route: RouteSpec, authorizer: RestAuthorizer): Record<string, readonly string[]>[] {
  const { scopes, former } = route;
  const own = schemeOf(authorizer, former?.tokenHeader);
  switch (authorizer.kind) {
    case "tenants":
      return isHealthRoute(route) ? [] : [{ [own]: [], [keyScheme]: [] }];
    case "issuers":
      return scopes.length === 0 ? [] : [{ [own]: [] }];
    case "user-pool":
      return scopes.length === 0 ? [] : [{ [own]: scopes }];
    case "iam":
      return [{ [own]: [] }];
    default:
      return assertNever(authorizer);
  }
}

/** Returns what a route demands that needs a token and no key of a usage plan. */
export function tokenSecurity({ kind }: RestAuthorizer): Record<string, readonly string[]>[] {
  return [{ [schemes[kind]]: [] }];
}

/** Tells whether a route is a health route of a service: they are the only open ones of an API with tenants, never cached. */
export function isHealthRoute({ id }: Pick<RouteSpec, "id">): boolean {
  return id === "get-health" || id === "probe-region";
}

function functionAuthorizer({ invokeArn }: TenantAuthorizer | IssuersAuthorizer, header: string) {
  return {
    ...inHeader(header),
    "x-amazon-apigateway-authtype": "custom",
    "x-amazon-apigateway-authorizer": {
      type: "request",
      authorizerUri: invokeArn,
      // The key of the cached decision: whatever selects the tenant must be in it.
      identitySource: `method.request.header.${header}`,
      authorizerResultTtlInSeconds: authorizerTtlSeconds,
    },
  };
}

function userPoolAuthorizer({ userPoolArn }: UserPoolAuthorizer, header: string) {
  return {
    ...inHeader(header),
    "x-amazon-apigateway-authtype": "cognito_user_pools",
    "x-amazon-apigateway-authorizer": { type: "cognito_user_pools", providerARNs: [userPoolArn] },
  };
}
