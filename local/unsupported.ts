import type { PlannedResource } from "../graph/model";
import { UserError } from "../graph/user-error";

/**
 * Refuses a planned value on the request path, rather than running something else than what was planned.
 * @param rule  what the property must be, to follow "must be"
 * @throws {UserError} always
 */
export function unsupported(resource: PlannedResource, property: string, rule: string, got: unknown): never {
  throw new UserError(
    `${resource.type} "${resource.name}": ${property} must be ${rule} to run on the local platform, got ${JSON.stringify(got) ?? "nothing"}; change the program, or teach local/ this setting`,
  );
}

/**
 * Returns a planned value that is one of the allowed ones.
 * @throws {UserError} when it is not
 */
export function oneOf<T>(resource: PlannedResource, property: string, allowed: readonly T[], got: unknown): T {
  if (!allowed.includes(got as T)) {
    unsupported(resource, property, allowed.map((value) => JSON.stringify(value) ?? "unset").join(" or "), got);
  }
  return got as T;
}

/**
 * Returns a planned value that is set.
 * @throws {UserError} when it is not
 */
export function required<T = any>(resource: PlannedResource, property: string, got: T | null | undefined): T {
  return got ?? unsupported(resource, property, "set", got);
}
