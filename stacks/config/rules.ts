import type { ServiceContract } from "../../apps/kit/contract";
import { leastMaximum, minimumServers, utilisationCap } from "../../infra/compute/capacity";
import { RELEASER_CONCURRENCY } from "../../infra/compute/lambda/concurrency";
import { FAILOVER_SECONDS } from "../../infra/dns/failover-time";
import { callProblems, consumeProblems } from "./call-rules";
import { contractProblems } from "./contract-rules";
import { eventsProblems } from "./events-rules";
import { experimentProblems } from "./experiment-rules";
import { failoverProblems } from "./failover-rules";
import { formerProblems } from "./former-rules";
import { gatewayProblems } from "./gateway-rules";
import { issuerProblems } from "./issuer-rules";
import { sharedRoutes } from "./legacy-routes";
import { liveProblems } from "./live-rules";
import { domainProblems } from "./name-rules";
import { outsideCallerProblems } from "./outside-caller-rules";
import type { ConfigProblem } from "./problems";
import { regionProblems } from "./region-rules";
import type { PlatformConfig, ServiceConfig } from "./schema";
import { loopProblems, serviceProblems } from "./service-rules";
import { signInProblems } from "./sign-in-rules";
import { takenNames } from "./taken-names";
import { tenantProblems } from "./tenant-rules";
import { webProblems, webUrlProblems } from "./web-rules";

type Contracts = Readonly<Record<string, ServiceContract>>;
type Problems = Iterable<ConfigProblem>;

/**
 * Concurrent executions that an AWS account with the default quota can reserve in a region: 1000, less the 100 that
 * Lambda keeps unreserved. A new account has a quota of 10 and can reserve none.
 */
const RESERVABLE_CONCURRENCY = 900;

/** The keys of a configuration whose types and formats are right. The other keys have a problem already. */
export type ValidParts = Partial<PlatformConfig> & {
  /**
   * Names of all services in the configuration, including those with an invalid value.
   * @default `services` itself is invalid
   */
  readonly serviceNames?: readonly string[];
  /** Names of those that run an image from outside, valid or not; apps/catalog.ts has none of them. */
  readonly imageNames?: readonly string[];
};

/**
 * Returns the problems that no value shows alone: values that do not fit each other, the services or the class.
 * @param contracts  the services that exist, by name
 */
