import type { AppClient } from "./clients";

/** Parameters of a request to an OAuth endpoint, by name. */
export type OAuthParameters = Readonly<Record<string, string | undefined>>;

/** Error whose message is an OAuth error code, answered as 400 `{"error": code}` or in a redirect. */
export class OAuthError extends Error {
  override readonly name = "OAuthError";
}

/** Error shown on the sign-in page, without a redirect: the client, its redirect URI or the input is not valid. */
export class SignInPageError extends Error {
  override readonly name = "PageError";
}

/** Returns the scopes asked for, else all of the client's. @throws {OAuthError} `invalid_scope` */
export function grantedScopes(client: AppClient, asked: string | undefined): readonly string[] {
  const scopes = asked === undefined || asked === "" ? client.scopes : asked.split(" ");
  if (!scopes.every((scope) => client.scopes.includes(scope))) throw new OAuthError("invalid_scope");
  return scopes;
}
