import { request } from "undici";
import { NotRun } from "../check";
import type { TokenSource } from "../target";

const timeoutMilliseconds = 10_000;

/**
 * OAuth access token, or client id and secret to get one with, for requests that need a scope. They are read from
 * environment variables, as other users of a machine can see the arguments of a command.
 */
export interface Credentials {
  /** An access token, taken for what its `scope` claim says. */
  readonly token?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
}

/**
 * Tokens of a deployed environment: by client credentials at its hosted sign-in, or the one that is given.
 * @returns undefined when there are no credentials
 */
export function deployedTokens(credentials: Credentials, signInUrl: string | undefined): TokenSource | undefined {
  const { token, clientId, clientSecret } = credentials;
  if (clientId && clientSecret && signInUrl) {
    return (scopes) => clientCredentials(signInUrl, clientId, clientSecret, scopes);
  }
  return token ? async (scopes, without) => givenToken(token, scopes, without) : undefined;
}

async function clientCredentials(
  signInUrl: string,
  clientId: string,
  clientSecret: string,
  scopes: readonly string[],
): Promise<string> {
  const answer = await request(`${signInUrl}/oauth2/token`, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
    },
    body: new URLSearchParams({ grant_type: "client_credentials", scope: scopes.join(" ") }).toString(),
    signal: AbortSignal.timeout(timeoutMilliseconds),
  });
  const { access_token: token, error } = (await answer.body.json()) as { access_token?: string; error?: string };
  if (token === undefined) throw new Error(`the sign-in refused a token: ${answer.statusCode} ${error ?? ""}`.trim());
  return token;
}

/** One token stands for every question; a test of a missing scope needs one that it does not have. */
function givenToken(token: string, scopes: readonly string[], without: readonly string[] = []): string {
  const granted = scopesOf(token);
  const excess = without.find((scope) => granted.includes(scope));
  if (excess !== undefined)
    throw new NotRun(`PLATFORM_TOKEN has the scope ${excess}; PLATFORM_CLIENT_SECRET gets others`);
  if (!scopes.some((scope) => granted.includes(scope))) {
    throw new NotRun(`PLATFORM_TOKEN has no scope ${scopes.join(" or ")}; PLATFORM_CLIENT_SECRET gets one`);
  }
  return token;
}

function scopesOf(token: string): readonly string[] {
  try {
    const { scope } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return String(scope).split(" ");
  } catch {
    return [];
  }
}
