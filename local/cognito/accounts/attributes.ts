import type { AppClient, UserPool } from "../clients";
import { CognitoError, failures } from "../cognito-error";
import { isValidAttribute } from "../directory/directory";

const standard = new Set(
  "address birthdate email family_name gender given_name locale middle_name name nickname phone_number picture preferred_username profile updated_at website zoneinfo".split(
    " ",
  ),
);
const verifiedFlags = ["email_verified", "phone_number_verified"];

/**
 * Checks attributes that a user or an administrator writes.
 * @param client  whose user writes them; undefined for an administrator
 * @throws {CognitoError} on one that the pool does not have, that the client may not write, or that has another form
 */
export function checkedAttributes(
  pool: UserPool,
  client: AppClient | undefined,
  attributes: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { customAttributes } = pool.settings;
  for (const [name, value] of Object.entries(attributes)) {
    const flag = verifiedFlags.includes(name);
    if (!standard.has(name) && !customAttributes.has(name) && !flag) {
      throw failures.parameter(`Type for attribute {${name}} could not be determined`);
    }
    if (client && (flag || !(client.writeAttributes?.includes(name) ?? true))) {
      throw new CognitoError("NotAuthorizedException", "A client attempted to write unauthorized attribute");
    }
    if (!isValidAttribute(name, value)) {
      const kind = name === "email" ? "email address" : name === "phone_number" ? "phone number" : `value of ${name}`;
      throw failures.parameter(`Invalid ${kind} format.`);
    }
  }
  return attributes;
}

/** Reads a list of names and values. @throws {CognitoError} InvalidParameterException on another form */
export function attributesOf(list: unknown): Readonly<Record<string, string>> {
  if (list === undefined || list === null) return {};
  if (!Array.isArray(list)) throw failures.parameter("UserAttributes must be a list");
  const pairs = list.map((each) => {
    const { Name: name, Value: value = "" } = each ?? {};
    if (typeof name !== "string" || typeof value !== "string") throw failures.parameter("UserAttributes must be texts");
    return [name, value] as const;
  });
  return Object.fromEntries(pairs);
}

/** Returns a user's attributes as answers list them. */
export function listed(user: { readonly sub: string; readonly attributes: Readonly<Record<string, string>> }) {
  const all = { sub: user.sub, ...user.attributes };
  return Object.entries(all).map(([Name, Value]) => ({ Name, Value }));
}
