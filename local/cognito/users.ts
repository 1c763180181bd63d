import { createHash } from "node:crypto";
import type { UserPool } from "./clients";
import type { UserGroup } from "./groups";

/** A person who signed in. */
export interface User {
  /** Same for the same name in the same user pool. */
  readonly sub: string;
  readonly username: string;
  /** Every attribute but `sub`, as texts. @example { email: "ada@example.com", email_verified: "true" } */
  readonly attributes: Readonly<Record<string, string>>;
  readonly groups: readonly UserGroup[];
  /** Accounts at external providers, as the ID token has them. @default none */
  readonly identities?: readonly object[];
}

/** Attributes that are not texts in tokens. */
const booleans = ["email_verified", "phone_number_verified"];

/** Makes the user who signs in with a name and no password; every name is accepted, as the platform is local. */
export function userOf(pool: Pick<UserPool, "id" | "signInByEmail">, name: string): User {
  const sub = uuidOf(`${pool.id} ${name.toLowerCase()}`);
  return { sub, username: pool.signInByEmail ? sub : name, attributes: quickAttributes(name), groups: [] };
}

/** Returns the attributes of a user who signs in with a name and no password: an address counts as verified. */
export function quickAttributes(name: string): Readonly<Record<string, string>> {
  return name.includes("@") ? { email: name, email_verified: "true" } : {};
}

/** Returns a UUID that is derived from a text. */
export function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const variant = `8${hex.slice(17, 20)}`;
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, variant, hex.slice(20, 32)].join("-");
}

/** Returns the attributes of a user that a client may read, by name, as tokens have them. */
export function readableAttributes(
  { attributes }: User,
  readable: readonly string[] | undefined,
): Readonly<Record<string, string | boolean>> {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([name]) => readable?.includes(name) ?? true)
      .map(([name, value]) => [name, booleans.includes(name) ? value === "true" : value]),
  );
}
