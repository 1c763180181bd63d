import { existsSync } from "node:fs";
import { join } from "node:path";
import { catalog } from "../../apps/catalog";
import { parseConfig, readConfigDocument } from "../../policy/check/config-file";
import type { ConfigOf } from "../../policy/pack/policies";
import { withOutsideContracts } from "../../stacks/config/outside-images";
import { policySettings } from "../../stacks/config/policy";
import { rawConfig } from "../../stacks/config/raw";
import { parseConfig as parsePlatformConfig } from "../../stacks/config/read";
import { readProject } from "../project";
import { projectRoot } from "../project-root";

/** A configuration of the policy pack, by the name of a policy, as its file has it. */
export type PolicyDocument = Readonly<Record<string, unknown>>;

/**
 * Returns the configuration of the policy pack for an environment, as a file for `pulumi preview --policy-pack-config`
 * has it. It follows from the environment's configuration and the contracts of its services, and from what people
 * decided: `policy/config.json` of every environment, and `policy/config.<environment>.json`, where there is one.
 * The account, which is no environment, has the latter alone.
 * @throws {UserError} when a file is no configuration of the pack, or the environment's is not valid
 */
export function policyDocument(environment: string, root = projectRoot): PolicyDocument {
  const own = decisions(root, `policy/config.${environment}.json`);
  if (!existsSync(join(root, `Pulumi.${environment}.yaml`))) return own;
  const { project, config } = readProject(root, environment);
  const platform = parsePlatformConfig(rawConfig(project, config), environment, catalog);
  const derived = policySettings(platform, withOutsideContracts(catalog, platform));
  return [decisions(root, "policy/config.json"), own].reduce(merged, derived);
}

/** Reads `policyDocument` as the command does. @returns a function from the name of a policy to its configuration */
export function readPolicyConfig(environment: string, root = projectRoot): ConfigOf {
  return parseConfig(policyDocument(environment, root), `the policy configuration of ${environment}`);
}

function decisions(root: string, file: string): PolicyDocument {
  const path = join(root, file);
  return existsSync(path) ? readConfigDocument(path) : {};
}

/** Adds settings to those of the same rule; a setting replaces another, and a level as text is a setting too. */
function merged(base: PolicyDocument, more: PolicyDocument): PolicyDocument {
  const settings = (value: unknown) => (typeof value === "string" ? { enforcementLevel: value } : (value ?? {}));
  const changed = Object.entries(more).map(([name, value]) => [name, { ...settings(base[name]), ...settings(value) }]);
  return { ...base, ...Object.fromEntries(changed) };
}
