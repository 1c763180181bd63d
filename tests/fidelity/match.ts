import { isDeepStrictEqual } from "node:util";

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** Describes a field that must not be there. */
export const absent = "(absent)";

/**
 * Compares what is observed with what a case expects: objects in part, lists and values in full. `(absent)` is a field
 * that must not be there, `matches ^a` is a regular expression.
 * @returns one line per difference
 */
export function differences(expected: unknown, observed: unknown, path = ""): string[] {
  if (expected === absent) return observed === undefined ? [] : [`${path}: expected none, got ${show(observed)}`];
  const expression = typeof expected === "string" ? /^matches (.+)$/s.exec(expected)?.[1] : undefined;
  if (expression !== undefined) {
    return new RegExp(expression).test(String(observed)) ? [] : [`${path}: ${expected}, got ${show(observed)}`];
  }
  if (!isObject(expected)) {
    return isDeepStrictEqual(observed, expected) ? [] : [`${path}: expected ${show(expected)}, got ${show(observed)}`];
  }
  if (!isObject(observed)) return [`${path}: expected ${show(expected)}, got ${show(observed)}`];
  return Object.keys(expected).flatMap((name) => differences(expected[name], observed[name], `${path}.${name}`));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}
