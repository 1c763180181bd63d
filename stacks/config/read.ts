import { runtime } from "@pulumi/pulumi";
import { catalog } from "../../apps/catalog";
import type { ServiceContract } from "../../apps/kit/contract";
import { effectiveConfig, runsImage } from "./effective";
import { misplacedKey } from "./misplaced-keys";
import { deploymentProblems } from "./name-rules";
import { outsideImageProblems, readOutsideContracts } from "./outside-images";
import { type ConfigProblem, formatPath, shapeProblems } from "./problems";
import { configError, namespaceProblems, rawConfig } from "./raw";
import { ruleProblems, type ValidParts } from "./rules";
import { type PlatformConfig, platformSchema } from "./schema";
import { withWebApp } from "./web";

type Contracts = Readonly<Record<string, ServiceContract>>;

/** A whole configuration, and where each of its values came from, by path. */
interface ExplainedConfig {
  readonly config: PlatformConfig;
  readonly sources: ReadonlyMap<string, string>;
}

/**
 * Reads and checks the configuration of this stack. A deployment, unlike a preview or a plan, needs names of its own.
 * @param environment  `dev`, `prod`: names the file in messages
 * @returns the configuration with its defaults
 * @throws {RunError} with all problems, one sentence each, before the first resource is registered
 */
export function readConfig(environment: string): PlatformConfig {
  const shape = checkConfig(rawConfig(), environment, catalog);
  const deployment = runtime.isDryRun() || !shape.parts.domain ? [] : [...deploymentProblems(shape.parts.domain)];
  return accepted({ ...shape, problems: [...namespaceProblems(), ...shape.problems, ...deployment] }, environment);
}

/**
 * Adds the defaults to a configuration, checks it and returns it with its types.
 * @param raw  the values of the keys below `platform:`, by key
 * @param environment  `dev`, `prod`: names the file in messages
 * @param contracts  the services that exist, by name
 * @throws {RunError} with all problems, one sentence each
 */
export function parseConfig(raw: unknown, environment: string, contracts: Contracts): PlatformConfig {
  return accepted(checkConfig(raw, environment, contracts), environment);
}

/** Does what `parseConfig` does, and returns where each value came from, too. @throws {RunError} as `parseConfig` */
export function explainConfig(raw: unknown, environment: string, contracts: Contracts): ExplainedConfig {
  const checked = checkConfig(raw, environment, contracts);
  return { config: accepted(checked, environment), sources: checked.sources };
}

/** What a check of a configuration found. */
interface Checked {
  /** The configuration; none when a value has the wrong type or format. */
  readonly config: PlatformConfig | undefined;
  readonly sources: ReadonlyMap<string, string>;
  readonly parts: ValidParts;
  readonly problems: readonly ConfigProblem[];
}

function checkConfig(raw: unknown, environment: string, contracts: Contracts): Checked {
  const { values, sources } = effectiveConfig(raw, fileOf(environment));
  const shape = platformSchema.safeParse(values, { reportInput: true });
  const issues = shape.success ? [] : shape.error.issues;
  const parts = validParts(values, issues);
  const own = issues.filter((issue) => !isConsequence(issue, issues, sources.get(formatPath(issue.path))));
  const problems = [...shapeProblems(own, misplacedKey), ...outsideAndRules(parts, contracts)];
  return { config: shape.data, sources, parts, problems };
}

/** Returns the problems of values that have the right types, of images from outside first: the rules need their contracts. */
function outsideAndRules(parts: ValidParts, contracts: Contracts): ConfigProblem[] {
  const services = parts.services ?? {};
  const outside = readOutsideContracts(services);
  // Those of images come last, so that of two services with one port the image is told to take another.
  const known = { ...contracts, ...withoutKeys(outside.contracts, contracts) };
  return [
    ...Object.entries(services).flatMap(([name, service]) => [
      ...outsideImageProblems(`services.${name}`, service, Object.hasOwn(contracts, name)),
    ]),
    ...outside.problems,
    ...ruleProblems(parts, known),
  ];
}

function withoutKeys(contracts: Contracts, others: Contracts): Contracts {
  return Object.fromEntries(Object.entries(contracts).filter(([name]) => !Object.hasOwn(others, name)));
}

function fileOf(environment: string): string {
  return `Pulumi.${environment}.yaml`;
}

type Issue = { readonly path: readonly PropertyKey[] };

/** Values that defaults are made from, by the path of the default. */
const origins: Readonly<Record<string, string>> = {
  "domain.api": "domain.zone",
  "gateways.rest.domain": "domain.api",
  "web.domain": "domain.zone",
  "live.domain": "domain.zone",
};

/** Returns the path of the value that a default is made from. @example originOf("regions[0].zones") // "regions[0].name" */
function originOf(path: string): string | undefined {
  return /^regions\[\d+\]\.zones$/.test(path) ? path.replace(/zones$/, "name") : origins[path];
}

/**
 * Tells whether an issue of a default only repeats an issue of the value that the default is made from: without a valid
 * name, a region has no zones.
 * @param source  where the value came from; undefined when it is missing
 */
function isConsequence({ path }: Issue, issues: readonly Issue[], source: string | undefined): boolean {
  const origin = originOf(formatPath(path));
  if (origin === undefined || source?.startsWith("from ") === false) return false;
  return issues.some((other) => formatPath(other.path) === origin);
}

function accepted({ config, problems }: Checked, environment: string): PlatformConfig {
  if (config && problems.length === 0) return withWebApp(config);
  throw configError(problems, fileOf(environment), "platform");
}

/**
 * Returns the configuration without the keys that have an issue; of `services` only the service with the issue is left
 * out.
 */
function validParts(raw: unknown, issues: readonly Issue[]): ValidParts {
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
    imageNames: Object.entries(services ?? {}).flatMap(([name, each]) => (runsImage(each) ? [name] : [])),
  } as ValidParts;
}
