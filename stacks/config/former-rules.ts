import { overlap, routeResource } from "../../apps/authorizer/routes";
import type { RouteSpec, ServiceContract } from "../../apps/kit/contract";
import { httpQuotas } from "../../infra/gateway/quotas";
import { MAIN_PATH, PAGE_PATH, referenceRoutes } from "../../infra/gateway/reference";
import { USAGE_PATH } from "../../infra/gateway/rest/tenants/tenant-usage";
import { type ConfigProblem, formatValue } from "./problems";
import { healthRoutes, routesOf } from "./route-rules";
import type { PlatformConfig } from "./schema";

type Problems = Iterable<ConfigProblem>;
type Contracts = Readonly<Record<string, ServiceContract>>;

/** What former paths are checked against; a part is undefined when it has a problem of its own. */
interface FormerContext {
  readonly contracts: Contracts;
  readonly services: PlatformConfig["services"];
  readonly gateways: PlatformConfig["gateways"] | undefined;
}

/** A further path of a route. */
interface Former {
  /** Its place in the configuration. */
  readonly at: string;
  readonly path: string;
  readonly route: RouteSpec;
  readonly contract: ServiceContract;
}

/** Returns the problems of the paths and headers that clients of an existing gateway know. */
export function* formerProblems(headers: PlatformConfig["formerHeaders"], context: FormerContext): Problems {
  const { contracts, services } = context;
  const former = formerOf(services, contracts);
  if (headers && former.length === 0) {
    yield {
      path: "formerHeaders",
      text: `is of no use without a formerPath of a route, got ${formatValue(headers)}; remove it, or add the path`,
    };
  }
  const { authorization, "idempotency-key": key } = headers ?? {};
  if (authorization !== undefined && authorization === key) {
    yield { path: "formerHeaders", text: `must be different headers, got ${formatValue(key)} twice; correct one` };
  }
  const own = Object.values(contracts).flatMap(routesOf);
  for (const [i, each] of former.entries()) {
    yield* placeProblems(each, context);
    yield* sameRouteProblems(each, own, former.slice(0, i));
  }
  const routes = own.length + former.length + referenceRoutes(Object.keys(contracts)).length;
  if (former.length > 0 && routes > httpQuotas.routes.value) {
    yield {
      path: "services",
      text: `must have at most ${httpQuotas.routes.value} routes together with their former paths and those of the documents, which an HTTP API takes, got ${routes}; remove former paths`,
    };
  }
}

function formerOf(services: PlatformConfig["services"], contracts: Contracts): Former[] {
  return Object.entries(services).flatMap(([name, { routes = {} }]) => {
    const contract = Object.hasOwn(contracts, name) ? contracts[name] : undefined;
    if (contract === undefined) return [];
    return Object.entries(routes).flatMap(([id, { formerPath: path }]) => {
      const route = routesOf(contract).find((each) => each.id === id);
      const at = `services.${name}.routes.${id}.formerPath`;
      return path === undefined || !route ? [] : [{ at, path, route, contract }];
    });
  });
}

function* placeProblems(
  { at, path, route, contract }: Former,
  { contracts, services, gateways }: FormerContext,
): Problems {
  if (Object.hasOwn(healthRoutes, route.id)) {
    yield { path: at, text: "must not be of a health route, which the platform alone asks; remove it" };
  }
  if (contract.workRoutes.some(({ id }) => id === route.id)) {
    yield { path: at, text: "must be of a route that is answered at once, got one that takes work on; remove it" };
  }
  if (services[contract.name]?.image !== undefined) {
    yield {
      path: at,
      text: "must not be of a service by an image from outside, which knows its own paths only; remove it",
    };
  }
  const id = `${route.id}-former`;
  if (routesOf(contract).some((each) => each.id === id)) {
    yield { path: at, text: `makes a route of the id ${formatValue(id)}, which the contract has; rename that route` };
  }
  const names = [
    Object.keys(contracts),
    [MAIN_PATH, PAGE_PATH, USAGE_PATH].map((each) => each.slice(1)),
    gateways?.rest?.stages ?? [],
  ].flat();
  const first = path.split("/")[1]!;
  if (names.includes(first)) {
    yield {
      path: at,
      text: `must begin with a word that nothing else has (${names.join(", ")}), got ${formatValue(path)}; correct it`,
    };
  }
  const [wanted, got] = [parametersOf(route.path), parametersOf(path)];
  if (got.join() !== wanted.join()) {
    yield {
      path: at,
      text: `must have the parameters of the route's own path (${wanted.join(", ") || "none"}), each once, got ${formatValue(path)}; correct it`,
    };
  }
}

function parametersOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => name!).sort();
}

/**
 * Checks that a former path is one route's alone, and that a policy of an authorizer can tell it from routes that need
 * another scope: it writes every parameter as `*`, which is also several segments.
 */
function* sameRouteProblems(
  { at, path, route }: Former,
  own: readonly RouteSpec[],
  before: readonly Former[],
): Problems {
  const key = `${route.method} ${path}`;
  const others = [
    ...own.map(({ method, path, scopes }) => ({ key: `${method} ${path}`, scopes })),
    ...before.map((each) => ({ key: `${each.route.method} ${each.path}`, scopes: each.route.scopes })),
  ];
  for (const other of others) {
    const same = anonymous(other.key) === anonymous(key);
    const mixed = other.scopes.join() !== route.scopes.join() && overlap(routeResource(other.key), routeResource(key));
    if (!same && !mixed) continue;
    const rule = same ? "must be the path of one route" : "must not match a route that needs another scope";
    yield { path: at, text: `${rule}, got ${formatValue(key)}, as ${formatValue(other.key)} does; correct it` };
    return;
  }
}

function anonymous(key: string): string {
  return key.replace(/\{[^}]*\}/g, "{}");
}
