import {
  type ChangeKind,
  type ConsumeDefinition,
  changeKinds,
  type RouteDefinitions,
  type ServiceDefinition,
  type WorkDefinition,
} from "./definition";

/** A route to which the platform hands messages, as plain data. */
export interface DeliveredRoute {
  readonly method: "POST";
  /** Path without parameters. */
  readonly path: string;
}

/** Changes of another service's items that are handed to a route, as plain data. */
export interface ConsumeSpec extends DeliveredRoute {
  /** Service that publishes them. */
  readonly service: string;
  /** @default all kinds */
  readonly kinds?: readonly ChangeKind[];
}

/** What a route by which a gateway takes work on has in addition to other routes, as plain data. */
export interface WorkFields {
  /** The route that does it. */
  readonly deliverTo: DeliveredRoute;
  /** A valid body. */
  readonly sample: Readonly<Record<string, unknown>>;
  /** Path that reads what became of it by the id of the message, and the name of its table. @default not known */
  readonly result?: { readonly path: string; readonly table: string };
}

/**
 * Returns the route to which the platform hands messages.
 * @param place  where the contract names it. @example "needs.bucket.onUpload.route"
 * @throws {Error} one sentence, when the platform cannot hand messages to it
 */
export function deliveredRoute(service: string, place: string, id: string, routes: RouteDefinitions): DeliveredRoute {
  const route = routes[id];
  const taken = Object.entries(routes).filter(([, { access }]) => access === "platform");
  if (route?.access !== "platform") {
    const names = taken.map(([name]) => name).join(", ") || "none";
    throw new Error(
      `service "${service}": ${place} must be a route with access "platform" (${names}), got ${JSON.stringify(id)}; name one, or make one for it`,
    );
  }
  if (route.method !== "POST" || route.path.includes("{") || route.body === undefined) {
    throw new Error(
      `service "${service}": ${place} must be a POST with a body and without path parameters, got ${route.method} ${route.path}${route.body ? "" : " without body"}; correct the route ${id}`,
    );
  }
  return { method: route.method, path: route.path };
}

/**
 * Returns who does the work of a route and where its result is, written out.
 * @throws {Error} one sentence, when there is no such route or table
 */
export function workFields(definition: ServiceDefinition, id: string, work: WorkDefinition): WorkFields {
  const { name, routes, needs } = definition;
  const deliverTo = deliveredRoute(name, `work.${id}.route`, work.route, routes);
  const { sample, result } = work;
  if (result === undefined) return { deliverTo, sample };
  const { access, method, path = "" } = routes[result.route] ?? {};
  if (access !== "open" || method !== "GET" || path.split("{").length !== 2) {
    throw new Error(
      `service "${name}": work.${id}.result.route must be an open GET with one path parameter, got ${JSON.stringify(result.route)}; name the route that reads what became of a message`,
    );
  }
  if (!Object.hasOwn(needs?.tables ?? {}, result.table)) {
    throw new Error(
      `service "${name}": work.${id}.result.table must be one of needs.tables (${Object.keys(needs?.tables ?? {}).join(", ") || "none"}), got ${JSON.stringify(result.table)}; name the table of the results`,
    );
  }
  return { deliverTo, sample, result: { path, table: result.table } };
}

/** Returns what a service consumes, with each route written out, so that nothing else has to look it up. */
export function consumeSpecs(
  service: string,
  consumes: Readonly<Record<string, ConsumeDefinition>>,
  routes: RouteDefinitions,
): ConsumeSpec[] {
  return Object.entries(consumes).map(([publisher, { route, kinds }]) => {
    if (kinds !== undefined && (kinds.length === 0 || new Set(kinds).size < kinds.length)) {
      throw new Error(
        `service "${service}": consumes.${publisher}.kinds must be different kinds of ${changeKinds.join(", ")}, got ${JSON.stringify(kinds)}; correct them, or leave kinds out for all`,
      );
    }
    const delivered = deliveredRoute(service, `consumes.${publisher}.route`, route, routes);
    return { service: publisher, ...delivered, ...(kinds === undefined ? {} : { kinds }) };
  });
}
