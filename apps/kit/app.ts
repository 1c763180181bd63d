import { type Context, type Handler, Hono, type MiddlewareHandler } from "hono";
import type * as z from "zod";
import type { AppEnv } from "./app-env";
import type { HealthRoutes, RouteDefinition, RouteDefinitions, Service } from "./contract";
import { corsHeaders } from "./cors";
import type { Idempotency, PathParameters } from "./definition";
import { errorResponse, HttpError } from "./errors";
import { atPaths, type FormerPath } from "./former-paths";
import { answerByKey, type IdempotencyStore, type KeyedRoute, keyHeader } from "./idempotent-route";
import { refuseHostilePath, requestIdOf } from "./incoming-request";
import { readInput } from "./input";
import type { LegacyShare } from "./legacy-share";
import { describeError, type Logger } from "./log";
import { probedItem, REGION_PROBE_SECONDS, type RegionReads, regionProbe } from "./region-health";
import type { Item, ItemRepository } from "./repository";
import { servedByHeader } from "./served-by";
import { inSession, type Session, type SessionStore, sessionHeader } from "./session";
import type { SessionUse } from "./session-definition";
import { sharedHandler } from "./shared-route";
import { subjectOf } from "./subject";
import { withTimeout } from "./time-limit";
import { spanFields, withTrace } from "./trace";

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
  /** Origins whose pages may read answers, where the gateway leaves that to the service. @default none */
  readonly corsOrigins?: readonly string[];
  /**
   * Seconds that the result of a probe of the region stands.
   * @default 5
   */
  readonly regionProbeSeconds?: number;
  /**
   * What requests need of the region in addition to the table, which the region's probe reads.
   * @default nothing
   */
  readonly regionReads?: RegionReads;
  /**
   * Keeps the keys of the routes with `idempotency`; see `withIdempotency`.
   * @default none, for a service without such routes
   */
  readonly idempotency?: IdempotencyStore;
  /** Keeps the sessions of the routes with `session`; see `withSessions`. @default none, for a service without such routes */
  readonly sessions?: SessionStore;
  /** Returns how a route with `legacy` is shared with the endpoint outside. @default the service answers all requests */
  readonly shareOf?: (route: string) => LegacyShare | undefined;
  /** Returns what else a route is known by to clients of an existing gateway. @default its own path is the only one */
  readonly formerOf?: (route: string) => FormerPath | undefined;
  /** Returns who answers, see `servedBy`. @default unknown, and answers do not say it */
  readonly servedBy?: () => string | undefined;
}

/** The HTTP app of a service, independent of what runs it. */
export type App = Hono<AppEnv>;
/** A function that makes the app of a service from its dependencies: `createApp` of each service. */
export type AppFactory<T extends Item> = (dependencies: AppDependencies<T>) => App;

/** Validated input of one route, with the types of its contract. */
interface RouteInput<R extends RouteDefinition> {
  readonly params: PathParameters<R["path"]>;
  readonly query: R["query"] extends z.ZodType ? z.output<R["query"]> : undefined;
  readonly body: R["body"] extends z.ZodType ? z.output<R["body"]> : undefined;
  /** Id for what a route with `idempotency` makes: the same when a request is sent again by its key. */
  readonly newId: R["idempotency"] extends Idempotency ? string : undefined;
  /** The caller's session, of a route with `session`. */
  readonly session: R["session"] extends SessionUse<infer Data> ? Session<z.output<Data>> : undefined;
  /** Id of the message that the platform hands over, the same each time that it does. */
  readonly messageId: R["access"] extends "platform" ? string : undefined;
  /** Whose token the gateway has verified, see `subjectOf`. @default undefined, of routes that need no token */
  readonly subject: string | undefined;
}

/** What a handler returns: the answer, or its lines one after the other. */
type HandlerResult<R extends RouteDefinition> = R["stream"] extends true
  ? AsyncIterable<z.input<R["answer"]>>
  : Promise<z.input<R["answer"]>>;

/** Exactly one handler for each route of the contract, by route id. */
type RouteHandlers<Routes extends RouteDefinitions> = {
  readonly [Id in Exclude<keyof Routes, keyof HealthRoutes>]: (
    input: RouteInput<Routes[Id]>,
  ) => HandlerResult<Routes[Id]>;
};

/**
 * Makes the HTTP app of a service from its contract. The app serves the contract's routes and the health routes,
 * validates every request before its handler sees it, answers errors as JSON and logs each request.
 * @param handlers  one function per route id: takes the validated input, returns what the client gets with status 200.
 *   An `HttpError` that it throws becomes the answer, any other error a 500 without details.
 * @example serviceApp(foodStore, dependencies, { "get-food": ({ params }) => getOrNotFound(items, params.id) })
 */
