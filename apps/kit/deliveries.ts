import { type ChangeKind, type ConsumeDefinition, changeKinds, type RouteDefinitions } from "./definition";

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
