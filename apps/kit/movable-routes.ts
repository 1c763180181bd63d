/** Routes by id, some of which an endpoint outside may answer. */
type Routes<Route> = Readonly<Record<string, Route>>;
type MayBeLegacy = { readonly legacy?: object };

/** Returns the routes that an endpoint outside answers until configuration moves them to the service. */
export function withLegacy<Route extends MayBeLegacy>(routes: Routes<Route>): Routes<Route> {
  return Object.fromEntries(Object.entries(routes).filter(([, { legacy }]) => legacy !== undefined));
}

/** Returns the routes that the service alone answers. */
export function withoutLegacy<Route extends MayBeLegacy>(routes: Routes<Route>): Routes<Route> {
  return Object.fromEntries(Object.entries(routes).filter(([, { legacy }]) => legacy === undefined));
}
