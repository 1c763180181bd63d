import type { ServiceContract } from "../../apps/kit/contract";
import { leastMaximum, minimumServers, utilisationCap } from "../../infra/compute/capacity";
import { FAILOVER_SECONDS } from "../../infra/dns/failover-time";
import { planVpc } from "../../infra/network/vpc-plan";
import { overlaps, parseVpcBlock } from "../../infra/traffic/ipv4";
import type { ConfigProblem } from "./problems";
import { formatValue } from "./problems";
import type { PlatformConfig, ServiceConfig } from "./schema";

type Contracts = Readonly<Record<string, ServiceContract>>;
type Problems = Iterable<ConfigProblem>;

/** Id of the health route that every service has and Route 53 checks. */
const HEALTH_ROUTE = "get-health";

/**
 * Concurrent executions that can be reserved in a new AWS account: its 1000, less the 100 that Lambda keeps unreserved.
 */
const RESERVABLE_CONCURRENCY = 900;

/** The keys of a configuration whose types and formats are right. The other keys have a problem already. */
export type ValidParts = Partial<PlatformConfig> & {
  /** Names of all services in the configuration, including those with an invalid value. */
  readonly serviceNames: readonly string[];
};

/**
 * Returns the problems that no value shows alone: values that do not fit each other, the services or the environment.
 * @param contracts  the services that exist, by name
 * @param environment  `prod` has more rules
 */
export function ruleProblems(config: ValidParts, contracts: Contracts, environment: string): ConfigProblem[] {
  const { regions, domain, targets, network, services = {}, serviceNames } = config;
  return [
    ...(regions ? [...regionProblems(regions, environment), ...addressProblems(regions)] : []),
    ...(domain ? domainProblems(domain) : []),
    ...(regions && targets ? targetProblems(targets, regions) : []),
    ...(network ? outboundProblems(network, services) : []),
    ...catalogProblems(serviceNames, contracts),
    ...Object.entries(services).flatMap(([name, service]) => [
      ...serviceProblems(`services.${name}`, service, Object.hasOwn(contracts, name) ? contracts[name] : undefined),
      ...(regions ? capacityProblems(`services.${name}`, service, regions) : []),
    ]),
    ...concurrencyProblems(services),
  ];
}

/** Checks regions and zones for duplicates, and zones for their number and region. */
function* regionProblems(regions: PlatformConfig["regions"], environment: string): Problems {
  for (const [i, { name, zones }] of regions.entries()) {
    const path = `regions[${i}]`;
    if (regions.findIndex((other) => other.name === name) < i) {
      yield {
        path: `${path}.name`,
        text: `must differ from the primary region, got ${formatValue(name)} twice; name another region`,
      };
    }
    for (const [z, zone] of zones.entries()) {
      if (zone.slice(0, -1) !== name) {
        yield {
          path: `${path}.zones[${z}]`,
          text: `must be a zone of ${name}, got ${formatValue(zone)}; try ${name}${zone.slice(-1)}`,
        };
      }
      if (zones.indexOf(zone) < z) {
        yield { path: `${path}.zones[${z}]`, text: `is named twice, got ${formatValue(zone)}; name another zone` };
      }
    }
    if (environment === "prod" && zones.length < 3) {
      yield { path: `${path}.zones`, text: `must be at least 3 in prod, got ${zones.length}; add a zone of ${name}` };
    }
  }
}

function* addressProblems(regions: PlatformConfig["regions"]): Problems {
  const valid: { path: string; cidr: string }[] = [];
  for (const [i, { cidr, zones }] of regions.entries()) {
    const path = `regions[${i}].cidr`;
    try {
      planVpc(cidr, zones.length);
    } catch (error) {
      yield { path, text: `cannot be used: ${(error as Error).message}` };
      continue;
    }
    const overlapping = valid.find((other) => overlaps(parseVpcBlock(other.cidr), parseVpcBlock(cidr)));
    if (overlapping) {
      const { path: otherPath, cidr: otherCidr } = overlapping;
      yield { path, text: `overlaps ${otherPath} (${otherCidr}), got ${formatValue(cidr)}; choose a block of its own` };
    }
    valid.push({ path, cidr });
  }
}

function* domainProblems(domain: PlatformConfig["domain"]): Problems {
  if (domain.api !== domain.zone && !domain.api.endsWith(`.${domain.zone}`)) {
    yield {
      path: "domain.api",
      text: `must lie in the zone ${domain.zone}, got ${formatValue(domain.api)}; try "api.${domain.zone}"`,
    };
  }
}

