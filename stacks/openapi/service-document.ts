import type { JsonSchema } from "../../apps/kit/openapi";
import type { RouteSpec, ServiceSpec } from "../../infra/contract/service";
import { httpRoutes } from "../../infra/gateway/http/routes";
import { isHealthRoute } from "../../infra/gateway/rest/authorizer";
import { type RestRoutes, restRoutes } from "../../infra/gateway/rest/routes";
import { type DocumentParts, joinComponents, referredComponent, withOwnNames, withoutUnused } from "./components";
import { gatewayComponents, gatewayResponses, orRefusal, type PublishingGateway } from "./gateway-answers";
import { servedByComponents, withServedBy } from "./served-by";

/** The routes of a service that a gateway has. */
export const gatewayRoutes = { http: httpRoutes, rest: restRoutes } as const;

/** What a service's document is made from. */
export interface ServiceDocumentArgs {
  readonly gateway: PublishingGateway;
  /** The service after configuration: its routes are those that are published. */
  readonly service: Pick<ServiceSpec, "name"> & RestRoutes;
  /** Whether it is an image from outside, whose answers do not say who answered. */
  readonly outside: boolean;
  /** The document of its contract, without what gateways do. */
  readonly contract: DocumentParts;
  /** Whether the gateway admits tenants, so that every route but the health routes needs a token. */
  readonly tenants: boolean;
  /** Whether the gateway admits tokens of the user pool. */
  readonly pool: boolean;
}

/**
 * Returns what a service answers behind a gateway: the routes that the gateway has of it, with the gateway's own answers
 * and what it demands. Ids of operations and names of components begin with the service's name, so that the documents of
 * all services can be joined.
 * @throws {Error} when a route is not in the document of its contract
 */
export function serviceDocument(args: ServiceDocumentArgs): DocumentParts {
  const { gateway, service, contract } = args;
  // Security is the gateway's part.
  const { securitySchemes: _unused, ...components } = contract.components;
  const own = withOwnNames({ paths: contract.paths, components }, service.name);
  const shared = new Set<string>();
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of gatewayRoutes[gateway](service)) {
    // No new client is to use a path of the existing gateway.
    if (route.former) continue;
    const method = route.method.toLowerCase();
    const declared = own.paths[route.path]?.[method];
    if (declared === undefined) {
      throw new Error(`route ${route.id} of ${service.name} must be in the OpenAPI document of its contract; add it`);
    }
    paths[route.path] = { ...paths[route.path], [method]: operation(route, declared, args, shared) };
  }
  const responses = Object.entries(own.components["responses"] ?? {}).map(([name, response]) => [
    name,
    shared.has(name) ? orRefusal(response) : response,
  ]);
  const joined = [
    { ...own.components, responses: Object.fromEntries(responses) },
    gatewayComponents(gateway),
    servedByComponents,
  ];
  return withoutUnused({ paths, components: joinComponents(joined) });
}

/** @param shared  gets the names of the contract's responses whose status the gateway gives too */
function operation(
  route: RouteSpec,
  declared: JsonSchema,
  { gateway, service, tenants, pool, outside }: ServiceDocumentArgs,
  shared: Set<string>,
): JsonSchema {
  const authorized = route.scopes.length > 0 || (gateway === "rest" && tenants && !isHealthRoute(route));
  const given = gatewayResponses(gateway, authorized);
  const own = !outside && service.routes.some(({ id }) => id === route.id);
  const responses = Object.entries((declared["responses"] ?? {}) as Readonly<Record<string, JsonSchema>>).map(
    ([status, response]) => {
      if (own && /^2/.test(status)) return [status, withServedBy(response)];
      if (!(status in given)) return [status, response];
      const name = referredComponent(response);
      if (name === undefined) return [status, orRefusal(response)];
      shared.add(name);
      return [status, response];
    },
  );
  const description = [declared["description"], describe(route)].filter(Boolean).join("\n\n");
  return {
    ...declared,
    operationId: `${service.name}-${route.id}`,
    tags: [service.name],
    ...(description && { description }),
    responses: { ...given, ...Object.fromEntries(responses) },
    security: authorized ? [...(pool ? [{ userPool: route.scopes }] : []), { accessToken: [] }] : [],
  };
}

function describe({ scopes }: RouteSpec): string {
  return scopes.length === 0 ? "" : `Needs a token with the scope \`${scopes.join("` or `")}\`.`;
}
