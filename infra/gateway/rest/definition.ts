import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { ComputeOutputs } from "../../contract/layer-outputs";
import type { JsonSchema, RouteSpec, ServiceSpec } from "../../contract/service";
import type { PublishedReference } from "../reference";
import type { QueueBackend } from "../work-queues";
import {
  authorizedHeaders,
  operationSecurity,
  type RestAuthorizer,
  securitySchemes,
  tokenSecurity,
} from "./authorizer";
import { cacheKeys, isCached, originHeader, type RestCache } from "./cache";
import { preflightOperation } from "./cors";
import { refuseTooLarge } from "./definition-quotas";
import { gatewayResponses } from "./gateway-responses";
import { gatewayIntegration, gatewayResponsesOf, type ItemReader } from "./gateway-route";
import { type RestIntegration, type RestIntegrationContext, restIntegration } from "./integration";
import { pathParameters } from "./path-parameters";
import { restRoutes } from "./routes";
import type { UsageRoute } from "./tenants/tenant-usage";

/** Arguments of `restDefinition`. */
export interface RestDefinitionArgs {
  readonly title: string;
  readonly services: readonly ServiceSpec[];
  readonly backends: ComputeOutputs;
  readonly integrations: Omit<RestIntegrationContext, "headers">;
  /** Queues that take work on, by service and route. Needed by services with such routes. */
  readonly queues?: Readonly<Record<string, Readonly<Record<string, QueueBackend>>>>;
  /** What items are read with, by service. @default none */
  readonly readers?: Readonly<Record<string, ItemReader>>;
  readonly authorizer: RestAuthorizer;
  /** Exact origins that browsers may send requests from; none turns CORS off. */
  readonly corsOrigins: readonly string[];
  /** @default no cache, which costs by the hour */
  readonly cache?: RestCache;
  /** Routes to the OpenAPI documents. @default none */
  readonly reference?: PublishedReference;
  /** The route by which tenants learn what they have used. @default none */
  readonly usage?: UsageRoute;
  /** Who reaches the API. @default everybody, at its domain name */
  readonly private?: PrivateReach;
}

/** The VPC endpoint through which a private API is reached, and who may request what of it. */
export interface PrivateReach {
  readonly endpointId: Input<string>;
  /** Resource policy; the API is denied to everybody without one. */
  readonly policy: Readonly<Record<string, unknown>>;
}

/** Statuses of a route that takes work on; each must be declared for an integration to use it. */
const workResponses = { 202: { description: "Taken on" }, 503: { description: "The queue did not answer" } };
const validator = "body-and-parameters";

/**
 * Returns the OpenAPI document that a REST API is imported from, as JSON: its routes with their integrations, models,
 * validation and authorization, and the answers of the gateway itself. Equal arguments give an equal text, as the
 * deployment is made anew whenever it changes.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
 */
export function restDefinition(args: RestDefinitionArgs): pulumi.Output<string> {
  const { services, authorizer, corsOrigins } = args;
  const operations = [
    ...services.flatMap((service) => serviceOperations(service, args)),
    ...(args.reference?.routes ?? []).map((route) => referenceOperation(route, args.reference!, args)),
    ...(args.usage ? [usageOperation(args.usage, args)] : []),
  ];
  const models = Object.assign({}, ...services.map(serviceModels));
  const document = {
    openapi: "3.0.1",
    info: { title: args.title, version: "1" },
    paths: byPath(operations, corsOrigins),
    components: { schemas: models, securitySchemes: securitySchemes(authorizer, services.flatMap(restRoutes)) },
    "x-amazon-apigateway-request-validators": {
      [validator]: { validateRequestBody: true, validateRequestParameters: true },
    },
    "x-amazon-apigateway-gateway-responses": gatewayResponses(corsOrigins),
    ...(authorizer.kind === "tenants" ? { "x-amazon-apigateway-api-key-source": "AUTHORIZER" } : {}),
    ...(args.private ? privateParts(args.private) : {}),
  };
  refuseTooLarge(document);
  return pulumi.jsonStringify(document);
}

/**
 * Returns what only a private API has. In the document, a change of either makes a new deployment, without which it would
 * have no effect.
 */
function privateParts({ endpointId, policy }: PrivateReach) {
  return {
    "x-amazon-apigateway-policy": policy,
    "x-amazon-apigateway-endpoint-configuration": { vpcEndpointIds: [endpointId] },
  };
}

interface PathOperation {
  readonly route: RouteSpec;
  readonly operation: Readonly<Record<string, unknown>>;
}

