import { parseRoutes } from "../../apps/authorizer/routes";
import type { ServiceContract } from "../../apps/kit/contract";
import { isTenantName } from "../../apps/kit/tenant";
import { routesByScope } from "../../infra/gateway/rest/tenants/routes-by-scope";
import { type ConfigProblem, formatValue } from "./problems";
import { routesOf } from "./route-rules";
import type { PlatformConfig } from "./schema";
import type { TenantsConfig } from "./tenant-schema";

type Problems = Iterable<ConfigProblem>;

/**
 * Most usage plans of an account in a region, and most routes of a stage with a limit of their own in a plan.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 */
const USAGE_PLANS = 300;
const ROUTE_LIMITS = 20;

/** Bytes of the table of routes: a function's variables are 4,096 in all, and the others take a part. */
const ROUTE_TABLE_BYTES = 3_000;

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

/** Checks that one policy of the authorizer can tell the routes apart, and that its table of them is not too long. */
function* authorizerProblems(services: readonly ServiceContract[]): Problems {
  const path = "gateways.rest.services";
  const table = JSON.stringify(routesByScope(services.flatMap(routesOf)));
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
