import type { Item } from "./dynalite";

/** Tells whether two items are the same: the order of attributes and of a set's members does not count. */
export function sameItem(one: Item | undefined, other: Item | undefined): boolean {
  return JSON.stringify(ordered(one)) === JSON.stringify(ordered(other));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== "object") return value;
  const names = Object.keys(value).sort();
  return names.map((name) => {
    const each = (value as Readonly<Record<string, unknown>>)[name];
    return [name, ["SS", "NS", "BS"].includes(name) && Array.isArray(each) ? [...each].sort() : ordered(each)];
  });
}
