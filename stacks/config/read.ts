import { runtime } from "@pulumi/pulumi";
import { catalog } from "../../apps/catalog";
import type { ServiceContract } from "../../apps/kit/contract";
import { deploymentProblems } from "./name-rules";
import { type ConfigProblem, shapeProblems } from "./problems";
import { configError, namespaceProblems, rawConfig } from "./raw";
import { ruleProblems, type ValidParts } from "./rules";
import { type PlatformConfig, platformSchema } from "./schema";

type Contracts = Readonly<Record<string, ServiceContract>>;

/**
 * Reads and checks the configuration of this stack. A deployment, unlike a preview or a plan, needs names of its own.
 * @param environment  `dev`, `prod`: names the file in messages; `prod` has more rules
 * @throws {RunError} with all problems, one sentence each, before the first resource is registered
 */
export function readConfig(environment: string): PlatformConfig {
  const shape = checkConfig(rawConfig(), environment, catalog);
  const deployment = runtime.isDryRun() || !shape.parts.domain ? [] : [...deploymentProblems(shape.parts.domain)];
  return accepted({ ...shape, problems: [...namespaceProblems(), ...shape.problems, ...deployment] }, environment);
}

/**
 * Checks a configuration and returns it with its types.
 * @param raw  the values of the keys below `platform:`, by key
 * @param environment  `dev`, `prod`: names the file in messages; `prod` has more rules
 * @param contracts  the services that exist, by name
 * @throws {RunError} with all problems, one sentence each
 */
export function parseConfig(raw: unknown, environment: string, contracts: Contracts): PlatformConfig {
  return accepted(checkConfig(raw, environment, contracts), environment);
}

/** What a check of a configuration found. */
interface Checked {
  /** The configuration; none when a value has the wrong type or format. */
  readonly config: PlatformConfig | undefined;
  readonly parts: ValidParts;
  readonly problems: readonly ConfigProblem[];
}

function checkConfig(raw: unknown, environment: string, contracts: Contracts): Checked {
  const shape = platformSchema.safeParse(raw, { reportInput: true });
  const issues = shape.success ? [] : shape.error.issues;
  const parts = validParts(raw, issues);
  const problems = [...shapeProblems(issues), ...ruleProblems(parts, contracts, environment)];
  return { config: shape.data, parts, problems };
}

function accepted({ config, problems }: Checked, environment: string): PlatformConfig {
  if (config && problems.length === 0) return config;
  throw configError(problems, `Pulumi.${environment}.yaml`, "platform");
}

/**
 * Returns the configuration without the keys that have an issue; of `services` only the service with the issue is left
 * out.
 */
function validParts(raw: unknown, issues: readonly { readonly path: readonly PropertyKey[] }[]): ValidParts {
  const invalidKeys = new Set(
    issues.map(({ path: [key, service] }) =>
      key === "services" && service !== undefined ? `services.${String(service)}` : String(key),
    ),
  );
  const keep = (value: unknown, prefix: string) =>
    Object.fromEntries(Object.entries(value ?? {}).filter(([key]) => !invalidKeys.has(`${prefix}${key}`)));
  const { services, ...rest } = (raw ?? {}) as Record<string, unknown>;
  if (invalidKeys.has("services")) return keep(rest, "") as ValidParts;
  return {
    ...keep(rest, ""),
    services: keep(services, "services."),
    serviceNames: Object.keys(services ?? {}),
  } as ValidParts;
}
