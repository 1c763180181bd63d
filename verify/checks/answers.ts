import { isDeepStrictEqual } from "node:util";
import type { Answer } from "../ask";

/** Body of an answer that the gateway itself gives. */
export function gatewayBody(message: string): object {
  return { message };
}

/** Tells whether the body of an HTTP answer is deeply equal to a JSON value. */
export function isBody({ json }: Answer, expected: unknown): boolean {
  return isDeepStrictEqual(json, expected);
}

/** Returns whether a value has at least the fields of another, at every depth. */
export function includes(value: unknown, part: unknown): boolean {
  if (typeof part !== "object" || part === null) return isDeepStrictEqual(value, part);
  if (typeof value !== "object" || value === null || Array.isArray(value) !== Array.isArray(part)) return false;
  return Object.entries(part).every(([key, each]) => includes((value as Record<string, unknown>)[key], each));
}