function serviceOperations(service: ServiceSpec, args: RestDefinitionArgs): PathOperation[] {
  const { backends, authorizer } = args;
  const integrations = { ...args.integrations, headers: (route: RouteSpec) => authorizedHeaders(authorizer, route) };
  const own = service.routes.map((route) => {
    const integration = restIntegration(backends[service.name]!, route, integrations);
    return { route, operation: operation(service, route, integration, args) };
  });
  const legacy = service.legacyRoutes.map((route) => {
    const integration = restIntegration({ kind: "url", url: route.url }, route, integrations);
    return { route, operation: operation(service, route, integration, args) };
  });
  const answered = service.gatewayRoutes.map((route) => {
    const integration = gatewayIntegration(route, args.readers?.[service.name], args.corsOrigins);
    const answer = { ...operation(service, route, integration, args), responses: gatewayResponsesOf(route) };
    return { route, operation: answer };
  });
  const taken = service.workRoutes.map((route) => {
    const integration = restIntegration(args.queues![service.name]![route.id]!, route, integrations);
    return { route, operation: { ...operation(service, route, integration, args), responses: workResponses } };
  });
  return [...own, ...legacy, ...answered, ...taken];
}

/** Documents are open, also where tenants are not, and never kept: the function answers 304 to who has them. */
function referenceOperation(
  route: RouteSpec,
  { backend }: PublishedReference,
  { integrations }: RestDefinitionArgs,
): PathOperation {
  const string = { type: "string" };
  return {
    route,
    operation: {
      operationId: `reference-${route.id}`,
      parameters: pathParameters(route.path).map((name) => ({ name, in: "path", required: true, schema: string })),
      responses: { default: { description: "A document, or a part of the page that shows it" } },
      security: [],
      "x-amazon-apigateway-integration": restIntegration(backend, route, { ...integrations, headers: () => ({}) }),
    },
  };
}

/** It needs a tenant's token and no key of a usage plan, so that it answers who has used up the quota, and counts against none. */
function usageOperation(
  { route, backend }: UsageRoute,
  { authorizer, integrations }: RestDefinitionArgs,
): PathOperation {
  return {
    route,
    operation: {
      operationId: `tenant-${route.id}`,
      responses: { default: { description: "The tier's limits, and how much of the quota is used" } },
      security: tokenSecurity(authorizer),
      "x-amazon-apigateway-integration": restIntegration(backend, route, { ...integrations, headers: () => ({}) }),
    },
  };
}

function operation(
  service: ServiceSpec,
  route: RouteSpec,
  integration: RestIntegration,
  { authorizer, cache, corsOrigins }: RestDefinitionArgs,
): PathOperation["operation"] {
  const cors = corsOrigins.length > 0;
  const kept = cache !== undefined && isCached(route, authorizer);
  const string = { type: "string" };
  return {
    operationId: `${service.name}-${route.id}`,
    parameters: [
      ...pathParameters(route.path).map((name) => ({ name, in: "path", required: true, schema: string })),
      ...(route.query ?? []).map(({ name, required }) => ({ name, in: "query", required, schema: string })),
      ...(kept && cors ? [{ name: originHeader, in: "header", required: false, schema: string }] : []),
    ],
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { "application/json": { schema: { $ref: `#/components/schemas/${modelName(service, route)}` } } },
          },
        }),
    responses: { default: { description: "Answer of the service" } },
    security: operationSecurity(route, authorizer),
    "x-amazon-apigateway-request-validator": validator,
    "x-amazon-apigateway-integration": kept ? withKeys(integration, cacheKeys(route, authorizer, cors)) : integration,
  };
}

/** Adds the key of cached answers to an integration. */
function withKeys(
  integration: RestIntegration,
  { requestParameters, cacheKeyParameters }: ReturnType<typeof cacheKeys>,
) {
  const own = integration["requestParameters"] as Readonly<Record<string, unknown>> | undefined;
  return { ...integration, cacheKeyParameters, requestParameters: { ...own, ...requestParameters } };
}

function byPath(operations: readonly PathOperation[], corsOrigins: readonly string[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { route, operation } of operations) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation };
  }
  if (corsOrigins.length === 0) return paths;
  for (const [path, item] of Object.entries(paths)) {
    const routes = operations.map(({ route }) => route).filter((route) => route.path === path);
    paths[path] = { ...item, options: preflightOperation(corsOrigins, routes) };
  }
  return paths;
}

/** Returns the models of a service's request bodies, by name. */
function serviceModels(service: ServiceSpec): Record<string, JsonSchema> {
  return Object.fromEntries(
    [...service.routes, ...service.workRoutes].flatMap((route) =>
      route.body === undefined || route.former ? [] : [[modelName(service, route), model(route.body)]],
    ),
  );
}

/** Names of models are letters and digits only. @example "FoodStorePutFood" */
function modelName(service: Pick<ServiceSpec, "name">, { id, former }: Pick<RouteSpec, "id" | "former">): string {
  const words = `${service.name}-${former?.of ?? id}`.split("-");
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

/** An OpenAPI document names the draft of none of its schemas. */
function model({ $schema: _draft, ...schema }: JsonSchema): JsonSchema {
  return schema;
}
