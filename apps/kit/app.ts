import { type Context, type Handler, Hono, type MiddlewareHandler } from "hono";
import type * as z from "zod";
import type { RouteDefinition, RouteDefinitions, Service } from "./contract";
import { errorResponse, HttpError } from "./errors";
import { type AdapterBindings, refuseHostilePath, requestIdOf } from "./incoming-request";
import { readInput } from "./input";
import { describeError, type Logger } from "./log";
import type { Item, ItemRepository } from "./repository";

/** What the app of a service is given by its adapter: the HTTP server, the Lambda function or a test. */
export interface AppDependencies<T extends Item> {
  /** Storage of the service's items. */
  readonly items: ItemRepository<T>;
  readonly log: Logger;
  /**
   * Time that a handler has to answer; after it, the client gets 503 `timeout`.
   * @default 10
   */
  readonly requestTimeoutSeconds?: number;
}

/** What Hono carries with each request: the adapter's bindings, and the route's path for the log. */
interface AppEnv {
  Bindings: AdapterBindings;
  Variables: { route: string };
}

/** The HTTP app of a service, independent of what runs it. */
export type App = Hono<AppEnv>;
/** A function that makes the app of a service from its dependencies: `createApp` of each service. */
export type AppFactory<T extends Item> = (dependencies: AppDependencies<T>) => App;

type PathParameters<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [K in Name]: string } & PathParameters<Rest>
  : unknown;

/** Validated input of one route, with the types of its contract. */
interface RouteInput<R extends RouteDefinition> {
  readonly params: PathParameters<R["path"]>;
  readonly query: R["query"] extends z.ZodType ? z.output<R["query"]> : undefined;
  readonly body: R["body"] extends z.ZodType ? z.output<R["body"]> : undefined;
}

/** Exactly one handler for each route of the contract, by route id. */
type RouteHandlers<Routes extends RouteDefinitions> = {
  readonly [Id in Exclude<keyof Routes, "get-health">]: (
    input: RouteInput<Routes[Id]>,
  ) => Promise<z.input<Routes[Id]["answer"]>>;
};

/**
 * Makes the HTTP app of a service from its contract. The app serves the contract's routes and the health route,
 * validates every request before its handler sees it, answers errors as JSON and logs each request.
 * @param handlers  one function per route id: takes the validated input, returns what the client gets with status 200.
 *   An `HttpError` that it throws becomes the answer, any other error a 500 without details.
 * @example serviceApp(foodStore, dependencies, { "get-food": ({ params }) => getOrNotFound(items, params.id) })
 */
export function serviceApp<Routes extends RouteDefinitions, T extends Item>(
  service: Service<Routes>,
  { log, requestTimeoutSeconds = 10 }: AppDependencies<T>,
  handlers: RouteHandlers<Routes>,
): App {
  const app: App = new Hono<AppEnv>();
  const answerHealth = healthHandler(service.name);
  app.use(logRequests(log));
  app.use(async (c, next) => {
    refuseHostilePath(c.req.url, c.env);
    await next();
  });
  app.get("/healthz", answerHealth);
  for (const [id, route] of Object.entries<RouteDefinition>(service.definitions)) {
    const handler = handlers[id as keyof typeof handlers] as (input: unknown) => Promise<object>;
    const answer = id === "get-health" ? answerHealth : routeHandler(route, handler, requestTimeoutSeconds);
    app.on(route.method, route.path.replace(/\{(\w+)\}/g, ":$1"), answer);
  }
  app.notFound(() => errorResponse(new HttpError(404, "route_not_found", "There is no such route")));
  app.onError((error) => errorResponse(error));
  return app;
}

function healthHandler(service: string): Handler<AppEnv> {
  return (c: Context<AppEnv>) => {
    c.set("route", "health");
    return c.json({ status: "ok", service }, 200, { "cache-control": "no-store" });
  };
}

function routeHandler(
  route: RouteDefinition,
  handler: (input: unknown) => Promise<object>,
  timeoutSeconds: number,
): Handler<AppEnv> {
  return async (c: Context<AppEnv>) => {
    c.set("route", route.path);
    const input = await readInput(route, c.req);
    return c.json(await withTimeout(timeoutSeconds, handler(input)));
  };
}

async function withTimeout<T>(seconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const error = new HttpError(503, "timeout", "The service did not answer in time");
    timer = setTimeout(() => reject(error), seconds * 1_000);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function logRequests(log: Logger): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const started = performance.now();
    const requestId = requestIdOf(c.req.raw.headers, c.env);
    await next();
    c.header("x-request-id", requestId);
    c.header("x-content-type-options", "nosniff");
    const route = c.get("route") ?? "unmatched";
    const { status } = c.res;
    const level = status >= 500 ? "error" : route === "health" ? "debug" : "info";
    const ms = Math.round((performance.now() - started) * 10) / 10;
    const failure = status >= 500 && c.error ? { failure: describeError(c.error) } : {};
    log[level]("request", { requestId, method: c.req.method, route, status, ms, ...failure });
  };
}
