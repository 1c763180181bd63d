import { areEqual, printed } from "./java-values";

type Method<T> = (value: T, ...args: any[]) => unknown;
type Methods<T> = Readonly<Record<string, Method<T>>>;

/** Java's expressions differ from JavaScript's in what templates hardly use; both write `$1` in a replacement. */
const expression = (source: unknown, flags = "") => new RegExp(String(source), flags);

const strings: Methods<string> = {
  charAt: (text, at) => text.charAt(at),
  concat: (text, other) => text + printed(other),
  contains: (text, part) => text.includes(printed(part)),
  endsWith: (text, part) => text.endsWith(part),
  equals: (text, other) => text === other,
  equalsIgnoreCase: (text, other) => text.toLowerCase() === printed(other).toLowerCase(),
  indexOf: (text, part) => text.indexOf(part),
  isEmpty: (text) => text === "",
  lastIndexOf: (text, part) => text.lastIndexOf(part),
  length: (text) => text.length,
  matches: (text, source) => expression(`^(?:${source})$`).test(text),
  replace: (text, part, by) => text.split(part).join(by),
  replaceAll: (text, source, by) => text.replace(expression(source, "g"), javaReplacement(by)),
  replaceFirst: (text, source, by) => text.replace(expression(source), javaReplacement(by)),
  split: (text, source) => withoutEmptyEnd(text.split(expression(source))),
  startsWith: (text, part) => text.startsWith(part),
  substring: (text, from, to) => text.substring(from, to),
  toLowerCase: (text) => text.toLowerCase(),
  toString: (text: string) => text,
  toUpperCase: (text) => text.toUpperCase(),
  trim: (text) => text.trim(),
};

const lists: Methods<unknown[]> = {
  add: (list, ...args) => {
    if (args.length === 2) list.splice(args[0], 0, args[1]);
    else list.push(args[0]);
    return true;
  },
  addAll: (list, others) => {
    list.push(...others);
    return true;
  },
  contains: (list, value) => list.some((each) => areEqual(each, value)),
  get: (list, at) => list[at],
  indexOf: (list, value) => list.findIndex((each) => areEqual(each, value)),
  isEmpty: (list) => list.length === 0,
  remove: (list, at) => list.splice(at, 1)[0],
  set: (list, at, value) => list.splice(at, 1, value)[0],
  size: (list) => list.length,
  subList: (list, from, to) => list.slice(from, to),
  toString: (list: unknown[]) => printed(list),
};

const maps: Methods<Record<string, unknown>> = {
  containsKey: (map, key) => Object.hasOwn(map, String(key)),
  containsValue: (map, value) => Object.values(map).some((each) => areEqual(each, value)),
  entrySet: (map) =>
    Object.entries(map).map(([key, value]) => ({ key, value, getKey: () => key, getValue: () => value })),
  get: (map, key) => (Object.hasOwn(map, String(key)) ? map[String(key)] : undefined),
  isEmpty: (map) => Object.keys(map).length === 0,
  keySet: (map) => Object.keys(map),
  put: (map, key, value) => {
    const before = map[String(key)];
    if (String(key) !== "__proto__") map[String(key)] = value;
    return before;
  },
  putAll: (map, others) => {
    for (const [key, value] of Object.entries(others)) if (key !== "__proto__") map[key] = value;
    return undefined;
  },
  remove: (map, key) => {
    const before = map[String(key)];
    delete map[String(key)];
    return before;
  },
  size: (map) => Object.keys(map).length,
  toString: (map: object) => printed(map),
  values: (map) => Object.values(map),
};

const scalars: Methods<number | boolean> = {
  equals: (value, other) => value === other,
  intValue: (value) => Math.trunc(Number(value)),
  toString: (value: unknown) => String(value),
};

/**
 * Calls a method of a value in a template: one that API Gateway's variables have, or one of Java's strings, lists, maps
 * and numbers.
 * @throws {Error} on a method that the local gateway does not have
 */
export function callMethod(value: unknown, name: string, args: readonly unknown[]): unknown {
  if (typeof value === "object" && value !== null && Object.hasOwn(value, name)) {
    const own = (value as Record<string, unknown>)[name];
    if (typeof own === "function") return own(...args);
  }
  const methods = methodsOf(value);
  if (!Object.hasOwn(methods, name)) throw new Error(`templates have no method "${name}" on the local platform`);
  return methods[name]!(value, ...args);
}

function methodsOf(value: unknown): Methods<any> {
  if (typeof value === "string") return strings;
  if (Array.isArray(value)) return lists;
  return typeof value === "object" ? maps : scalars;
}

/** Java escapes a literal `$` or `\` in a replacement with a backslash. */
function javaReplacement(by: unknown): string {
  return String(by).replace(/\\(.)|\$(?!\d)/g, (found, escaped) => {
    const literal = escaped ?? found;
    return literal === "$" ? "$$" : literal;
  });
}

/** Java leaves out empty parts at the end. */
function withoutEmptyEnd(parts: string[]): string[] {
  while (parts.length > 1 && parts.at(-1) === "") parts.pop();
  return parts;
}
