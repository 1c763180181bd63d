import { isObject, type Properties, sameData } from "./values";

/** One place at which two values differ; a side without the place has undefined. */
export interface Leaf {
  /** @example "containerDefinitions[0].environment[TABLE_NAME].value" */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * Inputs by which the entries of a list are known, the first that fits being taken. An entry that is added in the
 * middle is then one difference, and not one for each entry after it.
 */
const identities: readonly (readonly string[])[] = [
  ["routeKey"],
  ["namespace", "name"],
  ["ruleNo"],
  ["ruleNumber"],
  ["name"],
  ["key"],
  ["Sid"],
  ["sid"],
  ["scopeName"],
];

/**
 * Returns the places at which two values differ. It looks into text that is JSON, such as a policy or the definition of
 * containers, and into text in base64, such as user data.
 * @param path  path of both values
 */
export function leavesOf(before: unknown, after: unknown, path = ""): Leaf[] {
  if (sameData(before, after)) return [];
  const [old, now] = [opened(before), opened(after)];
  if (isObject(old) && isObject(now)) return fieldsOf(old, now, path);
  if (Array.isArray(old) && Array.isArray(now)) return entriesOf(old, now, path);
  if (typeof old === "string" && typeof now === "string" && `${old}${now}`.includes("\n")) {
    return linesOf(old, now, path);
  }
  return sameScalar(old, now) ? [] : [{ path, before: old, after: now }];
}

/** A provider takes "20" for 20 and "true" for true, and the state has the one that the schema says. */
function sameScalar(before: unknown, after: unknown): boolean {
  const scalars = [before, after].every((value) => ["string", "number", "boolean"].includes(typeof value));
  return scalars && String(before) === String(after);
}

function fieldsOf(before: Properties, after: Properties, path: string): Leaf[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => leavesOf(before[key], after[key], path === "" ? key : `${path}.${key}`));
}

function entriesOf(before: readonly unknown[], after: readonly unknown[], path: string): Leaf[] {
  const identity = identities.find((keys) => [before, after].every((list) => identifies(keys, list)));
  if (identity !== undefined) {
    const [old, now] = [byIdentity(identity, before), byIdentity(identity, after)];
    const names = [...new Set([...old.keys(), ...now.keys()])];
    return names.flatMap((name) => leavesOf(old.get(name), now.get(name), `${path}[${name}]`));
  }
  if (before.length === after.length) {
    return before.flatMap((item, i) => leavesOf(item, after[i], `${path}[${i}]`));
  }
  const gone = before.filter((item) => !after.some((other) => sameData(item, other)));
  const made = after.filter((item) => !before.some((other) => sameData(item, other)));
  return [
    ...gone.map((item) => ({ path, before: item, after: undefined })),
    ...made.map((item) => ({ path, before: undefined, after: item })),
  ];
}

function identifies(keys: readonly string[], list: readonly unknown[]): boolean {
  const names = list.map((item) => (isObject(item) ? nameOf(keys, item) : undefined));
  return !names.includes(undefined) && new Set(names).size === list.length;
}

function byIdentity(keys: readonly string[], list: readonly unknown[]): Map<string, unknown> {
  return new Map(list.map((item) => [nameOf(keys, item as Properties)!, item]));
}

function nameOf(keys: readonly string[], item: Properties): string | undefined {
  const values = keys.map((key) => item[key]);
  return values.every((value) => ["string", "number"].includes(typeof value)) ? values.join(" ") : undefined;
}

/** Lines that one text has and the other has not, at the place of the text. */
function linesOf(before: string, after: string, path: string): Leaf[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const gone = old.filter((line) => !now.includes(line));
  const made = now.filter((line) => !old.includes(line));
  if (gone.length === 0 && made.length === 0) return [{ path, before, after }];
  return Array.from({ length: Math.max(gone.length, made.length) }, (_, i) => ({
    path,
    before: gone[i],
    after: made[i],
  }));
}

/** Opens text that has a structure. */
function opened(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (/^\s*[[{]/.test(value)) {
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  }
  if (value.length < 40 || value.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return value;
  const text = Buffer.from(value, "base64").toString("utf8");
  return /^[\t\n\r\x20-\x7e]+$/.test(text) ? text : value;
}
