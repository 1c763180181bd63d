import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ConfigOf } from "../../policy/pack/policies";
import type { RuleConfig } from "../../policy/pack/run";
import { PlanError } from "../capture";
import { projectRoot } from "../project-root";

/**
 * Reads the configuration of the policy pack for an environment, `policy/config.<environment>.json`. The same file is
 * for `pulumi preview --policy-pack policy --policy-pack-config policy/config.prod.json`.
 * @returns a function from the name of a rule to its configuration, which is empty without a file
 * @throws {PlanError} when the file is not JSON
 */
export function readPolicyConfig(environment: string, root = projectRoot): ConfigOf {
  const path = `policy/config.${environment}.json`;
  let content: string;
  try {
    content = readFileSync(join(root, path), "utf8");
  } catch {
    return () => ({});
  }
  try {
    const config = JSON.parse(content) as Record<string, RuleConfig>;
    return (rule) => config[rule] ?? {};
  } catch (error) {
    throw new PlanError(`${path} is not JSON: ${(error as Error).message}; fix that line`);
  }
}
