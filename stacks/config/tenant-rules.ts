import { parseRoutes } from "../../apps/authorizer/routes";
import type { ServiceContract } from "../../apps/kit/contract";
import { isTenantName } from "../../apps/kit/tenant";
import { functionQuotas, restQuotas } from "../../infra/gateway/quotas";
import { routesByScope } from "../../infra/gateway/rest/tenants/routes-by-scope";
import { usageRoute } from "../../infra/gateway/rest/tenants/tenant-usage";
import { type ConfigProblem, formatValue } from "./problems";
import { routesOf } from "./route-rules";
import type { PlatformConfig } from "./schema";
import type { TenantsConfig } from "./tenant-schema";

type Problems = Iterable<ConfigProblem>;

const USAGE_PLANS = restQuotas.usagePlans.value;
const ROUTE_LIMITS = restQuotas.planThrottles.value;

/** Most API keys of an account in a region. */
export const API_KEYS = restQuotas.apiKeys.value;

/** Bytes of the table of routes: what the authorizer's other variables leave of all that a function takes. */
const ROUTE_TABLE_BYTES = functionQuotas.variables.value - 1_096;

/**
 * Requests per second that an account has by default for all its APIs in these regions; in the others it has 10,000.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
const SMALL_ACCOUNT_RATE = 2_500;
const smallRegions = [
  "af-south-1",
  "ap-east-2",
  "ap-south-2",
  "ap-southeast-3",
  "ap-southeast-4",
  "ap-southeast-5",
  "ap-southeast-7",
  "ca-west-1",
  "eu-central-2",
  "eu-south-1",
  "eu-south-2",
  "il-central-1",
  "me-central-1",
  "mx-central-1",
];

/** What tenants are checked against; a part is undefined when it has a problem of its own. */
interface TenantContext {
  readonly contracts: Readonly<Record<string, ServiceContract>>;
  readonly gateways: PlatformConfig["gateways"] | undefined;
  readonly regions: PlatformConfig["regions"] | undefined;
  readonly services: PlatformConfig["services"];
}

/** Returns the problems of the tenants: without a REST API, and what API Gateway and the authorizer take. */
export function* tenantProblems({ tiers }: TenantsConfig, context: TenantContext): Problems {
  const { contracts, gateways, regions } = context;
  if (gateways !== undefined && gateways.rest === undefined) {
    yield { path: "tenants", text: "needs a REST API, which has usage plans, got none; add gateways.rest" };
  }
  yield* tierProblems(tiers, regions ?? []);
  const named = gateways?.rest?.services;
  if (named === undefined) return;
  const services = named.flatMap((name) => (Object.hasOwn(contracts, name) ? [contracts[name]!] : []));
  yield* limitProblems(tiers, services);
  yield* absentRouteProblems(tiers, context.services);
  yield* authorizerProblems(services);
}

function* tierProblems(tiers: TenantsConfig["tiers"], regions: PlatformConfig["regions"]): Problems {
  const names = Object.keys(tiers);
  if (names.length < 1 || names.length > USAGE_PLANS) {
    yield {
      path: "tenants.tiers",
      text: `must have 1-${USAGE_PLANS} tiers, as many as an account has usage plans, got ${names.length}; ${names.length === 0 ? "add one" : "join some"}`,
    };
  }
  const small = regions.find(({ name }) => smallRegions.includes(name))?.name;
  for (const [name, { rate }] of Object.entries(tiers)) {
    const path = `tenants.tiers.${name}`;
    if (!isTenantName(name)) {
      yield { path, text: `must be 1-64 of a-z, 0-9 and inner hyphens, got ${formatValue(name)}; rename it` };
    }
    if (small !== undefined && rate > SMALL_ACCOUNT_RATE) {
      yield {
        path: `${path}.rate`,
        text: `must be at most ${SMALL_ACCOUNT_RATE}, which an account has for all its APIs in ${small}, got ${rate}; lower it`,
      };
    }
  }
}

function* limitProblems(tiers: TenantsConfig["tiers"], services: readonly ServiceContract[]): Problems {
  const known = services.flatMap((service) => routesOf(service).map(({ id }) => `${service.name}/${id}`));
  for (const [name, { rate, burst, routes = {} }] of Object.entries(tiers)) {
    const path = `tenants.tiers.${name}.routes`;
    if (Object.keys(routes).length > ROUTE_LIMITS) {
      yield {
        path,
        text: `must be at most ${ROUTE_LIMITS}, which a usage plan takes, got ${Object.keys(routes).length}; remove some`,
      };
    }
    for (const [id, limit] of Object.entries(routes)) {
      if (!known.includes(id)) {
        yield {
          path: `${path}.${id}`,
          text: `must be a route of a service on the REST API (${known.slice(0, 3).join(", ")}, ...), got ${formatValue(id)}; correct it`,
        };
      }
      if (limit.rate > rate || limit.burst > burst) {
        yield {
          path: `${path}.${id}`,
          text: `must be at most the tier's own limit (rate ${rate}, burst ${burst}), got rate ${limit.rate}, burst ${limit.burst}; lower it`,
        };
      }
    }
  }
}

/** Checks that no tier limits a route that the environment turns off: the API has no such method to limit. */
function* absentRouteProblems(tiers: TenantsConfig["tiers"], services: PlatformConfig["services"]): Problems {
  for (const [name, { routes = {} }] of Object.entries(tiers)) {
    for (const id of Object.keys(routes)) {
      const [service = "", route = ""] = id.split("/");
      if (services[service]?.routes?.[route]?.enabled !== false) continue;
      yield {
        path: `tenants.tiers.${name}.routes.${id}`,
        text: `must limit a route that is on, got ${formatValue(id)}, which services.${service}.routes.${route}.enabled turns off; remove the limit, or turn the route on`,
      };
    }
  }
}

/** Checks that one policy of the authorizer can tell the routes apart, and that its table of them is not too long. */
function* authorizerProblems(services: readonly ServiceContract[]): Problems {
  const path = "gateways.rest.services";
  const table = JSON.stringify(routesByScope([...services.flatMap(routesOf), usageRoute]));
  if (Buffer.byteLength(table) > ROUTE_TABLE_BYTES) {
    yield {
      path,
      text: `must have routes of ${ROUTE_TABLE_BYTES} bytes together with tenants, as the authorizer has them in a variable, got ${Buffer.byteLength(table)}; remove a service`,
    };
  }
  try {
    parseRoutes(table);
  } catch (error) {
    yield { path, text: `is refused by the tenants' authorizer: ${(error as Error).message}` };
  }
}
