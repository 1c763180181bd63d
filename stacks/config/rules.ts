import type { ServiceContract } from "../../apps/kit/contract";
import { leastMaximum, minimumServers, utilisationCap } from "../../infra/compute/capacity";
import { FAILOVER_SECONDS } from "../../infra/dns/failover-time";
import { planVpc } from "../../infra/network/vpc-plan";
import { overlaps, parseVpcBlock } from "../../infra/traffic/ipv4";
import type { ConfigProblem } from "./problems";
import { show } from "./problems";
import type { PlatformConfig, ServiceConfig } from "./schema";

type Contracts = Readonly<Record<string, ServiceContract>>;
type Problems = Iterable<ConfigProblem>;

/** Every service has it; Route 53 asks it. */
const HEALTH_ROUTE = "get-health";

/** Concurrent executions of a new account, less the 100 that AWS keeps unreserved. */
const RESERVABLE_CONCURRENCY = 900;

/** The parts of a configuration whose shape is right; the others have problems of their own already. */
export type SoundConfig = Partial<PlatformConfig> & {
  /** Services that are named at all, sound or not. */
  readonly named: readonly string[];
};

/** What no single value shows: values that do not fit each other, the services or the environment. */
export function ruleProblems(config: SoundConfig, contracts: Contracts, environment: string): ConfigProblem[] {
  const { regions, domain, targets, network, services = {}, named } = config;
  return [
    ...(regions ? [...regionProblems(regions, environment), ...addressProblems(regions)] : []),
    ...(domain ? domainProblems(domain) : []),
    ...(regions && targets ? targetProblems(targets, regions) : []),
    ...(network ? reachProblems(network, services) : []),
    ...catalogProblems(named, contracts),
    ...Object.entries(services).flatMap(([name, service]) => [
      ...serviceProblems(`services.${name}`, service, Object.hasOwn(contracts, name) ? contracts[name] : undefined),
      ...(regions ? capacityProblems(`services.${name}`, service, regions) : []),
    ]),
    ...concurrencyProblems(services),
  ];
}

function* regionProblems(regions: PlatformConfig["regions"], environment: string): Problems {
  for (const [i, { name, zones }] of regions.entries()) {
    const path = `regions[${i}]`;
    if (regions.findIndex((other) => other.name === name) < i) {
      yield {
        path: `${path}.name`,
        text: `must differ from the primary region, got ${show(name)} twice; name another region`,
      };
    }
    for (const [z, zone] of zones.entries()) {
      if (zone.slice(0, -1) !== name) {
        yield {
          path: `${path}.zones[${z}]`,
          text: `must be a zone of ${name}, got ${show(zone)}; try ${name}${zone.slice(-1)}`,
        };
      }
      if (zones.indexOf(zone) < z) {
        yield { path: `${path}.zones[${z}]`, text: `is named twice, got ${show(zone)}; name another zone` };
      }
    }
    if (environment === "prod" && zones.length < 3) {
      yield { path: `${path}.zones`, text: `must be at least 3 in prod, got ${zones.length}; add a zone of ${name}` };
    }
  }
}

function* addressProblems(regions: PlatformConfig["regions"]): Problems {
  const sound: { path: string; cidr: string }[] = [];
  for (const [i, { cidr, zones }] of regions.entries()) {
    const path = `regions[${i}].cidr`;
    try {
      planVpc(cidr, zones.length);
    } catch (error) {
      yield { path, text: `cannot be used: ${(error as Error).message}` };
      continue;
    }
    const rival = sound.find((other) => overlaps(parseVpcBlock(other.cidr), parseVpcBlock(cidr)));
    if (rival)
      yield { path, text: `overlaps ${rival.path} (${rival.cidr}), got ${show(cidr)}; choose a block of its own` };
    sound.push({ path, cidr });
  }
}

function* domainProblems(domain: PlatformConfig["domain"]): Problems {
  if (domain.api !== domain.zone && !domain.api.endsWith(`.${domain.zone}`)) {
    yield {
      path: "domain.api",
      text: `must lie in the zone ${domain.zone}, got ${show(domain.api)}; try "api.${domain.zone}"`,
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

/** Functions are outside the VPC; every other pattern's servers must reach AWS's own APIs to start. */
function* reachProblems(network: PlatformConfig["network"], services: PlatformConfig["services"]): Problems {
  if (network.nat !== "none" || network.interfaceEndpoints) return;
  const stranded = Object.keys(services).filter((name) => services[name]!.pattern !== "lambda");
  if (stranded.length > 0) {
    yield {
      path: "network.nat",
      text: `must not be none while interfaceEndpoints is false, as ${stranded.join(", ")} could not reach AWS, got "none"; choose single, or turn the endpoints on`,
    };
  }
}

function* catalogProblems(named: readonly string[], contracts: Contracts): Problems {
  for (const name of named.filter((name) => !Object.hasOwn(contracts, name))) {
    yield {
      path: `services.${name}`,
      text: `is no service of apps/catalog.ts (${Object.keys(contracts).join(", ")}); add it there, or remove it`,
    };
  }
  for (const name of Object.keys(contracts).filter((name) => !named.includes(name))) {
    yield {
      path: `services.${name}`,
      text: "is missing; give this service of apps/catalog.ts its pattern, capacity and scaling",
    };
  }
}

/** Whether the counts carry the loss of a zone. */
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
    yield { path: `${path}.legacyUrl`, text: `has no route that uses it, got ${show(service.legacyUrl)}; remove it` };
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
