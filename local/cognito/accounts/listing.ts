import { failures } from "../cognito-error";
import type { DirectoryUser } from "../directory/directory-user";

const expression = /^\s*"?([A-Za-z_:]+)"?\s*(=|\^=)\s*"((?:[^"\\]|\\.)*)"\s*$/;

/** What users can be filtered by, and the value of a user. */
const filtered: Readonly<Record<string, (user: DirectoryUser) => string | undefined>> = {
  username: ({ username }) => username,
  sub: ({ sub }) => sub,
  status: ({ enabled }) => (enabled ? "Enabled" : "Disabled"),
  "cognito:user_status": ({ status }) => status,
  ...Object.fromEntries(
    ["email", "phone_number", "name", "given_name", "family_name", "preferred_username"].map((name) => [
      name,
      (user: DirectoryUser) => user.attributes[name],
    ]),
  ),
};

/**
 * Returns what tells whether a user meets a filter of ListUsers: an attribute that is a value, or begins with it.
 * @example filterOf('given_name ^= "Jo"')
 * @throws {CognitoError} InvalidParameterException on another form
 */
export function filterOf(filter: unknown): (user: DirectoryUser) => boolean {
  if (filter === undefined || filter === "") return () => true;
  const [, name = "", operator, quoted = ""] = expression.exec(String(filter)) ?? [];
  if (operator === undefined) throw failures.parameter("Error while parsing filter expression");
  if (!Object.hasOwn(filtered, name)) throw failures.parameter(`Invalid search attribute: ${name}`);
  const value = quoted.replace(/\\(.)/g, "$1");
  const of = filtered[name]!;
  return operator === "=" ? (user) => of(user) === value : (user) => of(user)?.startsWith(value) === true;
}

/** Attributes by which users can be filtered. */
export const filterAttributes = Object.keys(filtered);

/**
 * Returns a page of a list.
 * @param limit  1-60
 * @param token  where the page before ended
 * @throws {CognitoError} InvalidParameterException on another limit or token
 */
export function pageOf<Of>(
  all: readonly Of[],
  limit: unknown = 60,
  token?: unknown,
): { readonly page: readonly Of[]; readonly next?: string } {
  if (!Number.isInteger(limit) || (limit as number) < 0 || (limit as number) > 60) {
    throw failures.parameter("Limit must be 1-60");
  }
  const from = token === undefined ? 0 : Number(Buffer.from(String(token), "base64").toString());
  if (!Number.isInteger(from) || from < 0) throw failures.parameter("Invalid pagination token");
  const to = from + ((limit as number) || 60);
  return { page: all.slice(from, to), ...(to < all.length && { next: Buffer.from(String(to)).toString("base64") }) };
}
