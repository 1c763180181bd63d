import type { GraphIndex, PlannedResource } from "../../graph/model";
import { unsupported } from "../unsupported";

/** Returns the planned resources of a type that belong to one API. */
export function resourcesOfApi(index: GraphIndex, type: string, apiId: string): readonly PlannedResource[] {
  return index.where(type, { apiId });
}

/**
 * Refuses a resource with an input that is not listed: an input that is not read would be left out of the simulation
 * silently. Tags and region are always allowed, as they change nothing here.
 */
export function refuseUnknownProperties(resource: PlannedResource, properties: readonly string[]): void {
  const known = new Set([...properties, "apiId", "region", "tags", "tagsAll"]);
  const extra = Object.keys(resource.inputs).find((key) => !known.has(key) && isSet(resource.inputs[key]));
  if (extra !== undefined) unsupported(resource, extra, "unset", resource.inputs[extra]);
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && JSON.stringify(value) !== "{}" && JSON.stringify(value) !== "[]";
}
