import { existsSync } from "node:fs";
import { join } from "node:path";
import { readConfigFile } from "../../policy/check/config-file";
import type { ConfigOf } from "../../policy/pack/policies";
import { projectRoot } from "../project-root";

/**
 * Reads the configuration of the policy pack for an environment, `policy/config.<environment>.json`. The same file is
 * for `pulumi preview --policy-pack policy --policy-pack-config policy/config.prod.json`.
 * @returns a function from the name of a policy to its configuration, which is empty without a file
 * @throws {UserError} when the file is no configuration of the pack
 */
export function readPolicyConfig(environment: string, root = projectRoot): ConfigOf {
  const path = join(root, `policy/config.${environment}.json`);
  return existsSync(path) ? readConfigFile(path) : () => ({});
}
