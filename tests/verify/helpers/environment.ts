import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalog } from "../../../apps/catalog";
import { expectedOf } from "../../../cli/verify/expected";
import { localTarget } from "../../../cli/verify/local";
import type { Graph } from "../../../graph/model";
import { planStack } from "../../../graph/plan";
import { type RunningPlatform, startPlatform } from "../../../local/platform";
import type { Report, Result } from "../../../verify/report";
import { type VerifyOptions, verify } from "../../../verify/run";
import type { Target } from "../../../verify/target";
import { changedValues } from "../../helpers/configuration";

/** A platform that runs for a test, as something to verify. */
export interface Environment {
  readonly platform: RunningPlatform;
  readonly target: Target;
  stop(): Promise<void>;
}

const plans = new Map<string, Promise<Graph>>();

/**
 * Configuration of an environment whose limits are small enough to be met on a busy machine and large enough for the
 * rest of the story, or too large to be met by verifying again and again.
 */
function configOf(stack: string, smallLimits: boolean): Readonly<Record<string, string>> {
  const throttle = smallLimits ? { rate: 5, burst: 20 } : { rate: 1000, burst: 1000 };
  return changedValues(stack, ({ services }) => {
    for (const { name, routes } of Object.values(catalog)) {
      const limited = routes.filter(({ id }) => id !== "get-health" && id !== "probe-region");
      services[name].routes = Object.fromEntries(limited.map(({ id }) => [id, { throttle }]));
    }
  });
}

/**
 * Plans once per stack; every caller gets a graph of its own to change.
 * @param smallLimits  for tests of limits; a suite that verifies often would meet them by itself
 */
export async function plannedGraph(stack: string, smallLimits = true): Promise<Mutable> {
  const key = `${stack} ${smallLimits}`;
  const plan = plans.get(key) ?? planStack(stack, { config: configOf(stack, smallLimits) });
  plans.set(key, plan);
  return structuredClone(await plan) as Mutable;
}

/** A graph that a test may plant a fault in. */
export interface Mutable extends Graph {
  readonly resources: readonly (Graph["resources"][number] & {
    readonly inputs: Record<string, any>;
    readonly outputs: Record<string, any>;
  })[];
}

/** Changes inputs and outputs of the one planned resource with this name and type. */
export function change(
  { resources }: Mutable,
  type: string,
  name: string,
  to: (values: Record<string, any>) => void,
): void {
  const found = resources.filter((each) => each.type === type && each.name === name);
  if (found.length !== 1) throw new Error(`${found.length} ${type} "${name}" in the plan`);
  to(found[0]!.inputs);
  to(found[0]!.outputs);
}

/** Runs a plan. */
export async function startEnvironment(graph: Graph, timeScale = 2, smallLimits = true): Promise<Environment> {
  const stateDir = mkdtempSync(join(tmpdir(), "verify-"));
  const clean = () => rmSync(stateDir, { recursive: true, force: true });
  try {
    const platform = await startPlatform({ graph, timeScale, stateDir, log: () => {} });
    const target = await localTarget(
      platform.endpoints.console,
      expectedOf(graph.stack, configOf(graph.stack, smallLimits)),
    );
    return { platform, target, stop: () => platform.stop().finally(clean) };
  } catch (error) {
    clean();
    throw error;
  }
}

/** What failed, or was not run although no option left it out. A machine that is too busy for a burst proves nothing. */
export function unmet({ results }: Report): readonly Result[] {
  return results.filter(
    ({ status, allowed, reason }) =>
      status === "failed" || (status === "not run" && !allowed && !/too slowly from here/.test(reason!)),
  );
}

/** Ids of what is unmet. */
export function problems(report: Report): string[] {
  return unmet(report).map(({ id }) => id);
}

/** Verifies, and returns the ids of what is unmet. */
export async function problemsOf(target: Target, options: Omit<VerifyOptions, "target"> = {}): Promise<string[]> {
  return problems(await verify({ target, ...options }));
}
