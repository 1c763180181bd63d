import { createHash, randomBytes } from "node:crypto";
import { request } from "undici";
import { oneLine } from "../../graph/printable";
import { UserError } from "../../graph/user-error";

/** Options of `signIn`. */
export interface SignInOptions {
  readonly issuerUrl: string;
  /** @default the first client with the code flow */
  readonly clientId?: string;
  /** User name or e-mail address; any is accepted. */
  readonly user: string;
  /** Value of the ID token's claim `custom:tenantId`; without it the token has no such claim. */
  readonly tenant?: string;
  /**
   * Scopes of the access token.
   * @default all that the client may have
   * @example ["food-store/write"]
   */
  readonly scopes?: readonly string[];
  /** Names of planned groups, in addition to those that the user is a planned member of; `all` of them. */
  readonly groups?: readonly string[] | "all";
}

/** Tokens of a sign-in. */
export interface Tokens {
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken: string;
  /** Lifetime of the access token in seconds. */
  readonly expiresIn: number;
}

interface ListedClient {
  readonly id: string;
  readonly flows: readonly string[];
  readonly callbackUrls: readonly string[];
}

/** Value of the parameter `groups` for all groups of the pool; a planned group has no such name. */
export const everyGroup = "*";

const formType = { "content-type": "application/x-www-form-urlencoded" };
/** An issuer on this machine answers at once, or hangs. */
const limits = { headersTimeout: 10_000, bodyTimeout: 10_000 };

/**
 * Signs a person in at a local issuer: authorization code with PKCE over HTTP, as a browser app does.
 * @throws {UserError} when no client has the code flow, or with the reason for which the issuer refused
 */
export async function signIn({ issuerUrl, clientId, user, tenant, scopes, groups }: SignInOptions): Promise<Tokens> {
  const client = await findClient(issuerUrl, clientId);
  const verifier = randomBytes(32).toString("base64url");
  const redirect = { client_id: client.id, redirect_uri: client.callbackUrls[0] ?? "" };
  const code = await authorize(issuerUrl, {
    ...redirect,
    response_type: "code",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    state: randomBytes(16).toString("base64url"),
    username: user,
    ...(scopes && { scope: [...new Set(["openid", ...scopes])].join(" ") }),
    ...(tenant !== undefined && { tenant }),
    ...(groups && groups.length > 0 && { groups: groups === "all" ? everyGroup : groups.join(",") }),
  });
  const form = new URLSearchParams({ ...redirect, grant_type: "authorization_code", code, code_verifier: verifier });
  const answer = await request(`${issuerUrl}/oauth2/token`, {
    ...limits,
    method: "POST",
    headers: formType,
    body: String(form),
  });
  const tokens: any = await answer.body.json();
  if (answer.statusCode !== 200) throw new UserError(`sign-in of "${user}" was refused: ${tokens.error}`);
  return {
    accessToken: tokens.access_token,
    idToken: tokens.id_token,
    refreshToken: tokens.refresh_token,
    expiresIn: tokens.expires_in,
  };
}

async function findClient(issuerUrl: string, clientId: string | undefined): Promise<ListedClient> {
  const clients = (await (await request(`${issuerUrl}/clients`, limits)).body.json()) as ListedClient[];
  const usable = clients.filter(({ flows, callbackUrls }) => flows.includes("code") && callbackUrls.length > 0);
  const client = usable.find(({ id }) => clientId === undefined || id === clientId);
  if (client) return client;
  throw new UserError(
    `client must have the code flow and a callback URL, got ${clientId ?? "none"}; use one of ${usable.map(({ id }) => id).join(", ") || "the plan's after adding one"}`,
  );
}

/** Signs in and returns the authorization code of the redirect, after comparing its state with the one sent. */
async function authorize(issuerUrl: string, form: Readonly<Record<string, string>>): Promise<string> {
  const body = String(new URLSearchParams(form));
  const answer = await request(`${issuerUrl}/oauth2/authorize`, { ...limits, method: "POST", headers: formType, body });
  const page = await answer.body.text();
  const location = answer.headers["location"];
  if (typeof location !== "string") {
    const reason = /<p>(.*?)<\/p>/.exec(page)?.[1] ?? oneLine(page.slice(0, 300));
    throw new UserError(`sign-in of "${form["username"]}" was refused: ${reason}`);
  }
  const { searchParams } = new URL(location);
  const code = searchParams.get("code");
  if (code === null) throw new UserError(`sign-in of "${form["username"]}" was refused: ${searchParams.get("error")}`);
  if (searchParams.get("state") !== form["state"])
    throw new UserError("sign-in: the issuer answered with another state");
  return code;
}
