import type { ServiceContract } from "../../apps/kit/contract";
import { MAIN_STAGE } from "../../infra/gateway/rest/main-stage";
import { clientNameProblems } from "./name-rules";
import { type ConfigProblem, formatValue } from "./problems";
import { routesOf } from "./route-rules";
import type { PlatformConfig } from "./schema";

type Problems = Iterable<ConfigProblem>;
type Gateways = PlatformConfig["gateways"];

/**
 * Most resources (nodes of its tree of paths) that a REST API takes.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 */
const REST_RESOURCES = 300;

/** What the gateways are checked against; a part is undefined when it has a problem of its own. */
interface GatewayContext {
  readonly contracts: Readonly<Record<string, ServiceContract>>;
  readonly serviceNames: readonly string[] | undefined;
  readonly domain: PlatformConfig["domain"] | undefined;
  readonly regions: PlatformConfig["regions"] | undefined;
}

/** Returns the problems of the gateways: names that no service has, their domain names, and what a REST API takes. */
export function* gatewayProblems({ http, rest }: Gateways, context: GatewayContext): Problems {
  yield* serviceProblems("gateways.http.services", http.services, context);
  if (rest === undefined) return;
  yield* serviceProblems("gateways.rest.services", rest.services, context);
  yield* restNameProblems(rest.domain, context);
  yield* resourceProblems(rest.services, context);
  yield* stageProblems(rest.stages ?? [], context);
}

function* serviceProblems(path: string, named: readonly string[], { serviceNames }: GatewayContext): Problems {
  for (const name of named.filter((each) => serviceNames?.includes(each) === false)) {
    yield {
      path,
      text: `must be services of this file (${serviceNames!.join(", ")}), got ${formatValue(name)}; remove it`,
    };
  }
}

function* restNameProblems(name: string, { domain, regions = [] }: GatewayContext): Problems {
  if (domain === undefined) return;
  const path = "gateways.rest.domain";
  const example = `rest.${domain.api}`;
  if (name === domain.api) {
    yield {
      path,
      text: `must differ from domain.api, which is the HTTP API's, got ${formatValue(name)}; try "${example}"`,
    };
  }
  yield* clientNameProblems({ path, name, example }, domain.zone, regions);
}

/**
 * Checks that no stage has the name of the first one, and that no base path is the first segment of a service's routes,
 * which it would take away from the root.
 */
function* stageProblems(stages: readonly string[], { serviceNames = [] }: GatewayContext): Problems {
  const taken = [MAIN_STAGE, ...serviceNames];
  for (const stage of stages.filter((each) => taken.includes(each))) {
    yield {
      path: "gateways.rest.stages",
      text: `must have other names than the first stage and the services (${taken.join(", ")}), got ${formatValue(stage)}; rename it`,
    };
  }
}

function* resourceProblems(named: readonly string[], { contracts }: GatewayContext): Problems {
  const paths = Object.values(contracts)
    .filter(({ name }) => named.includes(name))
    .flatMap((contract) => routesOf(contract).map(({ path }) => path));
  const nodes = new Set(paths.flatMap((path) => ancestors(path)));
  if (nodes.size > REST_RESOURCES) {
    yield {
      path: "gateways.rest.services",
      text: `must have at most ${REST_RESOURCES} path segments together, which a REST API takes, got ${nodes.size}; remove a service`,
    };
  }
}

/** Returns a path and all paths above it. @example ancestors("/a/b") // ["/", "/a", "/a/b"] */
function ancestors(path: string): string[] {
  const segments = path.split("/").slice(1);
  return ["/", ...segments.map((_, i) => `/${segments.slice(0, i + 1).join("/")}`)];
}
