import type { ServiceContract } from "../../apps/kit/contract";
import { regionalDomainName } from "../../infra/dns/regional-names";
import { functionQuotas } from "../../infra/gateway/quotas";
import { type Answering, routesOutside } from "./legacy-routes";
import { type ConfigProblem, formatValue } from "./problems";
import { healthRoutes, healthThrottleProblems, routesOf } from "./route-rules";
import type { PlatformConfig, ServiceConfig } from "./schema";
import { urlParts } from "./urls";

type Problems = Iterable<ConfigProblem>;

/** Bytes of a service's own variables under `lambda`: what the platform's variables leave of all that a function takes. */
const VARIABLE_BYTES = functionQuotas.variables.value - 1_096;

/**
 * Returns the problems of the configuration of one service.
 * @param path  `services.<name>`
 * @param contract  the service's own; none when it is not in the catalog
 */
export function* serviceProblems(
  path: string,
  service: ServiceConfig,
  contract: ServiceContract | undefined,
): Problems {
  const { reservedConcurrency, provisionedConcurrency = 0 } = service.lambda;
  if (reservedConcurrency !== undefined && provisionedConcurrency > reservedConcurrency) {
    yield {
      path: `${path}.lambda.provisionedConcurrency`,
      text: `must be at most reservedConcurrency (${reservedConcurrency}), got ${provisionedConcurrency}; lower it`,
    };
  }
  yield* routeProblems(`${path}.routes`, service, contract);
  yield* variableProblems(`${path}.variables`, service, contract);
  if (service.pattern === "lambda") yield* variableSizeProblems(`${path}.variables`, service, contract);
  if (contract) yield* legacyProblems(`${path}.legacyUrl`, service, contract);
}

/** Checks that a service has a legacy URL if its contract has routes for it, with placeholders that these routes fill. */
function* legacyProblems(path: string, service: ServiceConfig, contract: ServiceContract): Problems {
  const { legacyUrl: url } = service;
  const { legacyRoutes } = contract;
  const outside = routesOutside(contract, service);
  if (outside.length > 0 && url === undefined) {
    yield { path, text: `is missing; set the https URL that ${outside.join(", ")} stays with` };
  }
  if (url === undefined) return;
  if (legacyRoutes.length === 0) {
    yield { path, text: `has no route that uses it, got ${formatValue(url)}; remove it` };
  }
  for (const { id, path: routePath } of legacyRoutes) {
    const parameters = placeholders(routePath);
    for (const unknown of placeholders(url).filter((name) => !parameters.includes(name))) {
      yield {
        path,
        text: `must have only placeholders that the path of ${id} has (${parameters.join(", ") || "none"}), got {${unknown}}; remove it, or write its value`,
      };
    }
  }
}

function placeholders(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => name!);
}

function* variableProblems(path: string, service: ServiceConfig, contract: ServiceContract | undefined): Problems {
  const declared = Object.keys(contract?.needs.variables ?? {});
  for (const name of Object.keys(service.variables ?? {})) {
    if (contract === undefined || declared.includes(name)) continue;
    yield {
      path: `${path}.${name}`,
      text: `must be a variable that the contract declares (${declared.join(", ") || "none"}); remove it, or declare it in needs.variables`,
    };
  }
}

/** Checks that the variables of a function fit: Lambda limits names and values of all of them together. */
function* variableSizeProblems(path: string, service: ServiceConfig, contract: ServiceContract | undefined): Problems {
  const variables = { ...contract?.needs.variables, ...service.variables };
  const bytes = Buffer.byteLength(Object.entries(variables).flat().join(""));
  if (bytes > VARIABLE_BYTES) {
    yield {
      path,
      text: `must take at most ${VARIABLE_BYTES} bytes together with those of the contract under the pattern lambda, got ${bytes}; shorten them, or choose another pattern`,
    };
  }
}

function* routeProblems(path: string, service: ServiceConfig, contract: ServiceContract | undefined): Problems {
  const ids = contract ? routesOf(contract).map((route) => route.id) : [];
  for (const [id, { enabled, throttle, to }] of Object.entries(service.routes ?? {})) {
    if (contract && to !== undefined) yield* movedProblems(`${path}.${id}.to`, id, to, contract);
    if (contract && !ids.includes(id)) {
      yield {
        path: `${path}.${id}`,
        text: `is no route of the contract (${ids.join(", ")}); name one of them, or remove it`,
      };
    }
    if (!Object.hasOwn(healthRoutes, id)) continue;
    if (enabled === false) {
      yield {
        path: `${path}.${id}.enabled`,
        text: "must not be false, as health checks ask this route; remove it",
      };
    }
    if (throttle) yield* healthThrottleProblems(`${path}.${id}.throttle`, throttle, "raise it");
  }
}

/** Checks that a route that is said to move is one that both sides can answer. */
function* movedProblems(path: string, id: string, to: Answering, { routes, legacyRoutes }: ServiceContract): Problems {
  if (legacyRoutes.some((route) => route.id === id && route.movable)) return;
  const alone = routes.some((route) => route.id === id) ? "the service" : "the endpoint of legacyUrl";
  yield {
    path,
    text: `must be of a route that both sides can answer, got ${formatValue(to)} of one that ${alone} answers alone; remove it, or give the route a handler and \`legacy\` in its contract`,
  };
}

/** Returns the problem of a legacy URL that leads back to the API: each request would be repeated until its timeout. */
export function* loopProblems(
  path: string,
  { legacyUrl }: ServiceConfig,
  { api }: PlatformConfig["domain"],
  regions: PlatformConfig["regions"],
): Problems {
  const own = [api, ...regions.map(({ name }) => regionalDomainName(api, name))];
  const host = legacyUrl === undefined ? undefined : urlParts(legacyUrl)?.host;
  if (host !== undefined && own.includes(host)) {
    yield {
      path: `${path}.legacyUrl`,
      text: `must not lead back to the API itself, got ${formatValue(legacyUrl)}; name the endpoint outside the platform`,
    };
  }
}
