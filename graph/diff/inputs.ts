import { SECRET, UNKNOWN } from "../capture/wire";
import type { PlannedResource } from "../model";
import { withoutBuild } from "./builds";
import type { PropertyChange } from "./difference";
import { type Leaf, leavesOf } from "./leaves";
import { replacedBy } from "./replacements";
import { madeUpFor } from "./stand-ins";
import { isObject, type Properties } from "./values";

/** Stands in inputs for an output of another resource that is only known when that one is deployed. */
export class Follows {
  constructor(
    readonly source: string,
    /** Whether the other resource changes by a build alone. */
    readonly build: boolean,
  ) {}
}

/** A resource before and after. */
export interface Match {
  readonly old: PlannedResource;
  readonly now: PlannedResource;
}

/** What the comparison of inputs needs to know of both stacks. */
export interface InputContext {
  readonly deployed: boolean;
  readonly builds: ReadonlySet<string>;
  /** Resources before and after, by URN after. */
  readonly matches: ReadonlyMap<string, Match>;
  /** Answers of AWS to look-ups of the plan, which are stand-ins too. */
  readonly lookedUp: ReadonlySet<string>;
  /** Writes a value for people. */
  readonly show: (value: unknown) => string;
}

/** How the inputs of a resource differ. */
export interface InputDifference {
  readonly properties: readonly PropertyChange[];
  /** Number of values that cannot be compared. */
  readonly notCompared: number;
}

/**
 * Compares the inputs of a resource before and after.
 * @param inputs  inputs after, in the words of the stack before, with a `Follows` where an output is not known yet
 */
export function compareInputs({ old, now }: Match, inputs: Properties, context: InputContext): InputDifference {
  const before = context.deployed ? withoutDefaults(old.inputs, inputs) : old.inputs;
  const known = (leaf: Leaf) => isComparable(leaf, now, context);
  const differ = (a: unknown, b: unknown) => leavesOf(a, b).some(known);
  const replacing = replacedBy(now.type, before, inputs, (a, b) => !differ(a, b));
  const ignored = new Set([...now.ignoreChanges, ...(context.deployed ? stateOnly : [])].map(firstStep));
  const leaves = leavesOf(before, inputs).filter(({ path }) => !ignored.has(firstStep(path)));
  return {
    properties: leaves.filter(known).map((leaf) => describe(leaf, replacing, context)),
    notCompared: leaves.filter((leaf) => !known(leaf)).length,
  };
}

/** Inputs that the engine and the provider add to those of a program. */
const stateOnly = ["__defaults", "__internal"];

function firstStep(path: string): string {
  return /^[^.[]+/.exec(path)?.[0] ?? path;
}

/** Tells whether a leaf can be compared: neither side is a secret, and neither depends on what AWS alone knows. */
function isComparable({ path, before, after }: Leaf, now: PlannedResource, context: InputContext): boolean {
  const texts = [before, after].filter((value) => typeof value === "string");
  if (texts.some((text) => text === SECRET || text.includes(UNKNOWN))) return false;
  if (!context.deployed || typeof after !== "string") return true;
  if (context.lookedUp.has(after)) return false;
  return !(now.propertyDependencies[firstStep(path)] ?? []).some((urn) => {
    const source = context.matches.get(urn);
    return source !== undefined && madeUpFor(source.now)(after);
  });
}

function describe({ path, before, after }: Leaf, replacing: readonly string[], context: InputContext): PropertyChange {
  const replaces = replacing.some((each) => isBelow(path, each));
  if (after instanceof Follows) {
    return { path, kind: after.build ? "build" : "follows", source: after.source, replaces };
  }
  const [old, now] = [before, after].map((value) => JSON.stringify(withoutBuild(value, context.builds)));
  if (old === now) return { path, kind: "build", replaces };
  if (typeof after === "string" && context.lookedUp.has(after)) return { path, kind: "looked up", replaces };
  return {
    path,
    kind: "value",
    ...(before === undefined ? {} : { before: context.show(before) }),
    ...(after === undefined ? {} : { after: context.show(after) }),
    replaces,
  };
}

/** Tells whether a path with the entries of lists, `a[0].b`, is at or below a path of the table, `a.b`. */
function isBelow(path: string, above: string): boolean {
  const plain = path.replace(/\[[^\]]*\]/g, "");
  return plain === above || plain.startsWith(`${above}.`) || above.startsWith(`${plain}.`);
}

/**
 * Returns the inputs of a deployed resource without those that the provider has filled in, unless the program now sets
 * them. The bridge of the provider lists their names, at each level.
 * @param now  inputs of the program
 */
function withoutDefaults(value: any, now: any): any {
  if (Array.isArray(value))
    return value.map((item, i) => withoutDefaults(item, Array.isArray(now) ? now[i] : undefined));
  if (!isObject(value)) return value;
  const filledIn: unknown[] = Array.isArray(value["__defaults"]) ? value["__defaults"] : [];
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !stateOnly.includes(key))
      .filter(([key]) => !filledIn.includes(key) || (isObject(now) && now[key] !== undefined))
      .map(([key, item]) => [key, withoutDefaults(item, isObject(now) ? now[key] : undefined)]),
  );
}
