import type * as z from "zod";
import { catalog, type ServiceName } from "../apps/catalog";
import type { GatewayRouteSpec, RouteDefinition, RouteSpec, WorkRouteSpec } from "../apps/kit/contract";
import type { ExpectedService } from "./target";

/** What one service does for its clients. The end-to-end tests and `npm run verify` both read it from here. */
export interface ServiceStory {
  readonly name: string;
  /** The routes of health: of the server, and of what the service needs in its region. */
  readonly health: readonly RouteSpec[];
  /** Open routes that read one item. */
  readonly reads: readonly RouteSpec[];
  readonly lists: readonly ListStory[];
  /** Open routes that answer with a stream of lines. */
  readonly streams: readonly ListStory[];
  readonly writes: readonly WriteStory[];
  readonly legacy: readonly RouteSpec[];
  /** Routes by which the gateways take work on. */
  readonly work: readonly WorkRouteSpec[];
  /** Routes that a REST API answers itself. */
  readonly gateway: readonly GatewayRouteSpec[];
  /** Every route with a limit of its own that the service answers. */
  readonly routes: readonly RouteSpec[];
}

/** An open route that lists items. */
export interface ListStory {
  readonly route: RouteSpec;
  /** A valid query, without `?`. */
  readonly query: string;
}

/** A route that changes something and needs a scope. */
export interface WriteStory {
  readonly route: RouteSpec;
  /** A valid body without id; unset when the route reads no body. */
  readonly body?: object;
  /** Services by the ids in the body that name items of theirs. */
  readonly itemsOf: ReadonlyMap<string, string>;
  /** Whether it is of a session of the caller. */
  readonly ofSession: boolean;
  /** The open route that reads what this one stores; unset when it is turned off. */
  readonly read: RouteSpec | undefined;
}

/** Tells the story of one service from its contract and its configured routes. */
export function storyOf({ name, routes, legacyRoutes, gatewayRoutes, workRoutes }: ExpectedService): ServiceStory {
  const open = routes.filter(({ scopes, method }) => scopes.length === 0 && method === "GET");
  const health = open.filter(({ id }) => id === "get-health" || id === "probe-region");
  const others = open.filter((route) => !health.includes(route) && !route.stream);
  const withQuery = (route: RouteSpec) => ({ route, query: validQuery(name, route) });
  return {
    name,
    health,
    reads: others.filter(({ path }) => path.includes("{")),
    lists: others.filter(({ path }) => !path.includes("{")).map(withQuery),
    streams: open.filter(({ stream, path }) => stream && !path.includes("{")).map(withQuery),
    writes: routes
      .filter(({ scopes }) => scopes.length > 0)
      .map((route) => ({
        route,
        ...sampleOf(name, route.id),
        ofSession: definitionOf(name, route.id).session !== undefined,
        read: others.find(({ path }) => path === route.path),
      })),
    legacy: legacyRoutes,
    work: workRoutes,
    gateway: gatewayRoutes,
    routes,
  };
}

/** Returns a route's path for one item. */
export function pathOf({ path }: RouteSpec, id: string): string {
  return path.replace(/\{\w+\}/g, id);
}

/** Returns the contract's schemas of a route. */
export function definitionOf(service: string, route: string): RouteDefinition {
  const definitions: Readonly<Record<string, RouteDefinition>> = catalog[service as ServiceName].definitions;
  return definitions[route]!;
}

/**
 * Returns the body of a route with ids of items that exist in place of those that its sample names.
 * @param idOf  returns the id of an item of a service
 */
export function bodyWith({ body, itemsOf }: WriteStory, idOf: (service: string) => string): object | undefined {
  if (body === undefined || itemsOf.size === 0) return body;
  const ids = new Map([...itemsOf].map(([id, service]) => [id, idOf(service)]));
  return JSON.parse(JSON.stringify(body), (_, value) => ids.get(value) ?? value);
}

function sampleOf(service: string, route: string): Pick<WriteStory, "body" | "itemsOf"> {
  const { body, sample, sampleItems = {} } = definitionOf(service, route);
  const itemsOf = new Map(Object.entries(sampleItems).map(([name, id]) => [id, name]));
  if (body === undefined) return { itemsOf };
  if (sample === undefined)
    throw new Error(`service "${service}": ${route} needs a sample; add it to apps/${service}/contract.ts`);
  return { body: sample, itemsOf };
}

/** Fills the parameters that a list demands with those of a sample. */
function validQuery(service: string, route: RouteSpec): string {
  const schema: Readonly<Record<string, z.ZodType>> = definitionOf(service, route.id).query?.shape ?? {};
  const values = Object.assign(
    {},
    ...Object.values<RouteDefinition>(catalog[service as ServiceName].definitions).map(({ sample }) => sample),
  ) as Record<string, string>;
  const demanded = Object.keys(schema).filter((key) => !schema[key]!.safeParse(undefined).success);
  return new URLSearchParams(demanded.map((key): [string, string] => [key, String(values[key])])).toString();
}
