import * as runtime from "@pulumi/pulumi/runtime";
import { UNKNOWN } from "../capture/wire";

/** Inputs or outputs of a resource, as plain data. */
export type Properties = Readonly<Record<string, any>>;

/** Tells whether two values are the same to a provider. */
export type Same = (before: unknown, after: unknown) => boolean;

/** Returns text that is equal for equal values: keys in order, and those without a value left out. */
export function canonical(value: any): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const keys = Object.keys(value).filter((key) => value[key] !== null && value[key] !== undefined);
  return `{${keys
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
    .join()}}`;
}

/** Tells whether two values of plain data are equal, in any order of keys. */
export const sameData: Same = (before, after) => before === after || canonical(before) === canonical(after);

/** Returns every string inside a value. */
export function stringsOf(value: any): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(stringsOf);
}

/** Tells whether a value is plain data with keys: no array, not null, and no instance of a class. */
export function isObject(value: any): value is Record<string, any> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Tells whether all of a value is known before deployment, in plain data and in what the engine sends to a provider. */
export function isKnownValue(value: unknown): boolean {
  return !stringsOf(value).some((text) => text.includes(UNKNOWN) || text === runtime.unknownValue);
}
