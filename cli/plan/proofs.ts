import { catalog } from "../../apps/catalog";
import { ledgerOf } from "../../graph/ledger/ledger";
import type { Graph } from "../../graph/model";
import type { Finding } from "../../graph/policy/evaluate";
import { readProject } from "../../graph/project";
import { projectRoot } from "../../graph/project-root";
import { countProofs, type ProofResult, prove, renderProofs } from "../../graph/proofs/all";
import { ProofContext, type ProofFacts } from "../../graph/proofs/proof";
import { renderZonesLost, type ZonesLost, zonesLost } from "../../graph/proofs/zones-lost";
import { exactRoutesOf } from "../../stacks/config/exact-routes";
import { withOutsideContracts } from "../../stacks/config/outside-images";
import { privateDomain } from "../../stacks/config/private-domain";
import { rawConfig } from "../../stacks/config/raw";
import { parseConfig } from "../../stacks/config/read";
import type { PlatformConfig } from "../../stacks/config/schema";
import { parseStackName } from "../../stacks/stack-name";

/** What the proofs show of a plan. */
export interface PlanProofs {
  readonly results: readonly ProofResult[];
  readonly zonesLost: readonly ZonesLost[];
  /** Whether a statement is broken that the environment's class has to keep. */
  readonly fails: boolean;
}

/** Evaluates the proofs on a plan. Statements bind environments of class production; of another one they are said. */
export function proofsOf(graph: Graph, findings: readonly Finding[]): PlanProofs {
  const { environment } = parseStackName(graph.stack);
  const { project, config } = readProject(projectRoot, environment);
  return proofsFor(graph, findings, parseConfig(rawConfig(project, config), environment, catalog));
}

/** Evaluates the proofs on a plan of a configuration. */
export function proofsFor(graph: Graph, findings: readonly Finding[], config: PlatformConfig): PlanProofs {
  const services = Object.entries(config.services);
  const ledger = ledgerOf(
    graph,
    config.outside,
    [privateDomain(config)],
    exactRoutesOf(config, withOutsideContracts(catalog, config)),
  );
  const plan = new ProofContext(graph, ledger, findings, {
    peaks: Object.fromEntries(services.map(([name, { capacity }]) => [name, capacity.peak])),
    names: namesOf(config),
    availabilityPercent: config.targets.availabilityPercent,
    requestsPerServer: Object.fromEntries(services.map(([name, { ec2 }]) => [name, ec2.requestsPerSecond])),
  });
  const results = prove(plan);
  const fails = config.class === "production" && results.some(({ result }) => result === "broken");
  return { results, zonesLost: zonesLost(plan), fails };
}

/** Returns the names that fail over by configuration: those of the gateways, of live changes, and of services. */
function namesOf({ domain, gateways, failover, live, services }: PlatformConfig): ProofFacts["names"] {
  const gateway = (members: readonly string[]) => {
    const critical = members.filter((name) => services[name]?.critical);
    return { services: members, movedBy: (failover.atLeast ?? critical.length) === critical.length ? critical : [] };
  };
  const api = gateway(gateways.http.services);
  return {
    [domain.api]: api,
    // No service is reached by it, and what moves the API moves it too.
    ...(live === undefined ? {} : { [live.domain]: { services: [], movedBy: api.movedBy } }),
    ...(gateways.rest === undefined ? {} : { [gateways.rest.domain]: gateway(gateways.rest.services) }),
    ...Object.fromEntries(
      Object.entries(services).flatMap(([name, { failoverName }]) =>
        failoverName === undefined ? [] : [[failoverName, { services: [name], movedBy: [name] }]],
      ),
    ),
  };
}

/** Writes all that the proofs show. */
export function renderPlanProofs({ results, zonesLost: lost }: PlanProofs): string {
  return [...renderProofs(results), "", ...renderZonesLost(lost), "", countProofs(results)].join("\n");
}