export function serviceApp<Routes extends RouteDefinitions, T extends Item>(
  service: Service<Routes>,
  { items, log, requestTimeoutSeconds = 10, corsOrigins = [], idempotency, sessions, ...more }: AppDependencies<T>,
  handlers: RouteHandlers<Routes>,
): App {
  const app: App = new Hono<AppEnv>();
  const keysOf = (route: string): IdempotencyStore => {
    if (idempotency !== undefined) return idempotency;
    throw new Error(`${service.name}: the route ${route} takes idempotency keys; give its app to withIdempotency`);
  };
  const answerHealth = healthHandler(service.name);
  const { regionReads, regionProbeSeconds: cacheSeconds = REGION_PROBE_SECONDS } = more;
  const probe = regionProbe({ table: () => items.get(probedItem), ...regionReads }, { cacheSeconds });
  const health: Readonly<Record<keyof HealthRoutes, Handler<AppEnv>>> = {
    "get-health": answerHealth,
    "probe-region": healthHandler(service.name, probe),
  };
  app.use((c, next) => withTrace(c.req.header("traceparent"), c.req.header("x-amzn-trace-id"), next));
  app.use(logRequests(log, more.servedBy));
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(corsHeaders(corsOrigins, c.req.header("origin")))) c.header(name, value);
  });
  app.use(async (c, next) => {
    refuseHostilePath(c.req.url, c.env);
    await next();
  });
  app.get("/healthz", answerHealth);
  for (const [id, route] of Object.entries<RouteDefinition>(service.definitions)) {
    const own = handlers[id as keyof typeof handlers] as (input: object) => never;
    const handler = inSession(route.session, sessions, own) as typeof own;
    const limits = { timeoutSeconds: requestTimeoutSeconds, log };
    const keys = route.idempotency && { service: service.name, id, idempotency: route.idempotency, store: keysOf(id) };
    const answer = route.stream
      ? streamHandler(route, handler, limits)
      : routeHandler(route, handler, { ...limits, keys });
    const share = route.legacy && more.shareOf?.(id);
    const shared = share ? sharedHandler({ id, route, share, timeoutSeconds: requestTimeoutSeconds }, answer) : answer;
    const paths = atPaths(route.path, health[id as keyof HealthRoutes] ?? shared, more.formerOf?.(id));
    for (const [path, ...chain] of paths) app.on(route.method, [path], ...chain);
  }
  app.notFound(() => errorResponse(new HttpError(404, "route_not_found", "There is no such route")));
  app.onError((error) => errorResponse(error));
  return app;
}

/** @param probe  fails while the service is not healthy @default it is healthy when it answers */
function healthHandler(service: string, probe?: () => Promise<void>): Handler<AppEnv> {
  return async (c: Context<AppEnv>) => {
    c.set("route", "health");
    await probe?.();
    return c.json({ status: "ok", service }, 200, { "cache-control": "no-store" });
  };
}

async function inputOf(route: RouteDefinition, c: Context<AppEnv>) {
  c.set("route", route.path);
  const subject = route.access === "open" ? undefined : subjectOf(c.req.raw.headers, c.env);
  c.set("subject", subject);
  const messageId = route.access === "platform" ? requestIdOf(c.req.raw.headers, c.env) : undefined;
  const session = route.session && { sessionId: c.req.header(sessionHeader) };
  return { ...(await readInput(route, c.req)), subject, ...(messageId === undefined ? {} : { messageId }), ...session };
}

interface HandlerLimits {
  readonly timeoutSeconds: number;
  readonly log: Logger;
}

function routeHandler(
  route: RouteDefinition,
  handler: (input: object) => Promise<object>,
  { timeoutSeconds, keys }: HandlerLimits & { readonly keys: Omit<KeyedRoute, "deadlineSeconds"> | undefined },
): Handler<AppEnv> {
  return async (c: Context<AppEnv>) => {
    const input = await inputOf(route, c);
    if (keys === undefined) return c.json(await withTimeout(timeoutSeconds, handler(input)));
    const byKey = answerByKey(
      { ...keys, deadlineSeconds: timeoutSeconds },
      (name) => c.req.header(name === keyHeader ? (c.get("keyHeader") ?? name) : name),
      input,
      handler,
    );
    const { status, body } = await withTimeout(timeoutSeconds, byKey);
    return c.body(body, status, { "content-type": "application/json" });
  };
}

/**
 * Answers with lines as the handler returns them. What fails before the first line is answered as everywhere else; after
 * it, the status is sent already, so that the connection is closed and the client sees that the answer is not whole.
 */
function streamHandler(
  route: RouteDefinition,
  handler: (input: object) => AsyncIterable<object>,
  { timeoutSeconds, log }: HandlerLimits,
): Handler<AppEnv> {
  return async (c: Context<AppEnv>) => {
    const input = await inputOf(route, c);
    const lines = handler(input)[Symbol.asyncIterator]();
    const next = () => withTimeout(timeoutSeconds, lines.next());
    let ready: IteratorResult<object> | undefined = await next();
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        try {
          const { done, value } = ready ?? (await next());
          ready = undefined;
          if (done) controller.close();
          else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
        } catch (error) {
          log.error("an answer broke off", { route: route.path, ...describeError(error) });
          controller.error(error);
        }
      },
      async cancel() {
        await lines.return?.();
      },
    });
    return c.body(body, 200, { "content-type": "application/x-ndjson", "cache-control": "no-store" });
  };
}

function logRequests(log: Logger, servedBy: () => string | undefined = () => undefined): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const started = performance.now();
    const requestId = requestIdOf(c.req.raw.headers, c.env);
    await next();
    c.header("x-request-id", requestId);
    c.header("x-content-type-options", "nosniff");
    c.header(servedByHeader, servedBy());
    const route = c.get("route") ?? "unmatched";
    const { status } = c.res;
    const level = status >= 500 ? "error" : route === "health" ? "debug" : "info";
    const ms = Math.round((performance.now() - started) * 10) / 10;
    const failure = status >= 500 && c.error ? { failure: describeError(c.error) } : {};
    const subject = c.get("subject");
    const caller = subject === undefined ? {} : { subject };
    const answeredBy = c.get("answeredBy");
    const side = answeredBy === undefined ? {} : { answeredBy };
    const request = { requestId, method: c.req.method, route, status, ms, ...caller, ...side };
    log[level]("request", { ...request, ...failure, ...spanFields() });
  };
}
