import type { PlannedResource } from "../model";
import { stringsOf } from "./values";

/** Folder of an artifact in a plan, such as `.artifacts/food-store-1855d19b55b6`; its end is the artifact's hash. */
const artifact = /(?:^|\/)\.artifacts\/[a-z0-9-]+-([0-9a-f]{12})(?=\/|$)/;

/** Returns the hashes of the artifacts that resources name. */
export function buildHashes(resources: readonly Pick<PlannedResource, "inputs">[]): ReadonlySet<string> {
  const texts = resources.flatMap(({ inputs }) =>
    ["code", "source", "context"].flatMap((key) => stringsOf(inputs[key])),
  );
  return new Set(texts.flatMap((text) => artifact.exec(text)?.[1] ?? []));
}

/**
 * Returns a value in which every mention of an artifact's hash, short or whole, reads the same. Two values that are
 * equal afterwards differ by the build of a service alone.
 */
export function withoutBuild<T>(value: T, hashes: ReadonlySet<string>): T {
  if (hashes.size === 0) return value;
  const mention = new RegExp(`(?:${[...hashes].join("|")})(?:[0-9a-f]{52})?(?:-\\d+)?`, "g");
  const change = (item: any): any => {
    if (typeof item === "string") return item.replace(mention, "(build)");
    if (item === null || typeof item !== "object") return item;
    if (Array.isArray(item)) return item.map(change);
    return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, change(inner)]));
  };
  return change(value);
}
