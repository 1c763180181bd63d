import type {
  CommonRouteFields,
  GatewayAnswer,
  GatewayRouteDefinition,
  LegacyRouteDefinition,
  Method,
  RouteDefinition,
  RouteDefinitions,
  ServiceCalls,
  ServiceDefinition,
  TableSpec,
  Throttle,
} from "./definition";
import { type ConsumeSpec, consumeSpecs, type WorkFields, workFields } from "./deliveries";
import { withLegacy, withoutLegacy } from "./movable-routes";
import { checkNeeds } from "./needs";
import { type NeedsSpec, needsSpec } from "./needs-spec";
import { type OpenApiDocument, openApiDocument, type RequestShape, requestShapes } from "./openapi";
import { healthAnswer } from "./schemas";
import { checkItemFields } from "./versions";

export type { GatewayAnswer, RouteDefinition, RouteDefinitions, TableSpec, Throttle };

/** One route as the infrastructure needs it, as plain data. */
export interface RouteSpec {
  /** Kebab-case and unique within the service, such as `put-food`. */
  readonly id: string;
  readonly method: Method;
  /** Path in API Gateway's syntax, starting with `/<service>/`: `/food-store/foods/{id}`. */
  readonly path: string;
  /** OAuth scopes; a token needs one of them. Empty for a route that needs no token. */
  readonly scopes: readonly string[];
  /** Limit of this route in each region. */
  readonly throttle: Throttle;
  /** Whether the service answers with a stream. @default false */
  readonly stream?: true;
  /** Path at the server. @default `path` */
  readonly serverPath?: string;
}

/** A route that an HTTP endpoint outside the platform answers, as plain data. */
export interface LegacyRouteSpec extends RouteSpec, Pick<LegacyRouteDefinition, "parameters"> {
  /** Whether the service can answer it too, so that configuration may move it. @default false */
  readonly movable?: true;
}

/** A route that a REST API answers itself, as plain data. */
export interface GatewayRouteSpec extends RouteSpec {
  readonly answer: GatewayAnswer;
}

/** A route by which a gateway takes work on, as plain data. */
export interface WorkRouteSpec extends RouteSpec, WorkFields {}

/** The contract of a service, as far as the rest of the platform needs it. */
export interface ServiceContract {
  readonly name: string;
  readonly title: string;
  readonly port: number;
  /** The routes that gateways may have; not those with `access: "platform"`. */
  readonly routes: readonly RouteSpec[];
  /** Routes that an HTTP endpoint outside the platform serves; its URL comes from configuration. */
  readonly legacyRoutes: readonly LegacyRouteSpec[];
  /** Routes that a REST API answers itself; an HTTP API does not have them. */
  readonly gatewayRoutes: readonly GatewayRouteSpec[];
  /** Routes by which the gateways take work on. */
  readonly workRoutes: readonly WorkRouteSpec[];
  /** Undefined for a service by an outside image that asks for none. */
  readonly table: TableSpec | undefined;
  readonly needs: NeedsSpec;
  /** Ids of the routes of other services that it calls, by service. */
  readonly calls: ServiceCalls;
  /** Whether changes of its items are published. */
  readonly publishes: boolean;
  readonly consumes: readonly ConsumeSpec[];
  /**
   * Returns the OpenAPI 3.0.3 document (the newest version that API Gateway imports). Built on first use.
   * @param moved  ids of the legacy routes that the service alone answers, as its contract says @default none
   */
  openApi(moved?: readonly string[]): OpenApiDocument;
  /** Returns what a REST API can check of the requests of each route, by route id. Built on first use. */
  requestShapes(): Readonly<Record<string, RequestShape>>;
}

/** The contract of a service together with its schemas, for the service's own app. */
export interface Service<Routes extends RouteDefinitions = RouteDefinitions, Calls extends ServiceCalls = ServiceCalls>
  extends ServiceContract {
  readonly definitions: Routes;
  readonly calls: Calls;
  readonly table: TableSpec;
}

/** Throttle for routes that read, unless a route needs another one: 100 requests per second, bursts of 50. */
export const readThrottle: Throttle = { rate: 100, burst: 50 };
/** Throttle for routes that write, unless a route needs another one: 20 requests per second, bursts of 10. */
export const writeThrottle: Throttle = { rate: 20, burst: 10 };
/** Sixteen or more Route 53 health checkers send a request every 10 s each, not at the same time. */
const healthThrottle: Throttle = { rate: 20, burst: 20 };

/** What differs in the contract of a service whose server knows nothing of the platform. */
export interface ServerOfItsOwn {
  /** What both health routes ask of the server, and what it answers. */
  readonly health: Required<Pick<RouteDefinition, "serverPath" | "answer">>;
}

