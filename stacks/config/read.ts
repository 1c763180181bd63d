import { catalog } from "../../apps/catalog";
import type { ServiceContract } from "../../apps/kit/contract";
import { shapeProblems } from "./problems";
import { configError, rawConfig } from "./raw";
import { ruleProblems, type SoundConfig } from "./rules";
import { type PlatformConfig, platformSchema } from "./schema";

/**
 * Reads the stack's configuration.
 * @throws {RunError} every problem at once, one sentence each, before any resource exists
 */
export function readConfig(environment: string): PlatformConfig {
  return parseConfig(rawConfig(), environment, catalog);
}

/**
 * @param raw  the keys below `platform:`, parsed
 * @param environment  `dev`, `prod`: names the file in messages and decides what production demands
 */
export function parseConfig(
  raw: unknown,
  environment: string,
  contracts: Readonly<Record<string, ServiceContract>>,
): PlatformConfig {
  const shape = platformSchema.safeParse(raw, { reportInput: true });
  const issues = shape.success ? [] : shape.error.issues;
  const problems = [...shapeProblems(issues), ...ruleProblems(soundParts(raw, issues), contracts, environment)];
  if (shape.success && problems.length === 0) return shape.data;
  throw configError(problems, `Pulumi.${environment}.yaml`, "platform");
}

/** Leaves out what has an issue: a whole key, or below `services` the one service. */
function soundParts(raw: unknown, issues: readonly { readonly path: readonly PropertyKey[] }[]): SoundConfig {
  const unsound = new Set(
    issues.map(({ path: [key, service] }) =>
      key === "services" && service !== undefined ? `services.${String(service)}` : String(key),
    ),
  );
  const keep = (value: unknown, prefix: string) =>
    Object.fromEntries(Object.entries(value ?? {}).filter(([key]) => !unsound.has(`${prefix}${key}`)));
  const { services, ...rest } = (raw ?? {}) as Record<string, unknown>;
  const known = unsound.has("services") ? {} : services;
  return { ...keep(rest, ""), services: keep(known, "services."), named: Object.keys(services ?? {}) } as SoundConfig;
}
