import type { GatewayRouteSpec, LegacyRouteSpec, RouteSpec, ServiceContract, Throttle } from "../../apps/kit/contract";
import { accountQuotas, httpQuotas } from "../../infra/gateway/quotas";
import { referenceRoutes } from "../../infra/gateway/reference";
import { type ConfigProblem, formatValue } from "./problems";

type Problems = Iterable<ConfigProblem>;

/** Ids and paths, below the service's name, of the health routes that every service has. Route 53 asks the second. */
export const healthRoutes: Readonly<Record<string, string>> = {
  "get-health": "healthz",
  "probe-region": "healthz/region",
};

/**
 * Smallest throttle of a health route. About 15 health checkers send a request every 10 s each, not evenly spread: 1.5
 * requests per second in bursts. A checker that gets 429 counts the region as lost.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
const leastHealthThrottle: Throttle = { rate: 5, burst: 20 };

/**
 * Scopes that a client of a user pool takes, less the three that every web client has.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
 */
const CLIENT_SCOPES = 47;

const methods: readonly string[] = ["GET", "PUT", "POST", "PATCH", "DELETE"];

/** Returns all routes of a contract: the service's own, those of endpoints outside, and those of the gateways themselves. */
export function routesOf({ routes, legacyRoutes, gatewayRoutes, workRoutes }: ServiceContract): readonly RouteSpec[] {
  return [...routes, ...legacyRoutes, ...gatewayRoutes, ...workRoutes];
}

/** Returns the scopes of all routes of the contracts, sorted. @example ["food-store/write", "shipping/write"] */
export function scopesOf(contracts: Readonly<Record<string, ServiceContract>>): readonly string[] {
  const all = Object.values(contracts).flatMap((contract) => routesOf(contract).flatMap(({ scopes }) => scopes));
  return [...new Set(all)].sort();
}

/** Returns the problems of the routes of one contract. */
export function* serviceRouteProblems(path: string, contract: ServiceContract): Problems {
  for (const route of routesOf(contract)) yield* routeProblems(path, contract.name, route);
  for (const route of contract.routes) yield* streamProblems(path, route);
  for (const route of contract.legacyRoutes) yield* parameterProblems(path, route);
  for (const route of contract.gatewayRoutes) yield* answerProblems(path, route);
  yield* healthRouteProblems(path, contract);
}

