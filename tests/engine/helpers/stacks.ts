import assert from "node:assert/strict";
import { layerNames, parseStackName } from "../../../stacks/stack-name";
import type { Cloud } from "../provider/cloud";
import { canonical } from "../provider/values";
import { errors, operations } from "./events";
import type { Project, Result } from "./project";

const regions = ["eu-west-1", "eu-central-1"];
/** The ways to split prod, each with its stacks in the order of their deployment. */
export const splits: Readonly<Record<string, readonly string[]>> = {
  "a stack per layer": layerNames.map((layer) => `prod-${layer}`),
  "a stack per region": regions.map((region) => `prod.${region}`),
  "a stack per layer and region": layerNames.flatMap((layer) => regions.map((region) => `prod-${layer}.${region}`)),
};

/** How often a deployment is repeated to see that it changes nothing. */
const REPEATS = 10;

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
export async function staysAsItIs(project: Project, stack: string, repeats = REPEATS): Promise<void> {
  for (let run = 1; run <= repeats; run++) {
    const again = await operate(project, "up", stack);
    assert.deepEqual([stack, run, again.code, operations(again.events)], [stack, run, 0, []]);
  }
}

/**
 * Everything the cloud holds, but for the seven characters that make a name unique, in start-up scripts too, and for the hash
 * of a REST API's document, which has such names; the document itself is there.
 */
export function holdings(cloud: Cloud): string[] {
  const script = (_: string, text: string) => `"userData":${Buffer.from(text, "base64").toString()}`;
  return cloud.resources
    .map(({ type, region, inputs }) => `${region} ${type} ${canonical(inputs)}`)
    .map((text) => text.replace(/"userData":"([^"]+)"/, script).replaceAll(/-[0-9a-f]{7}\b/g, ""))
    .map((text) => text.replace(/(?<="triggers":{"definition":")[0-9a-f]{64}/, "hash"))
    .sort();
}
