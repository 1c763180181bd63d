import type { Handler, MiddlewareHandler } from "hono";
import type { AppEnv } from "./app-env";

/** What clients of an existing gateway send to a route, where it differs from the contract. */
export interface FormerPath {
  /** Path in the syntax of the contract, with the same parameters. @example "/logistics/v1/shipments/{id}" */
  readonly path: string;
  /** Header that the idempotency key is in. */
  readonly keyHeader: string;
}

/**
 * Reads what else a route is known by: FORMER_PATH_<ROUTE>, one more path, and FORMER_KEY_HEADER, the header that requests to
 * such a path have their idempotency key in. The gateway admits them as it does those to the route's own path.
 * @param route  its id
 * @returns undefined for a route that has its own path only
 * @throws {Error} one sentence when the path does not begin with a slash
 */
export function formerPath(
  service: string,
  env: Readonly<Record<string, string | undefined>>,
  route: string,
): FormerPath | undefined {
  const name = `FORMER_PATH_${route.toUpperCase().replaceAll("-", "_")}`;
  const path = env[name];
  if (path === undefined) return undefined;
  if (!path.startsWith("/")) {
    throw new Error(`${service}: ${name} must be a path that begins with a slash, got ${JSON.stringify(path)}; set it`);
  }
  return { path, keyHeader: env["FORMER_KEY_HEADER"] ?? "idempotency-key" };
}

/** Returns where a route is answered, in Hono's syntax, and by what: at its own path, and at the former one. */
export function atPaths(
  own: string,
  handler: Handler<AppEnv>,
  former: FormerPath | undefined,
): (readonly [path: string, ...MiddlewareHandler<AppEnv>[]])[] {
  const honoPath = (path: string) => path.replace(/\{(\w+)\}/g, ":$1");
  if (former === undefined) return [[honoPath(own), handler]];
  const remember: MiddlewareHandler<AppEnv> = async (c, next) => {
    c.set("keyHeader", former.keyHeader);
    await next();
  };
  return [
    [honoPath(own), handler],
    [honoPath(former.path), remember, handler],
  ];
}
