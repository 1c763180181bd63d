import * as pulumi from "@pulumi/pulumi";
import { catalog } from "../apps/catalog";
import type { ServiceContract } from "../apps/shared/contract";
import type { RouteSpec, ServiceSpec } from "../infra/core/service";
import { type ConfigProblem, shapeProblems } from "./config-problems";
import { ruleProblems, type SoundConfig } from "./config-rules";
import { type PlatformConfig, platformSchema, type ServiceConfig } from "./config-schema";

/**
 * Reads the stack's configuration. The only place that does.
 * @throws {pulumi.RunError} every problem at once, one sentence each, before any resource exists
 */
export function readConfig(environment: string): PlatformConfig {
  const prefix = `${pulumi.getProject()}:`;
  const raw = Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), parseValue(value)]),
  );
  return parseConfig(raw, environment, catalog);
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
  throw new pulumi.RunError(report(problems, `Pulumi.${environment}.yaml`));
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

function report(problems: readonly ConfigProblem[], file: string): string {
  const lines = problems.map(({ path, text }) => `  platform:${path} ${text}`);
  return [`${file} has ${problems.length} problem${problems.length === 1 ? "" : "s"}:`, ...lines].join("\n");
}

/** The CLI hands every value over as text, structured ones as JSON. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Joins what a service's contract says with what the configuration says, in the order of the catalog. */
export function serviceSpecs(
  config: PlatformConfig,
  contracts: Readonly<Record<string, ServiceContract>>,
): ServiceSpec[] {
  return Object.values(contracts).map(({ name, port, routes, legacyRoutes, table }) => {
    const { legacyUrl, routes: changes = {}, ...rest } = config.services[name]!;
    return {
      name,
      port,
      routes: configured(routes, changes),
      legacyRoutes: configured(legacyRoutes, changes).map((route) => ({ ...route, url: legacyUrl! })),
      table,
      ...rest,
    };
  });
}

/** Routes as the environment wants them: limits changed, some switched off. */
function configured(routes: readonly RouteSpec[], changes: NonNullable<ServiceConfig["routes"]>): RouteSpec[] {
  return routes
    .filter(({ id }) => changes[id]?.enabled !== false)
    .map((route) => ({ ...route, throttle: changes[route.id]?.throttle ?? route.throttle }));
}
