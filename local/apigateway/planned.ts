import type { GraphIndex, PlannedResource } from "../../graph/model";
import { unsupported } from "../unsupported";

/** Resources of a type that belong to one API. */
export function childrenOf(index: GraphIndex, type: string, apiId: string): readonly PlannedResource[] {
  return index.where(type, { apiId });
}

/** Refuses any input beyond these: what is not read would be silently not simulated. Tags and region do nothing. */
export function onlyKnown(resource: PlannedResource, properties: readonly string[]): void {
  const known = new Set([...properties, "apiId", "region", "tags", "tagsAll"]);
  const extra = Object.keys(resource.inputs).find((key) => !known.has(key) && isSet(resource.inputs[key]));
  if (extra !== undefined) unsupported(resource, extra, "unset", resource.inputs[extra]);
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && JSON.stringify(value) !== "{}" && JSON.stringify(value) !== "[]";
}
