import type { AppClient } from "./clients";
import { type OAuthParameters, SignInPageError } from "./oauth";
import { everyGroup } from "./sign-in";
import type { UserPools } from "./user-pools";
import { quickAttributes, type User } from "./users";

const tenantForm = /^[A-Za-z0-9_-]{1,128}$/;
const userForm = /^[^\p{C}<>"'&\s]{1,128}$/u;

/**
 * Signs a person in by a name alone, as programs of the operator do. A name that has not signed up is a user from then on,
 * without a password.
 * @param parameters  `username`, and `tenant` and `groups` (names, separated by commas, or `*`) if the operator set them
 * @throws {SignInPageError} on an invalid name, tenant or group, and on any attempt to write an attribute
 */
export function quickSignIn(pools: UserPools, { pool }: AppClient, parameters: OAuthParameters): User {
  const { username = "", tenant, groups } = parameters;
  if (!userForm.test(username)) throw new SignInPageError("username must be 1-128 characters without markup");
  if (tenant !== undefined && !tenantForm.test(tenant))
    throw new SignInPageError("tenant must be 1-128 of A-Z a-z 0-9 _ -");
  if (Object.keys(parameters).some((key) => key.startsWith("custom:"))) {
    throw new SignInPageError("attributes cannot be written by a client");
  }
  const directory = pools.directory(pool.id);
  const all = directory.groups();
  const asked = groups === everyGroup ? all.map(({ name }) => name) : (groups?.split(",") ?? []);
  if (!asked.every((name) => all.some((group) => group.name === name))) {
    throw new SignInPageError("groups must be groups of the user pool");
  }
  const user = directory.find(username) ?? directory.addQuick(username, quickAttributes(username));
  if (!user.enabled) throw new SignInPageError("User is disabled.");
  if (tenant === undefined && asked.length === 0) return user;
  return {
    ...{ sub: user.sub, username: user.username, identities: user.identities },
    attributes: { ...user.attributes, ...(tenant !== undefined && { "custom:tenantId": tenant }) },
    groups: all.filter(({ name }) => asked.includes(name) || user.memberOf.has(name)),
  };
}
