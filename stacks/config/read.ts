import { catalog } from "../../apps/catalog";
import type { ServiceContract } from "../../apps/kit/contract";
import { shapeProblems } from "./problems";
import { configError, rawConfig } from "./raw";
import { ruleProblems, type ValidParts } from "./rules";
import { type PlatformConfig, platformSchema } from "./schema";

/**
 * Reads and checks the configuration of this stack.
 * @param environment  `dev`, `prod`: names the file in messages; `prod` has more rules
 * @throws {RunError} with all problems, one sentence each, before the first resource is registered
 */
export function readConfig(environment: string): PlatformConfig {
  return parseConfig(rawConfig(), environment, catalog);
}

/**
 * Checks a configuration and returns it with its types.
 * @param raw  the values of the keys below `platform:`, by key
 * @param environment  `dev`, `prod`: names the file in messages; `prod` has more rules
 * @param contracts  the services that exist, by name
 * @throws {RunError} with all problems, one sentence each
 */
export function parseConfig(
  raw: unknown,
  environment: string,
  contracts: Readonly<Record<string, ServiceContract>>,
): PlatformConfig {
  const shape = platformSchema.safeParse(raw, { reportInput: true });
  const issues = shape.success ? [] : shape.error.issues;
  const problems = [...shapeProblems(issues), ...ruleProblems(validParts(raw, issues), contracts, environment)];
  if (shape.success && problems.length === 0) return shape.data;
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
  const known = invalidKeys.has("services") ? {} : services;
  return {
    ...keep(rest, ""),
    services: keep(known, "services."),
    serviceNames: Object.keys(services ?? {}),
  } as ValidParts;
}
