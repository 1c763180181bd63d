import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ConfigOf } from "../../policy/core/policies";
import type { RuleConfig } from "../../policy/core/run";
import { PlanError } from "../capture";
import { projectRoot } from "../project-root";

/**
 * The pack's configuration for an environment: `policy/config.<environment>.json`, the file that
 * `pulumi preview --policy-pack policy --policy-pack-config policy/config.prod.json` takes.
 * @returns an empty configuration for an environment without a file
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
    throw new PlanError(`${path} is not JSON: ${(error as Error).message}; mend that line`);
  }
}
