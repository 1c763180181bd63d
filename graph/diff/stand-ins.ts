import type { PlannedResource } from "../model";
import { NewResource } from "../outputs/new-resource";
import { isObject, type Properties, stringsOf } from "./values";

/*
 * Ids and names that only AWS or its provider makes up are stand-ins in a plan (graph/outputs). They say which resource
 * is meant, not what it is called. A deployed stack has the real ones.
 */

/** Account of every stand-in. */
export const standInAccount = new NewResource("", "", {}, "").account;

/** Returns a test of whether a text has the made-up part of a resource's ids, names and ARNs. */
export function madeUpFor({ type, name }: Pick<PlannedResource, "type" | "name">): (text: string) => boolean {
  const resource = new NewResource(type, name, {}, "");
  // Shortest forms in graph/outputs; longer ones begin with them. Zone ids are in capitals.
  const [digits, letters] = [resource.hex(7), resource.letters(6)];
  return (text) => {
    const lower = text.toLowerCase();
    return lower.includes(digits) || lower.includes(letters);
  };
}

/** Pairs of a stand-in and the value of a deployed stack in its place. */
type Pairs = ReadonlyMap<string, string>;

/** Translates the stand-ins of a plan to what a deployed stack, or an earlier plan, has in their place. */
export class Translation {
  private readonly pairs = new Map<string, Pairs>();
  private readonly account: string | undefined;

  /**
   * @param matches  the resources of the plan, each with the one of the same place before
   */
  constructor(private readonly matches: ReadonlyMap<string, { old: PlannedResource; now: PlannedResource }>) {
    this.account = accountOf([...matches.values()].map(({ old }) => old));
  }

  /** Returns inputs of a resource of the plan, in the words of the stack before. */
  inputs({ inputs, propertyDependencies }: PlannedResource): Properties {
    return Object.fromEntries(
      Object.entries(inputs).map(([key, value]) => [key, this.translate(value, propertyDependencies[key] ?? [])]),
    );
  }

  private translate(value: any, sources: readonly string[]): any {
    if (typeof value === "string") return this.text(value, sources);
    if (Array.isArray(value)) return value.map((item) => this.translate(item, sources));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.translate(item, sources)]));
  }

  private text(text: string, sources: readonly string[]): string {
    let result = text;
    for (const source of sources) for (const [standIn, real] of this.of(source)) result = swap(result, standIn, real);
    return this.account === undefined ? result : swap(result, standInAccount, this.account);
  }

  /** Returns the pairs of a resource, the longest stand-in first: an ARN has a name at its end. */
  private of(urn: string): Pairs {
    const known = this.pairs.get(urn);
    if (known) return known;
    this.pairs.set(urn, new Map()); // a resource that depends on itself would not be deployed
    const match = this.matches.get(urn);
    if (match === undefined) return new Map();
    const { old, now } = match;
    const madeUp = madeUpFor(now);
    const found = new Map<string, string>();
    for (const [standIn, real] of textPairs(now.outputs, old.outputs)) {
      if (standIn === real || found.has(standIn)) continue;
      if (madeUp(standIn) || this.text(standIn, now.dependencies) === real) found.set(standIn, real);
    }
    const pairs = new Map([...found].sort(([a], [b]) => b.length - a.length));
    this.pairs.set(urn, pairs);
    return pairs;
  }
}

function swap(text: string, from: string, to: string): string {
  return text.includes(from) ? text.replaceAll(from, to) : text;
}

/**
 * Texts at the same places of two values. Lists of another length, or of objects, are not in the same order. Where a plan
 * has one object, it is the first: that of all zones among the DNS entries of an endpoint.
 */
function textPairs(now: any, old: any): [string, string][] {
  if (typeof now === "string" && typeof old === "string") return [[now, old]];
  if (Array.isArray(now) && Array.isArray(old)) {
    if (now.length === 1 && isObject(now[0])) return textPairs(now[0], old[0]);
    const comparable = now.length === old.length && now.every((item) => typeof item === "string");
    return comparable ? now.flatMap((item, i) => textPairs(item, old[i])) : [];
  }
  if (!isObject(now) || !isObject(old)) return [];
  return Object.keys(now).flatMap((key) => textPairs(now[key], old[key]));
}

/** Account in the ARNs of deployed resources; undefined when it is that of the stand-ins, or there is none. */
function accountOf(resources: readonly PlannedResource[]): string | undefined {
  for (const { outputs } of resources) {
    const [, account] = /^arn:aws:[a-z0-9-]+:[a-z0-9-]*:(\d{12}):/.exec(String(outputs["arn"])) ?? [];
    if (account !== undefined) return account === standInAccount ? undefined : account;
  }
  return undefined;
}

/** Returns the outputs of a resource that are text, or a number as text. */
export function outputTexts(outputs: Properties): string[] {
  return [
    ...stringsOf(outputs),
    ...Object.values(outputs).flatMap((value) => (typeof value === "number" ? `${value}` : [])),
  ];
}