export function ruleProblems(config: ValidParts, contracts: Contracts): ConfigProblem[] {
  const {
    class: environmentClass,
    regions,
    domain,
    gateways,
    signIn,
    tenants,
    web,
    live,
    issuers,
    events,
    tokens,
    targets,
    network,
    services = {},
    serviceNames,
    imageNames = [],
    leaveOut = [],
  } = config;
  const regionNames = regions?.map(({ name }) => name);
  const { signIn: _, ...others } = config;
  return [
    ...(regions ? regionProblems(regions, environmentClass) : []),
    ...(domain ? domainProblems(domain, regions ?? []) : []),
    ...(regions && targets ? targetProblems(targets, regions) : []),
    ...(network ? outboundProblems(network, services) : []),
    ...(serviceNames ? catalogProblems(serviceNames, contracts, imageNames) : []),
    ...contractProblems(contracts, regions ?? [], imageNames),
    ...callProblems(contracts, services),
    ...consumeProblems(contracts),
    ...(events ? eventsProblems(events, contracts) : []),
    ...(gateways ? gatewayProblems(gateways, { contracts, serviceNames, domain, regions, services, leaveOut }) : []),
    ...outsideCallerProblems(gateways?.private.callers ?? {}, { contracts, services, regions, leaveOut }),
    ...failoverProblems({ ...config, services }),
    ...(config.experiments ? experimentProblems(config.experiments, { ...config, services }) : []),
    ...(signIn ? signInProblems(signIn, { contracts, domain, tenants, taken: takenNames(others), regionNames }) : []),
    ...(web && domain ? webProblems(web, { domain, taken: takenNames(config) }) : []),
    ...(web ? webUrlProblems(web, { cors: config.cors, signIn }) : []),
    ...(live && domain
      ? liveProblems(live, { contracts, domain, regions: regions ?? [], taken: takenNames(config), web, tenants })
      : []),
    ...(tenants ? tenantProblems(tenants, { contracts, gateways, regions, services }) : []),
    ...formerProblems(config.formerHeaders, { contracts, services, gateways }),
    ...issuerProblems(issuers, { contracts, tenants, tokens, services, formerHeaders: config.formerHeaders, signIn }),
    ...Object.entries(services).flatMap(([name, service]) => [
      ...serviceProblems(`services.${name}`, service, Object.hasOwn(contracts, name) ? contracts[name] : undefined),
      ...(domain ? loopProblems(`services.${name}`, service, domain, regions ?? []) : []),
      ...(regions ? capacityProblems(`services.${name}`, service, regions) : []),
    ]),
    ...(network ? egressProblems({ network, services, ...(regions && { regions }) }, contracts) : []),
    ...concurrencyProblems(services),
  ];
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

/** The parts of a configuration that decide on ways out; invalid ones are missing. */
type EgressConfig = Pick<PlatformConfig, "network" | "services"> & Partial<Pick<PlatformConfig, "regions">>;

/** Checks that a service that calls hosts outside AWS, or the tables of another region, has a way out. */
function* egressProblems({ network, regions = [], services }: EgressConfig, contracts: Contracts): Problems {
  if (network.nat !== "none") return;
  const known = Object.keys(services).flatMap((name) => (Object.hasOwn(contracts, name) ? [contracts[name]!] : []));
  const calling = known.filter(({ needs }) => needs.egress.length > 0);
  const claiming = known.filter(
    ({ needs }) => needs.egress.length === 0 && Object.values(needs.tables ?? {}).some(({ home }) => home),
  );
  const sharing = known.filter((contract) => sharedRoutes(contract, services[contract.name] ?? {}).length > 0);
  const ways = [
    [calling, "could not call the hosts of needs.egress"],
    [sharing, "could not send the callers of shared routes on to legacyUrl"],
    [regions.length > 1 ? claiming : [], "could not claim the idempotency keys of its exact routes in the home region"],
  ] as const;
  for (const [contracts, consequence] of ways) {
    if (contracts.length === 0) continue;
    const names = contracts.map(({ name }) => name).join(", ");
    yield {
      path: "network.nat",
      text: `must not be none, as ${names} ${consequence}, got "none"; choose zone or single`,
    };
  }
}

function* catalogProblems(
  serviceNames: readonly string[],
  contracts: Contracts,
  imageNames: readonly string[],
): Problems {
  for (const name of serviceNames.filter((each) => !Object.hasOwn(contracts, each) && !imageNames.includes(each))) {
    yield {
      path: `services.${name}`,
      text: `is no service of apps/catalog.ts (${Object.keys(contracts).join(", ")}); add it there, or remove it`,
    };
  }
  for (const name of Object.keys(contracts).filter((name) => !serviceNames.includes(name))) {
    yield {
      path: `services.${name}`,
      text: `is missing; give this service of apps/catalog.ts its pattern, such as ${name}: { pattern: ecs }`,
    };
  }
}

/** Checks that the configured numbers of servers are enough when a zone fails. */
function* capacityProblems(path: string, service: ServiceConfig, regions: PlatformConfig["regions"]): Problems {
  const { capacity, scaling, ecs } = service;
  const minimum = Math.max(...regions.map(({ zones }) => minimumServers(capacity.peak, zones.length)));
  const least = leastMaximum(minimum);
  if (capacity.max < least) {
    yield {
      path: `${path}.capacity.max`,
      text: `must be at least ${least}, one and a half times the minimum of ${minimum}, got ${capacity.max}; raise it`,
    };
  }
  const cap = Math.min(...regions.map(({ zones }) => utilisationCap(zones.length)));
  const targets = { "scaling.cpuPercent": scaling.cpuPercent, "ecs.memoryPercent": ecs.memoryPercent };
  for (const [key, target] of Object.entries(targets)) {
    if (target > cap) {
      yield {
        path: `${path}.${key}`,
        text: `must be at most ${cap}, so that the other zones can carry a lost one, got ${target}; lower it`,
      };
    }
  }
}

/**
 * Checks that the functions of a region reserve no more than AWS allows: those of `lambda` services, each with its
 * releaser, which reserves one. Settings of services under other patterns reserve nothing.
 */
function* concurrencyProblems(services: PlatformConfig["services"]): Problems {
  const reservations = Object.values(services).flatMap(({ pattern, lambda }) =>
    pattern === "lambda" && lambda.reservedConcurrency !== undefined
      ? [lambda.reservedConcurrency + RELEASER_CONCURRENCY]
      : [],
  );
  const sum = reservations.reduce((total, reserved) => total + reserved, 0);
  if (sum > RESERVABLE_CONCURRENCY) {
    yield {
      path: "services",
      text: `reserve ${sum} concurrent executions, more than the ${RESERVABLE_CONCURRENCY} an account can; lower lambda.reservedConcurrency`,
    };
  }
}
