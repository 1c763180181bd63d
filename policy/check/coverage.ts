import type { Rule } from "../pack/rule";
import { rules as allRules } from "../rules";
import { canonicalType, T } from "../stack/types";
import type { StateResource } from "./state";
import { UserError } from "./user-error";

/** How much of a stack the rules of the policy pack look at. */
export interface Coverage {
  /** Resources of a provider; components are not counted, as their children are. */
  readonly resources: number;
  /** How many of them have a type that no rule knows, by type. */
  readonly unknown: ReadonlyMap<string, number>;
}

/** Counts the resources whose type no rule knows. Without that, a stack of another cloud would pass every rule. */
export function coverageOf(resources: readonly StateResource[], rules: readonly Rule[] = allRules): Coverage {
  const known = knownTypes(rules);
  const own = resources.filter((resource) => isJudged(resource) || known.has(canonicalType(resource.type)));
  const unknown = new Map<string, number>();
  for (const { type } of own) {
    if (!known.has(canonicalType(type))) unknown.set(type, (unknown.get(type) ?? 0) + 1);
  }
  return { resources: own.length, unknown };
}

/** Writes what was looked at as a line for people. */
export function renderCoverage({ resources, unknown }: Coverage): string {
  const count = [...unknown.values()].reduce((sum, each) => sum + each, 0);
  const line = `looked at: ${resources - count} of ${resources} resources`;
  if (count === 0) return line;
  const types = [...unknown].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, each]) => `${type} (${each})`);
  return `${line}; ${count} ${count === 1 ? "resource" : "resources"} of types no rule knows: ${types.join(", ")}`;
}

/** Types that a rule judges, or reads to judge another resource. */
function knownTypes(rules: readonly Rule[]): ReadonlySet<string> {
  const judged = rules.flatMap((rule) => ("types" in rule ? rule.types : []));
  return new Set([...judged, ...Object.values(T)]);
}

/** Tells whether a resource is one of a provider, and not the provider itself. */
function isJudged({ custom = true, type }: StateResource): boolean {
  return custom && !type.startsWith("pulumi:");
}

/**
 * Returns the coverage of a stack as a line for people.
 * @throws {UserError} when no rule knows any of its types, as nothing was checked then
 */
export function coverageLine(resources: readonly StateResource[]): string {
  const coverage = coverageOf(resources);
  const line = renderCoverage(coverage);
  const unknown = [...coverage.unknown.values()].reduce((sum, each) => sum + each, 0);
  if (unknown === coverage.resources)
    throw new UserError(`no rule knows a type of this stack, so that nothing was checked; ${line}`);
  return line;
}
