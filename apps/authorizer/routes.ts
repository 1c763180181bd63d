/** The routes of a REST API by the scope that they need: `{ "": ["GET /a/{id}"], "a/write": ["PUT /a/{id}"] }`. */
export type RoutesByScope = ReadonlyMap<string, readonly string[]>;

const routePattern = /^(GET|PUT|POST|DELETE|PATCH|HEAD) (\/[A-Za-z0-9._~{}+/-]*)$/;
const scopePattern = /^[\x21\x23-\x5b\x5d-\x7e]{0,128}$/;

/**
 * Reads the table of routes. Routes that need no scope are under `""`; a route that accepts several scopes is under
 * each of them.
 * @throws {Error} one sentence when a route is invalid, or when two routes that need different scopes match one path:
 * API Gateway evaluates the policy with the path of the request, so that `/a/*` of one would also open the other
 */
export function parseRoutes(json: string): RoutesByScope {
  const table = Object.entries(JSON.parse(json) as Record<string, readonly string[]>);
  for (const [scope, routes] of table) {
    const bad = Array.isArray(routes) ? routes.find((route) => !routePattern.test(route)) : routes;
    if (!scopePattern.test(scope) || bad !== undefined) {
      throw new Error(
        `routes of scope "${scope}" must be a list such as ["GET /food-store/foods/{id}"], got ${JSON.stringify(bad)}; correct ROUTES`,
      );
    }
  }
  refuseOverlaps(table);
  return new Map(table);
}

/** Returns the method and path part of an execute-api ARN for a route: `GET/a/*` for `GET /a/{id}`. */
export function routeResource(route: string): string {
  return route.replace(" ", "").replace(/\{[^}]*\}/g, "*");
}

function refuseOverlaps(table: readonly (readonly [string, readonly string[]])[]): void {
  const scopesOf = new Map<string, string>();
  for (const route of new Set(table.flatMap(([, routes]) => routes))) {
    scopesOf.set(
      route,
      table
        .filter(([, routes]) => routes.includes(route))
        .map(([scope]) => scope)
        .sort()
        .join(" "),
    );
  }
  const all = [...scopesOf];
  for (const [index, [one, scopes]] of all.entries()) {
    for (const [other, others] of all.slice(index + 1)) {
      if (scopes !== others && overlap(routeResource(one), routeResource(other))) {
        throw new Error(
          `routes "${one}" and "${other}" must need the same scopes, got "${scopes}" and "${others}": a policy cannot tell them apart; change one path`,
        );
      }
    }
  }
}

/** Tells whether one text can match both patterns, in which `*` stands for any text, `/` included. */
function overlap(one: string, other: string): boolean {
  const seen = new Map<string, boolean>();
  const visit = (i: number, j: number): boolean => {
    const key = `${i},${j}`;
    const known = seen.get(key);
    if (known !== undefined) return known;
    const [a, b] = [one[i], other[j]];
    let result: boolean;
    if (a === undefined && b === undefined) result = true;
    else if (a === "*") result = visit(i + 1, j) || (b !== undefined && visit(i, j + 1));
    else if (b === "*") result = visit(i, j + 1) || (a !== undefined && visit(i + 1, j));
    else result = a !== undefined && a === b && visit(i + 1, j + 1);
    seen.set(key, result);
    return result;
  };
  return visit(0, 0);
}