function* targetProblems(targets: PlatformConfig["targets"], regions: PlatformConfig["regions"]): Problems {
  if (regions.length > 1 && targets.recoveryTimeSeconds < FAILOVER_SECONDS) {
    yield {
      path: "targets.recoveryTimeSeconds",
      text: `must be at least ${FAILOVER_SECONDS}, the time DNS failover takes, got ${targets.recoveryTimeSeconds}; raise it`,
    };
  }
}

/**
 * Checks that servers can reach AWS's APIs, which they need to start. Functions run outside the VPC and need no way
 * out.
 */
function* outboundProblems(network: PlatformConfig["network"], services: PlatformConfig["services"]): Problems {
  if (network.nat !== "none" || network.interfaceEndpoints) return;
  const unreachable = Object.keys(services).filter((name) => services[name]!.pattern !== "lambda");
  if (unreachable.length > 0) {
    yield {
      path: "network.nat",
      text: `must not be none while interfaceEndpoints is false, as ${unreachable.join(", ")} could not reach AWS, got "none"; choose single, or turn the endpoints on`,
    };
  }
}

function* catalogProblems(serviceNames: readonly string[], contracts: Contracts): Problems {
  for (const name of serviceNames.filter((name) => !Object.hasOwn(contracts, name))) {
    yield {
      path: `services.${name}`,
      text: `is no service of apps/catalog.ts (${Object.keys(contracts).join(", ")}); add it there, or remove it`,
    };
  }
  for (const name of Object.keys(contracts).filter((name) => !serviceNames.includes(name))) {
    yield {
      path: `services.${name}`,
      text: "is missing; give this service of apps/catalog.ts its pattern, capacity and scaling",
    };
  }
}

/** Checks that the configured numbers of servers are enough when a zone fails. */
function* capacityProblems(path: string, service: ServiceConfig, regions: PlatformConfig["regions"]): Problems {
  const { capacity, scaling } = service;
  const minimum = Math.max(...regions.map(({ zones }) => minimumServers(capacity.peak, zones.length)));
  const least = leastMaximum(minimum);
  if (capacity.max < least) {
    yield {
      path: `${path}.capacity.max`,
      text: `must be at least ${least}, one and a half times the minimum of ${minimum}, got ${capacity.max}; raise it`,
    };
  }
  const cap = Math.min(...regions.map(({ zones }) => utilisationCap(zones.length)));
  for (const key of ["cpuPercent", "memoryPercent"] as const) {
    if (scaling[key] > cap) {
      yield {
        path: `${path}.scaling.${key}`,
        text: `must be at most ${cap}, so that the other zones can carry a lost one, got ${scaling[key]}; lower it`,
      };
    }
  }
}

function* serviceProblems(path: string, service: ServiceConfig, contract: ServiceContract | undefined): Problems {
  const { functions } = service;
  if (functions.provisionedConcurrency > functions.reservedConcurrency) {
    yield {
      path: `${path}.functions.provisionedConcurrency`,
      text: `must be at most reservedConcurrency (${functions.reservedConcurrency}), got ${functions.provisionedConcurrency}; lower it`,
    };
  }
  yield* routeProblems(`${path}.routes`, service, contract);
  const legacy = (contract?.legacyRoutes ?? []).map((route) => route.id);
  if (legacy.length > 0 && service.legacyUrl === undefined) {
    yield { path: `${path}.legacyUrl`, text: `is missing; set the https URL that ${legacy.join(", ")} stays with` };
  }
  if (contract && legacy.length === 0 && service.legacyUrl !== undefined) {
    yield {
      path: `${path}.legacyUrl`,
      text: `has no route that uses it, got ${formatValue(service.legacyUrl)}; remove it`,
    };
  }
}

function* routeProblems(path: string, service: ServiceConfig, contract: ServiceContract | undefined): Problems {
  const ids = contract ? [...contract.routes, ...contract.legacyRoutes].map((route) => route.id) : [];
  for (const [id, { enabled }] of Object.entries(service.routes ?? {})) {
    if (contract && !ids.includes(id)) {
      yield {
        path: `${path}.${id}`,
        text: `is no route of the contract (${ids.join(", ")}); name one of them, or remove it`,
      };
    }
    if (id === HEALTH_ROUTE && enabled === false) {
      yield {
        path: `${path}.${id}.enabled`,
        text: "must not be false, as failover between regions asks this route; remove it",
      };
    }
  }
}

function* concurrencyProblems(services: PlatformConfig["services"]): Problems {
  const sum = Object.values(services).reduce((total, { functions }) => total + functions.reservedConcurrency, 0);
  if (sum > RESERVABLE_CONCURRENCY) {
    yield {
      path: "services",
      text: `reserve ${sum} concurrent executions, more than the ${RESERVABLE_CONCURRENCY} an account can; lower functions.reservedConcurrency`,
    };
  }
}
