import * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import type * as pulumi from "@pulumi/pulumi";
import { assertNever } from "../../contract/assert-never";
import type { IdentityOutputs } from "../../contract/layer-outputs";
import type { RouteSpec } from "../../contract/service";

/** What decides on the tokens of an HTTP API. */
export type HttpAuthorizer =
  /** API Gateway's own JWT authorizer, which takes one issuer: the user pool. */
  | ({ readonly kind: "jwt" } & Pick<IdentityOutputs, "issuer" | "clientIds">)
  /** The platform's function, which takes several issuers. */
  | { readonly kind: "issuers"; readonly invokeArn: pulumi.Input<string> };

/** Seconds that API Gateway may reuse the function's decision on a token and a route. */
export const decisionSeconds = 60;

/** The authorizers of an HTTP API by the header that they read the token from; undefined stands for Authorization. */
export type HttpAuthorizers = ReadonlyMap<string | undefined, apigatewayv2.Authorizer>;

/** Arguments of `createHttpAuthorizers`. */
interface HttpAuthorizersArgs {
  readonly apiId: pulumi.Input<string>;
  readonly authorizer: HttpAuthorizer;
  readonly routes: readonly RouteSpec[];
}

/** Makes the authorizers of an HTTP API: one, and one more where former paths have their token in another header. */
export function createHttpAuthorizers(
  name: string,
  { routes, ...args }: HttpAuthorizersArgs,
  opts: pulumi.CustomResourceOptions,
): HttpAuthorizers {
  const headers = new Set([undefined, ...routes.map(({ former }) => former?.tokenHeader)]);
  return new Map(
    [...headers].map((header) => [
      header,
      createHttpAuthorizer(name, { ...args, suffix: header ? "-former" : "", header: header ?? "Authorization" }, opts),
    ]),
  );
}

function createHttpAuthorizer(
  name: string,
  {
    apiId,
    authorizer,
    suffix,
    header,
  }: Omit<HttpAuthorizersArgs, "routes"> & { readonly suffix: string; readonly header: string },
  opts: pulumi.CustomResourceOptions,
): apigatewayv2.Authorizer {
  switch (authorizer.kind) {
    case "jwt":
      return new apigatewayv2.Authorizer(
        `${name}-jwt${suffix}`,
        {
          apiId,
          name: `${name}-jwt${suffix}`,
          authorizerType: "JWT",
          identitySources: [`$request.header.${header}`],
          jwtConfiguration: { issuer: authorizer.issuer, audiences: authorizer.clientIds },
        },
        opts,
      );
    case "issuers":
      return new apigatewayv2.Authorizer(
        `${name}-issuers${suffix}`,
        {
          apiId,
          name: `${name}-issuers${suffix}`,
          authorizerType: "REQUEST",
          authorizerUri: authorizer.invokeArn,
          authorizerPayloadFormatVersion: "2.0",
          enableSimpleResponses: true,
          // The key of a kept decision. The route is in it, as a decision is about the scopes of one route; a request
          // without the header is refused without asking the function.
          identitySources: [`$request.header.${header}`, "$context.routeKey"],
          authorizerResultTtlInSeconds: decisionSeconds,
        },
        opts,
      );
    default:
      return assertNever(authorizer);
  }
}

/** Returns what a route demands: a token with one of its scopes, which the function looks up itself. */
export function routeAuthorization(
  { scopes, former }: Pick<RouteSpec, "scopes" | "former">,
  { kind }: HttpAuthorizer,
  authorizers: HttpAuthorizers,
): Pick<apigatewayv2.RouteArgs, "authorizationType" | "authorizerId" | "authorizationScopes"> {
  if (scopes.length === 0) return { authorizationType: "NONE" };
  const { id: authorizerId } = authorizers.get(former?.tokenHeader)!;
  return kind === "jwt"
    ? { authorizationType: "JWT", authorizerId, authorizationScopes: [...scopes] }
    : { authorizationType: "CUSTOM", authorizerId };
}

/** Returns the variable of the subject of a verified token. */
export function subjectVariable({ kind }: HttpAuthorizer): string {
  return kind === "jwt" ? "$context.authorizer.claims.sub" : "$context.authorizer.subject";
}
