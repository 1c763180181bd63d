import { parseRoutes } from "./routes";

/** Returns the header that the token of a route's requests is in, in lower case. @param route  `PUT /food-store/foods/{id}` */
export type TokenHeaderOf = (route: string) => string;

/**
 * Reads which routes have their token in another header than Authorization: FORMER_TOKEN_HEADER, that header, and
 * FORMER_ROUTES, a JSON list of them. A decision is kept by the header that the route's authorizer reads, so that no other one
 * may be read for it.
 * @throws {Error} one sentence when one of the two is missing or invalid
 */
export function tokenHeaders(env: Readonly<Record<string, string | undefined>>): TokenHeaderOf {
  const { FORMER_TOKEN_HEADER: header, FORMER_ROUTES: json } = env;
  if (header === undefined && json === undefined) return () => "authorization";
  if (header === undefined || !/^[a-z0-9-]+$/.test(header)) {
    throw new Error(
      `authorizer: FORMER_TOKEN_HEADER must be a header in lower case, got ${JSON.stringify(header)}; set the environment variable`,
    );
  }
  const former = new Set(routesIn(json));
  return (route) => (former.has(route) ? header : "authorization");
}

/** @throws {Error} unless the text is a list of routes */
function routesIn(json: string | undefined): readonly string[] {
  try {
    return parseRoutes(`{"":${json ?? "null"}}`).get("")!;
  } catch {
    throw new Error(
      `authorizer: FORMER_ROUTES must be a JSON list such as ["PUT /food-store/foods/{id}"], got ${JSON.stringify(json)}; correct the environment variable`,
    );
  }
}
