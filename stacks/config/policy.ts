import type { ServiceContract } from "../../apps/kit/contract";
import { referenceRoutes } from "../../infra/gateway/reference";
import { usageRoute } from "../../infra/gateway/rest/tenants/tenant-usage";
import { healthRoutes, routesOf } from "./route-rules";
import type { PlatformConfig } from "./schema";

/** Configuration of one rule of the policy pack, by setting. */
type RuleSettings = Readonly<Record<string, unknown>>;

/**
 * Returns what the policy pack has to know of an environment, by the name of the rule that asks: its class and what it
 * promises, how many servers each service needs, and which routes are open to everyone.
 */
export function policySettings(
  config: PlatformConfig,
  contracts: Readonly<Record<string, ServiceContract>>,
): Readonly<Record<string, RuleSettings>> {
  const { class: environmentClass, targets, services, signIn, live, tenants } = config;
  const withServers = Object.entries(services).filter(([, { pattern }]) => pattern !== "lambda");
  const peaks = Object.fromEntries(withServers.map(([name, { capacity }]) => [name, capacity.peak]));
  const open = Object.values(contracts)
    .flatMap(routesOf)
    .filter(({ id, scopes }) => scopes.length === 0 && !Object.hasOwn(healthRoutes, id))
    .map(({ method, path }) => `${method} ${path}`);
  const health = Object.values(healthRoutes).map((tail) => `GET /*/${tail}`);
  const documents = referenceRoutes(["*"]).map(({ method, path }) => `${method} ${path}`);
  // Where services differ, the least that a server is to serve asks for the most servers.
  const requestsPerServer = Math.min(...Object.values(services).map(({ ec2 }) => ec2.requestsPerSecond));
  // Connections end with their region, and quotas count in it.
  const regional = [...(live ? ["live-connections-table"] : []), ...(tenants ? ["tenant-usage-table"] : [])];
  const homes = [
    ...Object.keys(services).flatMap((name) => homeVariables(contracts[name]?.needs.tables)),
    ...poolVariables(config),
  ];
  return {
    pack: { class: environmentClass },
    "route-authorised": { publicRoutes: [...health, ...documents, ...open.sort()] },
    // How much is used is answered to who has used up a quota, too: by a token, and without a key.
    "method-api-key": { openMethods: [...health, ...documents, `${usageRoute.method} ${usageRoute.path}`] },
    "probe-for-dns-only": { paths: ["/*/healthz/region"] },
    ...(homes.length === 0 ? {} : { "no-other-region": { variables: [...new Set(homes)] } }),
    // A phone number has no ARN; the policy denies every topic.
    ...(signIn.phone === undefined
      ? {}
      : { "no-wildcard-resource": { allowed: ["servicediscovery:DiscoverInstances", "sns:Publish"] } }),
    ...(regional.length > 0 ? { "table-replicas": { regional } } : {}),
    "minimum-capacity": { peaks },
    "cross-zone": { peaks },
    "failover-time": { recoveryTimeSeconds: targets.recoveryTimeSeconds },
    "availability-target": { percent: targets.availabilityPercent },
    "throttle-capacity": { requestsPerServer },
  };
}

/** Returns the variables that name the home regions of tables. @example ["TABLE_IDEMPOTENCY_KEYS_HOME"] */
function homeVariables(tables: ServiceContract["needs"]["tables"] = {}): string[] {
  return Object.entries(tables)
    .filter(([, { home }]) => home)
    .map(([table]) => `TABLE_${table.replaceAll("-", "_").toUpperCase()}_HOME`);
}

/** Returns the variables that name a user pool of another region, by which no request waits for it. */
function poolVariables({ signIn, issuers, tenants, live }: PlatformConfig): string[] {
  const own = ["ISSUER", "JWKS_URL"];
  if (signIn.regions === "each") return [...own, ...own.map((name) => `OTHER_${name}`), "COPY_REGION"];
  return [issuers, tenants, live].every((each) => each === undefined) ? [] : own;
}