/**
 * Makes the contract of a service from its definition: adds the health routes and derives scopes, the OpenAPI
 * document and the shapes of requests.
 * @param own  of a server that does not come with the kit
 * @example
 * export const petStore = defineService({
 *   name: "pet-store", title: "Pet store", port: 8082, table: { hashKey: "id", indexes: [] },
 *   routes: { "get-pet": { method: "GET", path: "/pet-store/pets/{id}", summary: "Reads one pet", access: "open",
 *     throttle: readThrottle, answer: pet } },
 * });
 */
export function defineService<
  const Routes extends RouteDefinitions,
  // biome-ignore lint/complexity/noBannedTypes: no service is called.
  const Calls extends ServiceCalls = {},
>(definition: ServiceDefinition<Routes, Calls>, own?: ServerOfItsOwn): Service<Routes & HealthRoutes, Calls> {
  const { name, title, port, table } = definition;
  const definitions = { ...definition.routes, ...healthRoutes(name, own?.health) };
  const published = publishedRoutes(definitions);
  const { work = {} } = definition;
  checkNeeds(name, definition.needs ?? {}, definition.routes);
  checkItemFields(name, definition.routes, definition.publishes ?? false);
  const documents = new Map<string, OpenApiDocument>();
  let shapes: Readonly<Record<string, RequestShape>> | undefined;
  return {
    name,
    title,
    port,
    table,
    definitions,
    routes: specs(name, withoutLegacy(published), ({ stream, serverPath }) => ({
      ...(stream && { stream }),
      ...(serverPath !== undefined && { serverPath }),
    })),
    legacyRoutes: [
      ...specs(name, definition.legacy ?? {}, ({ parameters }) => (parameters ? { parameters } : {})),
      ...movableRoutes(name, published),
    ],
    gatewayRoutes: specs(name, definition.gateway ?? {}, ({ answer }: GatewayRouteDefinition) => ({ answer })),
    workRoutes: specs(name, work, (route, id) => workFields(definition, id, route)),
    needs: needsSpec(name, definition.needs ?? {}, definition.routes),
    calls: definition.calls ?? ({} as Calls),
    publishes: definition.publishes ?? false,
    consumes: consumeSpecs(name, definition.consumes ?? {}, definition.routes),
    openApi: (moved = []) => {
      const known = documents.get(moved.join());
      if (known !== undefined) return known;
      // What an endpoint outside may answer has no schema here.
      const movable = Object.entries(withLegacy(published));
      const routes = movable.filter(([id]) => moved.includes(id));
      const legacy = movable.filter(([id]) => !moved.includes(id));
      const document = openApiDocument(
        {
          ...definition,
          routes: { ...withoutLegacy(published), ...Object.fromEntries(routes) },
          legacy: { ...definition.legacy, ...Object.fromEntries(legacy) },
        },
        own !== undefined,
      );
      documents.set(moved.join(), document);
      return document;
    },
    requestShapes: () => {
      shapes ??= requestShapes({ ...published, ...work });
      return shapes;
    },
  };
}

/** The two routes by which others find out whether a service is healthy. */
export type HealthRoutes = {
  /** For balancers, containers and groups, which replace servers. */
  readonly "get-health": RouteDefinition;
  /** For DNS alone, which moves requests to another region. */
  readonly "probe-region": RouteDefinition;
};

function healthRoutes(name: string, own?: ServerOfItsOwn["health"]): HealthRoutes {
  const answers = own ?? { answer: healthAnswer };
  const route = { method: "GET", access: "open", throttle: healthThrottle, ...answers } as const;
  return {
    "get-health": {
      ...route,
      path: `/${name}/healthz`,
      summary: "Tells whether this instance answers; checks none of its dependencies",
    },
    "probe-region": {
      ...route,
      path: `/${name}/healthz/region`,
      summary: "Tells whether the service has what it needs in this region; for DNS failover alone",
    },
  };
}

type PublishedRoutes = Readonly<Record<string, RouteDefinition & CommonRouteFields>>;

/** Returns the routes that gateways may have. */
function publishedRoutes(routes: RouteDefinitions): PublishedRoutes {
  const published = Object.entries(routes).filter(
    (each): each is [string, RouteDefinition & CommonRouteFields] => each[1].access !== "platform",
  );
  return Object.fromEntries(published);
}

/** Returns the routes that an endpoint outside answers until configuration moves them to the service. */
function movableRoutes(name: string, routes: PublishedRoutes): LegacyRouteSpec[] {
  return specs(name, withLegacy(routes), ({ legacy }) => ({ ...legacy, movable: true }));
}

/** @param more  returns the fields that only such routes have */
function specs<Definition extends CommonRouteFields, More>(
  service: string,
  routes: Readonly<Record<string, Definition>>,
  more: (route: Definition, id: string) => More,
): (RouteSpec & More)[] {
  return Object.entries(routes).map(([id, route]) => ({
    id,
    method: route.method,
    path: route.path,
    scopes: route.access === "write" ? [`${service}/write`] : [],
    throttle: route.throttle,
    ...more(route, id),
  }));
}
