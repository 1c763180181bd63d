import type {
  Method,
  RouteDefinition,
  RouteDefinitions,
  RouteTerms,
  ServiceDefinition,
  TableSpec,
  Throttle,
} from "./definition";
import { type JsonSchema, type OpenApiDocument, openApiDocument, requestModels } from "./openapi";
import { health } from "./schemas";

export type { Method, RouteDefinition, RouteDefinitions, ServiceDefinition, TableSpec, Throttle };

/** One route as infrastructure sees it. Plain data. */
export interface RouteSpec {
  /** Unique within the service, kebab-case: `put-food`. */
  readonly id: string;
  readonly method: Method;
  /** API Gateway syntax, starts with `/<service>/`: `/food-store/foods/{id}`. */
  readonly path: string;
  /** OAuth scopes, any of which admits; empty means the route is open. */
  readonly scopes: readonly string[];
  /** Requests per second and bucket size of this route, per region. */
  readonly throttle: Throttle;
}

/** What the rest of the platform knows of a service. */
export interface ServiceContract {
  readonly name: string;
  readonly title: string;
  readonly port: number;
  readonly routes: readonly RouteSpec[];
  /** Routes that stay with an HTTP endpoint outside the platform; config adds the `url`. */
  readonly legacyRoutes: readonly RouteSpec[];
  readonly table: TableSpec;
  /** OpenAPI 3.0.3, the newest version API Gateway imports. Built on first call. */
  openApi(): OpenApiDocument;
  /** JSON schema (draft 4, the one REST API models take) of each request body, by route id. Built on first call. */
  requestModels(): Readonly<Record<string, JsonSchema>>;
}

/** A contract with its schemas, for the service's own app. */
export interface Service<Routes extends RouteDefinitions = RouteDefinitions> extends ServiceContract {
  readonly definitions: Routes;
}

export const reads: Throttle = { rate: 100, burst: 50 };
export const writes: Throttle = { rate: 20, burst: 10 };
/** Sixteen and more Route 53 checkers ask every 10 s, in phases of their own. */
export const healthChecks: Throttle = { rate: 20, burst: 20 };

/** Adds the open health route to a definition and derives what the platform needs from it. */
export function defineService<const Routes extends RouteDefinitions>(
  definition: ServiceDefinition<Routes>,
): Service<Routes & { "get-health": RouteDefinition }> {
  const { name, title, port, table } = definition;
  const definitions = { ...definition.routes, "get-health": healthRoute(name) };
  let document: OpenApiDocument | undefined;
  let models: Readonly<Record<string, JsonSchema>> | undefined;
  return {
    name,
    title,
    port,
    table,
    definitions,
    routes: specs(name, definitions),
    legacyRoutes: specs(name, definition.legacy ?? {}),
    openApi: () => {
      document ??= openApiDocument({ ...definition, routes: definitions });
      return document;
    },
    requestModels: () => {
      models ??= requestModels(definitions);
      return models;
    },
  };
}

function healthRoute(name: string): RouteDefinition {
  return {
    method: "GET",
    path: `/${name}/healthz`,
    summary: "Whether this instance answers; asks nothing of its dependencies",
    access: "open",
    throttle: healthChecks,
    answer: health,
  };
}

function specs(service: string, routes: Readonly<Record<string, RouteTerms>>): RouteSpec[] {
  return Object.entries(routes).map(([id, { method, path, access, throttle }]) => ({
    id,
    method,
    path,
    scopes: access === "write" ? [`${service}/write`] : [],
    throttle,
  }));
}
