import type { PlannedResource } from "../graph/model";

/** The plan uses something that the local platform would have to guess at. One sentence. */
export class UnsupportedError extends Error {
  override readonly name = "UnsupportedError";
}

/** Refuses a planned value on the request path: running something else than what was planned would be worse. */
export function unsupported(resource: PlannedResource, property: string, rule: string, got: unknown): never {
  throw new UnsupportedError(
    `${resource.type} "${resource.name}": ${property} must be ${rule} to run on the local platform, got ${JSON.stringify(got) ?? "nothing"}; change the program, or teach local/ this setting`,
  );
}

/** @returns the planned value when it is one of these, refuses it otherwise */
export function oneOf<T>(resource: PlannedResource, property: string, allowed: readonly T[], got: unknown): T {
  if (!allowed.includes(got as T)) {
    unsupported(resource, property, allowed.map((value) => JSON.stringify(value) ?? "unset").join(" or "), got);
  }
  return got as T;
}

/** @returns the planned value, refused when it is unset */
export function required<T = any>(resource: PlannedResource, property: string, got: T | null | undefined): T {
  return got ?? unsupported(resource, property, "set", got);
}
