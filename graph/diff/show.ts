import type { PlannedResource } from "../model";
import { madeUpFor } from "./stand-ins";
import { stringsOf } from "./values";

/** Makes a function that writes a value for people, stand-ins as the resource whose id, name or ARN they are. */
export function standInNames(resources: readonly PlannedResource[]): (value: unknown) => string {
  let names: readonly (readonly [text: string, name: string])[] | undefined;
  return (value) => {
    names ??= namesOf(resources);
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return names.reduce((result, [standIn, name]) => result.replaceAll(standIn, name), text);
  };
}

/** Stand-ins with the name of their resource, the longest first. */
function namesOf(resources: readonly PlannedResource[]): [string, string][] {
  const names = new Map<string, string>();
  for (const resource of resources) {
    const isMadeUp = madeUpFor(resource);
    for (const text of stringsOf(resource.outputs)) {
      if (isMadeUp(text) && !names.has(text)) names.set(text, `<${resource.name}>`);
    }
  }
  return [...names].sort(([a], [b]) => b.length - a.length);
}
