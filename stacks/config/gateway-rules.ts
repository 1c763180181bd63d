import type { ServiceContract } from "../../apps/kit/contract";
import { permissionBytes } from "../../infra/gateway/permission-size";
import { functionQuotas, restQuotas } from "../../infra/gateway/quotas";
import { PAGE_PATH, referenceRoutes } from "../../infra/gateway/reference";
import { MAIN_STAGE } from "../../infra/gateway/rest/main-stage";
import { resourcesOf } from "../../infra/gateway/rest/resource-tree";
import { USAGE_PATH, usageRoute } from "../../infra/gateway/rest/tenants/tenant-usage";
import { withFormer } from "./former-routes";
import { leavesOut } from "./left-out";
import { clientNameProblems } from "./name-rules";
import { privateDomain } from "./private-domain";
import { type ConfigProblem, formatValue } from "./problems";
import { routesOf } from "./route-rules";
import type { PlatformConfig } from "./schema";

type Problems = Iterable<ConfigProblem>;
type Gateways = PlatformConfig["gateways"];

/** What the gateways are checked against; a part is undefined when it has a problem of its own. */
interface GatewayContext {
  readonly contracts: Readonly<Record<string, ServiceContract>>;
  readonly serviceNames: readonly string[] | undefined;
  readonly domain: PlatformConfig["domain"] | undefined;
  readonly regions: PlatformConfig["regions"] | undefined;
  readonly services: PlatformConfig["services"];
  readonly leaveOut: PlatformConfig["leaveOut"];
}

/** Returns the problems of the gateways: names that no service has, their domain names, and what a REST API takes. */
export function* gatewayProblems({ http, rest, private: privateApi }: Gateways, context: GatewayContext): Problems {
  yield* serviceProblems("gateways.http.services", http.services, context);
  yield* policyProblems([http.services, rest?.services ?? []], context);
  yield* privateNameProblems(privateApi.name, { http, rest, private: privateApi }, context);
  yield* calledProblems(privateApi, context);
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

/** Checks the name of the private API, which no public API may have: API Gateway could then change the wrong one. */
function* privateNameProblems(name: string, gateways: Gateways, { domain, regions = [] }: GatewayContext): Problems {
  if (domain === undefined) return;
  const path = "gateways.private.name";
  const whole = privateDomain({ domain, gateways });
  const taken = [domain.api, ...(gateways.rest ? [gateways.rest.domain] : [])];
  if (taken.includes(whole)) {
    yield {
      path,
      text: `must not make the name of a public API (${taken.join(", ")}), got ${formatValue(name)}; rename it`,
    };
  }
  yield* clientNameProblems({ path, name: whole, example: `internal.${domain.zone}` }, domain.zone, regions);
}

/**
 * Checks that no stage has the name of the first one, and that no base path is the first segment of a service's routes,
 * which it would take away from the root.
 */
function* stageProblems(stages: readonly string[], { serviceNames = [] }: GatewayContext): Problems {
  const taken = [MAIN_STAGE, PAGE_PATH.slice(1), USAGE_PATH.slice(1), ...serviceNames];
  for (const stage of stages.filter((each) => taken.includes(each))) {
    yield {
      path: "gateways.rest.stages",
      text: `must have other names than the first stage, the paths of the platform and the services (${taken.join(", ")}), got ${formatValue(stage)}; rename it`,
    };
  }
}

function* resourceProblems(named: readonly string[], { contracts, services }: GatewayContext): Problems {
  const routes = Object.values(contracts)
    .filter(({ name }) => named.includes(name))
    .flatMap((contract) => withFormer(routesOf(contract), services[contract.name]?.routes ?? {}));
  const nodes = resourcesOf([...routes, ...referenceRoutes(named), usageRoute].map(({ path }) => path));
  if (nodes.length > restQuotas.resources.value) {
    yield {
      path: "gateways.rest.services",
      text: `must have at most ${restQuotas.resources.value} path segments together, which a REST API takes, got ${nodes.length}; remove a service`,
    };
  }
  yield* parameterProblems("gateways.rest.services", nodes);
}

/** Checks the paths that services and callers outside call: the private API is a REST API of these alone. */
function* calledProblems({ callers = {} }: Gateways["private"], context: GatewayContext): Problems {
  const { contracts } = context;
  if (leavesOut(context, "private")) return;
  const calls = [...Object.values(contracts), ...Object.values(callers).map(({ routes }) => ({ calls: routes }))];
  const called = new Set(
    calls.flatMap((each) => Object.entries(each.calls).flatMap(([name, ids]) => ids.map((id) => `${name} ${id}`))),
  );
  const routes = Object.values(contracts).flatMap((contract) =>
    routesOf(contract).filter(({ id }) => called.has(`${contract.name} ${id}`)),
  );
  yield* parameterProblems("gateways.private", resourcesOf(routes.map(({ path }) => path)));
}

/** Checks that a resource has one parameter below it: API Gateway refuses a second one of another name. */
function* parameterProblems(path: string, nodes: readonly string[]): Problems {
  const seen = new Map<string, string>();
  for (const node of nodes.filter((each) => each.endsWith("}"))) {
    const above = node.slice(0, node.lastIndexOf("/"));
    const other = seen.get(above);
    if (other !== undefined) {
      yield {
        path,
        text: `must have one name for the parameter at one place of the paths, as a REST API takes no second one, got ${formatValue(other)} and ${formatValue(node)}; change one of the paths`,
      };
    }
    seen.set(above, node);
  }
}

/**
 * Checks that the policy of a function has a place for the permission of every route: it has one of each for each
 * gateway, so that no other path may invoke it.
 */
function* policyProblems(gateways: readonly (readonly string[])[], { contracts, services }: GatewayContext): Problems {
  for (const [name, { pattern, routes: changes = {} }] of Object.entries(services)) {
    if (pattern !== "lambda" || !Object.hasOwn(contracts, name)) continue;
    const own = contracts[name]!.routes.filter(({ id }) => changes[id]?.enabled !== false);
    const routes = withFormer(own, changes);
    const bytes = routes.reduce((sum, route) => sum + permissionBytes(route), 0);
    const all = bytes * gateways.filter((named) => named.includes(name)).length;
    if (all > functionQuotas.policy.value) {
      yield {
        path: `services.${name}`,
        text: `must have routes whose permissions take at most ${functionQuotas.policy.value} bytes on all its gateways, which the policy of a function takes, got ${all}; turn routes off, or take it from a gateway`,
      };
    }
  }
}
