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
  const table = Object.entries(parseObject(json));
  for (const [scope, routes] of table) {
    const bad = Array.isArray(routes) ? routes.find((route) => !isRoute(route)) : routes;
    if (!scopePattern.test(scope) || bad !== undefined) {
      throw new Error(
        `routes of scope "${scope}" must be a list such as ["GET /food-store/foods/{id}"], got ${JSON.stringify(bad)}; correct ROUTES`,
      );
    }
  }
  const valid = table as [string, readonly string[]][];
  refuseOverlaps(valid);
  return new Map(valid);
}

/** Returns the method and path part of an execute-api ARN for a route: `GET/a/*` for `GET /a/{id}`. */
export function routeResource(route: string): string {
  return route.replace(" ", "").replace(/\{[^}]*\}/g, "*");
}

function parseObject(json: string): object {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new Error(
    `ROUTES must be a JSON object of routes by scope, such as {"": ["GET /a/{id}"]}, got ${JSON.stringify(json.slice(0, 80))}; correct ROUTES`,
  );
}

function isRoute(route: unknown): boolean {
  return typeof route === "string" && routePattern.test(route);
}

function refuseOverlaps(table: readonly (readonly [string, readonly string[]])[]): void {
  const scopesOf = new Map<string, Set<string>>();
  for (const [scope, routes] of table) {
    for (const route of routes) scopesOf.set(route, (scopesOf.get(route) ?? new Set()).add(scope));
  }
  const all = [...scopesOf].map(([route, scopes]) => ({ route, scopes: [...scopes].sort().join(" ") }));
  for (const [index, one] of all.entries()) {
    const other = all
      .slice(index + 1)
      .find(({ route, scopes }) => scopes !== one.scopes && overlap(routeResource(one.route), routeResource(route)));
    if (other !== undefined) {
      throw new Error(
        `routes "${one.route}" and "${other.route}" must need the same scopes, got "${one.scopes}" and "${other.scopes}": a policy cannot tell them apart; change one path`,
      );
    }
  }
}

/** Tells whether one text can match both patterns, in which `*` stands for any text, `/` included. */
export function overlap(one: string, other: string): boolean {
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
