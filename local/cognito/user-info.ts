import type { ServerResponse } from "node:http";
import type { AppClient } from "./clients";
import { sendJson } from "./http";
import { readableAttributes, type User } from "./users";

const refusals = {
  invalid_request: [400, "Bad OAuth2 request at UserInfo Endpoint"],
  invalid_token: [401, "Access token is expired, disabled, or deleted, or the user has globally signed out."],
} as const;

/** Names of attributes that a scope lets a client read; `profile` gives all. */
const attributesOf: Readonly<Record<string, readonly string[]>> = {
  email: ["email", "email_verified"],
  phone: ["phone_number", "phone_number_verified"],
};

/**
 * Returns what the endpoint answers about a user: attributes by scope, all of them for `openid` alone. Every value is a
 * text, `email_verified` too.
 * @param scopes  of the access token
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/userinfo-endpoint.html
 */
export function userInfoOf(user: User, client: AppClient, scopes: readonly string[]): Readonly<Record<string, string>> {
  const narrowing = scopes.filter((scope) => Object.hasOwn(attributesOf, scope));
  const all = scopes.includes("profile") || narrowing.length === 0;
  const names = narrowing.flatMap((scope) => attributesOf[scope]!);
  const attributes = Object.entries(readableAttributes(user, client.readAttributes))
    .filter(([name]) => all || names.includes(name))
    .map(([name, value]) => [name, String(value)] as const);
  return { sub: user.sub, ...Object.fromEntries(attributes), username: user.username };
}

/** Refuses a request without an access token, or with one that is not valid here. */
export function refuseUserInfo(res: ServerResponse, error: keyof typeof refusals): void {
  const [status, description] = refusals[error];
  res.setHeader("www-authenticate", `error="${error}", error_description="${description}"`);
  sendJson(res, status, { error, error_description: description });
}
