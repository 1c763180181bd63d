import assert from "node:assert/strict";
import { parseStackName } from "../../../stacks/stack-name";
import type { Cloud } from "../provider/cloud";
import { canonical } from "../provider/values";
import { errors, operations } from "./events";
import type { Project, Result } from "./project";

/** How often a deployment is repeated to see that it changes nothing. */
const REPEATS = Number(process.env["ENGINE_REPEATS"] ?? 10);

/** An operation of the engine, without asking and without a preview before it. */
export function operate(project: Project, operation: "up" | "refresh", stack: string): Promise<Result> {
  const settings = ["--config-file", `Pulumi.${parseStackName(stack).environment}.yaml`];
  return project.run(operation, "-s", stack, ...settings, "--yes", "--skip-preview");
}

/** Deploys, of a stack that is new. */
export async function deploy(project: Project, stack: string): Promise<Result> {
  await project.run("stack", "init", stack);
  return operate(project, "up", stack);
}

/** As `deploy`, and it must work. */
export async function deployed(project: Project, stack: string): Promise<Result> {
  const result = await deploy(project, stack);
  assert.deepEqual([stack, result.code, errors(result.events)], [stack, 0, []]);
  return result;
}

/** Deploys again and again; nothing may change. */
export async function staysAsItIs(project: Project, stack: string): Promise<void> {
  for (let run = 1; run <= REPEATS; run++) {
    const again = await operate(project, "up", stack);
    assert.deepEqual([stack, run, again.code, operations(again.events)], [stack, run, 0, []]);
  }
}

/** Everything the cloud holds, but for the seven characters that make a name unique, in start-up scripts too. */
export function holdings(cloud: Cloud): string[] {
  const script = (_: string, text: string) => `"userData":${Buffer.from(text, "base64").toString()}`;
  return cloud.resources
    .map(({ type, region, inputs }) => `${region} ${type} ${canonical(inputs)}`)
    .map((text) => text.replace(/"userData":"([^"]+)"/, script).replaceAll(/-[0-9a-f]{7}\b/g, ""))
    .sort();
}
