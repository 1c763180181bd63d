import type { RouteDefinitions } from "./definition";
import { EXPIRY } from "./needs";
import type { Item } from "./repository";

/*
 * The attributes of its last change that each stored item has. They are not part of the item: no contract may use their
 * names (`checkItemFields`), and no answer has them.
 */

/** Attribute with the region where the item was last written. */
export const REGION = "writtenIn";
/** Attribute with the version of the item's last change: microseconds since 1970, and more than the version before. */
export const VERSION = "writtenVersion";
/** Attribute of what is left of a deleted item, its tombstone; its value is `DELETED`. */
export const KIND = "writtenKind";
/** Value of that attribute. */
export const DELETED = "deleted";

/**
 * Checks that no item has a field whose attribute the kit writes; the table of a publisher also removes what has expired.
 * @throws {Error} one sentence on the first route whose body has one
 */
export function checkItemFields(service: string, routes: RouteDefinitions, publishes: boolean): void {
  const taken = [REGION, VERSION, KIND, ...(publishes ? [EXPIRY] : [])];
  for (const [id, { access, body }] of Object.entries(routes)) {
    const field = access === "platform" ? undefined : taken.find((name) => Object.hasOwn(body?.shape ?? {}, name));
    if (field === undefined) continue;
    throw new Error(
      `service "${service}": the body of route "${id}" must have no field ${taken.join(", ")}, which the kit stores with each item, got ${field}; rename it`,
    );
  }
}

/** Days until DynamoDB removes a tombstone: far longer than a region can be behind another. */
const tombstoneDays = 30;

/** Returns a version that is higher than another, and the time of now unless that is higher. */
export function versionAfter(other: unknown): number {
  const now = Math.floor((performance.timeOrigin + performance.now()) * 1_000);
  return typeof other === "number" && other >= now ? other + 1 : now;
}

/** Returns when DynamoDB may remove a tombstone that is written now, in seconds since 1970. */
export function tombstoneExpiry(): number {
  return Math.floor(Date.now() / 1_000) + tombstoneDays * 86_400;
}

/** Returns the item without the attributes of its last change; undefined when it is a tombstone, or there is none. */
export function itemOf<T extends Item>(stored: object | undefined): T | undefined {
  if (stored === undefined || KIND in stored) return undefined;
  const { [REGION]: _region, [VERSION]: _version, ...item } = stored as Record<string, unknown>;
  return item as unknown as T;
}

/** Returns the time of a version, as ISO 8601. */
export function timeOf(version: number): string {
  return new Date(Math.floor(version / 1_000)).toISOString();
}