/** Returns the problems of the routes of all contracts together. */
export function* sharedRouteProblems(known: readonly (readonly [string, ServiceContract])[]): Problems {
  yield* routeKeyProblems(known);
  yield* numberProblems(known.map(([, contract]) => contract));
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html */
function* routeProblems(
  path: string,
  service: string,
  { id, method, path: route, scopes, throttle }: RouteSpec,
): Problems {
  const where = `of route ${id}`;
  if (!/^[a-z](-?[a-z0-9])*$/.test(id)) {
    yield { path, text: `must have route ids in kebab-case, got ${formatValue(id)}; rename it in its contract` };
  }
  if (!methods.includes(method)) {
    yield {
      path,
      text: `must have one of ${methods.join(", ")} as method ${where}, got ${formatValue(method)}; choose one`,
    };
  }
  const names = [...route.matchAll(/\{([^{}]*?)\+?\}/g)].map(([, name]) => name);
  const literal = /^[\w.~-]+$/;
  const segments = route.split("/").slice(1);
  const valid = segments.every(
    (segment, i) =>
      literal.test(segment) || /^\{\w+\}$/.test(segment) || (/^\{\w+\+\}$/.test(segment) && i === segments.length - 1),
  );
  if (!route.startsWith(`/${service}/`) || !valid || new Set(names).size < names.length) {
    yield {
      path,
      text: `must have a path ${where} that begins with /${service}/ and has only words, {name} and, at its end, {name+}, each name once, got ${formatValue(route)}; correct it in its contract`,
    };
  }
  const { value: mostScopes } = httpQuotas.routeScopes;
  if (scopes.length > mostScopes || scopes.some((scope) => !/^[\w.-]+\/[\w.-]+$/.test(scope))) {
    yield {
      path,
      text: `must have at most ${mostScopes} scopes <service>/<scope> ${where}, got ${formatValue(scopes)}; correct it in its contract`,
    };
  }
  const { rate, burst } = throttle;
  const { rate: mostRate, burst: mostBurst } = accountQuotas;
  if (!(rate > 0 && rate <= mostRate.value) || !(Number.isInteger(burst) && burst >= 1 && burst <= mostBurst.value)) {
    yield {
      path,
      text: `must have a rate up to ${mostRate.value} and a burst of 1 to ${mostBurst.value} ${where}, got ${rate} and ${burst}; correct it in its contract`,
    };
  }
}

function* streamProblems(path: string, { id, method, stream }: RouteSpec): Problems {
  if (!stream || method === "GET") return;
  yield { path, text: `must be GET where a route streams, got ${method} of ${id}; do not stream it` };
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html */
function* parameterProblems(path: string, { id, parameters = {} }: LegacyRouteSpec): Problems {
  const target = /^integration\.request\.(header|querystring)\.[\w.-]+$/;
  const source = /^('[^']*'|method\.request\.(header|querystring|path)\.[\w.-]+|context\.[\w.]+)$/;
  for (const [name, value] of Object.entries(parameters)) {
    if (target.test(name) && source.test(value)) continue;
    yield {
      path,
      text: `must set parameters integration.request.header|querystring.<name> to '<text>', method.request.… or context.… of route ${id}, got ${formatValue(name)}: ${formatValue(value)}; correct it in its contract`,
    };
  }
}

/** Checks what a REST API answers itself. VTL reads `$` and `#` as its own. */
function* answerProblems(path: string, { id, path: route, answer }: GatewayRouteSpec): Problems {
  const parameters = [...route.matchAll(/\{(\w+)\}/g)].length;
  if (answer.kind === "item") {
    if (parameters === 1 && answer.attributes.length > 0) return;
    yield {
      path,
      text: `must have one path parameter, the key of the item, and attributes of route ${id}, got ${formatValue(route)} and ${formatValue(answer.attributes)}; correct it in its contract`,
    };
    return;
  }
  const body = JSON.stringify(answer.body);
  if (/[$#]/.test(body)) {
    yield {
      path,
      text: `must have a fixed answer without $ and # of route ${id}, got ${formatValue(body)}; write it otherwise`,
    };
  }
}

function* healthRouteProblems(path: string, contract: ServiceContract): Problems {
  const { name, routes } = contract;
  for (const [id, tail] of Object.entries(healthRoutes)) {
    const health = routes.find((route) => route.id === id);
    if (health?.method !== "GET" || health.path !== `/${name}/${tail}` || health.scopes.length > 0) {
      const got = health === undefined ? "none" : `${health.method} ${health.path}`;
      yield {
        path,
        text: `must have a route ${id} that is GET /${name}/${tail} and open, as health checks ask it, got ${formatValue(got)}; make the contract with defineService`,
      };
      continue;
    }
    yield* healthThrottleProblems(path, health.throttle, "raise it in its contract", ` of route ${id}`);
  }
}

/**
 * Returns the problem of a throttle that would refuse Route 53's health checkers.
 * @param where  follows the word "throttle" @default nothing
 */
export function* healthThrottleProblems(path: string, throttle: Throttle, fix: string, where = ""): Problems {
  const { rate, burst } = leastHealthThrottle;
  if (throttle.rate < rate || throttle.burst < burst) {
    yield {
      path,
      text: `must be a throttle${where} of at least rate ${rate} and burst ${burst}, as Route 53 checks every region with it, got rate ${throttle.rate} and burst ${throttle.burst}; ${fix}`,
    };
  }
}

/** Checks that no two routes match the same requests; names of path parameters make no difference. */
function* routeKeyProblems(known: readonly (readonly [string, ServiceContract])[]): Problems {
  const seen = new Map(
    referenceRoutes(known.map(([name]) => name)).map(({ method, path }) => [
      `${method} ${path}`,
      "the document that is published there",
    ]),
  );
  for (const [key, contract] of known) {
    for (const { id, method, path: route } of routesOf(contract)) {
      const routeKey = `${method} ${route.replace(/\{[^{}]*?(\+?)\}/g, "{$1}")}`;
      const other = seen.get(routeKey);
      if (other !== undefined) {
        yield {
          path: `services.${key}`,
          text: `must have a route key of its own for ${id}, got ${formatValue(`${method} ${route}`)}, which ${other} has; change it in its contract`,
        };
      }
      seen.set(routeKey, other ?? `${id} of ${contract.name}`);
    }
    const ids = routesOf(contract).map(({ id }) => id);
    for (const id of new Set(ids.filter((each, i) => ids.indexOf(each) < i))) {
      yield {
        path: `services.${key}`,
        text: `must name each route differently, got ${formatValue(id)} twice; rename one`,
      };
    }
  }
}

/** Checks numbers that count over all services. */
function* numberProblems(contracts: readonly ServiceContract[]): Problems {
  const routes = contracts.flatMap(({ routes, legacyRoutes, workRoutes }) => [
    ...routes,
    ...legacyRoutes,
    ...workRoutes,
  ]);
  const most = httpQuotas.routes.value - referenceRoutes(contracts.map(({ name }) => name)).length;
  if (routes.length > most) {
    yield {
      path: "services",
      text: `must have at most ${most} routes together, which an HTTP API takes in addition to those of the OpenAPI documents, got ${routes.length}; remove some from the contracts`,
    };
  }
  const scopes = new Set(routes.flatMap((route) => route.scopes));
  if (scopes.size > CLIENT_SCOPES) {
    yield {
      path: "services",
      text: `must have at most ${CLIENT_SCOPES} scopes together, which a client of the user pool takes, got ${scopes.size}; remove some from the contracts`,
    };
  }
}
