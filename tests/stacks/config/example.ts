import assert from "node:assert/strict";
import type { RouteSpec, ServiceContract } from "../../../apps/kit/contract";
import { formatValue } from "../../../stacks/config/problems";
import { parseConfig } from "../../../stacks/config/read";
import { writtenOut } from "../../helpers/configuration";
import { sampleCatalog as catalog, isSample, ofSamples } from "../../helpers/samples";

export type Environment = "dev" | "prod";

/** The environment's configuration with every default written out, of the services that tests name; a copy of its own, to be broken. */
export function exampleConfig(environment: Environment): any {
  const config = writtenOut(environment);
  config.services = ofSamples(config.services);
  // Its name follows the zone, which tests change.
  config.web = {};
  // Tests of it set it: not every sample publishes changes.
  delete config.live;
  // Every gateway lists its services; those of the file are all services unless it says otherwise.
  for (const gateway of Object.values<any>(config.gateways)) {
    if (gateway.services) gateway.services = gateway.services.filter(isSample);
  }
  return config;
}

/** Sets one value: `regions[0].zones[1]`, `services.shipping.legacyUrl`. Parts with dots are quoted: `services["a.b"]`. */
export function set(config: any, path: string, value: unknown): void {
  const parts = [...path.matchAll(/\["(.+?)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, word]) => quoted ?? index ?? word!,
  );
  const last = parts.pop()!;
  const parent = parts.reduce((each, part) => {
    each[part] ??= {};
    return each[part];
  }, config);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
}

/** The problems of a configuration, a line each; none when it is accepted. */
export function problemsOf(
  config: unknown,
  environment: Environment = "prod",
  contracts: Readonly<Record<string, ServiceContract>> = catalog,
): string[] {
  try {
    parseConfig(config, environment, contracts);
    return [];
  } catch (error) {
    assert.equal((error as Error).constructor.name, "RunError", String(error));
    const [title, ...lines] = (error as Error).message.split("\n");
    assert.equal(title, `Pulumi.${environment}.yaml has ${lines.length} problem${lines.length === 1 ? "" : "s"}:`);
    return lines.map((line) => line.trim());
  }
}

/** The problems of the example after one change. */
export function problemsAfter(path: string, value: unknown, environment: Environment = "prod"): string[] {
  const config = exampleConfig(environment);
  set(config, path, value);
  return problemsOf(config, environment);
}

/** The problems of the example after a change; fails when there are none. */
export function problemsOfChange(change: (config: any) => void, environment: Environment = "prod"): string[] {
  const config = exampleConfig(environment);
  change(config);
  const found = problemsOf(config, environment);
  assert.notEqual(found.length, 0, "the configuration was accepted");
  return found;
}

/**
 * Makes a test per value: the sentence is the only problem of the example with this value.
 * @param path  of the value in the example
 * @param refusals  values by the sentence about them, in which `<value>` stands for the value as messages show it
 */
export function refuses(
  path: string,
  refusals: Readonly<Record<string, readonly unknown[]>>,
  environment: Environment = "prod",
): void {
  for (const [sentence, values] of Object.entries(refusals)) {
    for (const value of values) {
      it(`${path}: ${formatValue(value)}`, () => {
        const expected = sentence.replace("<value>", () => formatValue(value));
        assert.deepEqual(problemsAfter(path, value, environment), [`platform:${expected}`]);
      });
    }
  }
}

/** A copy of a contract of the catalog, with changes. */
export function contract(name: keyof typeof catalog, changes: Partial<ServiceContract>): ServiceContract {
  return { ...(catalog[name] as ServiceContract), ...changes };
}

/** A route of a contract, with changes. */
export function route(changes: Partial<RouteSpec>): RouteSpec {
  return {
    id: "get-toy",
    method: "GET",
    path: "/shipping/toys/{id}",
    scopes: [],
    throttle: { rate: 100, burst: 50 },
    ...changes,
  };
}
