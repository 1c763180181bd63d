import { createHash } from "node:crypto";
import type { UserPool } from "./clients";
import type { UserGroup } from "./groups";

/** A person who signed in. */
export interface User {
  /** Same for the same name in the same user pool. */
  readonly sub: string;
  readonly username: string;
  readonly email: string | undefined;
  readonly tenant: string | undefined;
  readonly groups: readonly UserGroup[];
}

/** What a person signs in with, in addition to a name: what the operator of the local platform sets. */
export interface UserSettings {
  readonly tenant?: string | undefined;
  readonly groups?: readonly UserGroup[];
}

/** Makes the user for a name; every name is accepted, as the platform is local. `sub` is derived from pool and name. */
export function userOf(
  pool: Pick<UserPool, "id" | "signInByEmail">,
  name: string,
  { tenant, groups = [] }: UserSettings = {},
): User {
  const hex = createHash("sha256").update(`${pool.id} ${name.toLowerCase()}`).digest("hex");
  const sub = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
  const username = pool.signInByEmail ? sub : name;
  return { sub, username, email: name.includes("@") ? name : undefined, tenant, groups };
}

/** Returns the attributes of a user that a client may read, by name. `email_verified` is true, as no address is checked. */
export function readableAttributes(
  { email, tenant }: User,
  readable: readonly string[] | undefined,
): Readonly<Record<string, string | boolean>> {
  const all = {
    ...(email !== undefined && { email, email_verified: true }),
    ...(tenant !== undefined && { "custom:tenantId": tenant }),
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => readable?.includes(name) ?? true));
}
