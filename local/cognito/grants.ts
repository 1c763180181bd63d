import { createHash, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import type { Client } from "./clients";
import { type Session, type TokenMint, userOf } from "./tokens";

export type Parameters = Readonly<Record<string, string | undefined>>;

/** An OAuth error code, answered as 400 `{"error": code}` or in a redirect. */
export class OAuthError extends Error {
  override readonly name = "OAuthError";
}

/** Not to be redirected: the client or its address is unknown, so nobody may be sent there. */
export class PageError extends Error {
  override readonly name = "PageError";
}

interface Held {
  readonly client: Client;
  readonly session: Session;
  readonly redirectUri: string;
  readonly challenge: string | undefined;
  /** Seconds since the epoch. */
  expiresAt: number;
}

const codeSeconds = 5 * 60;
const tenantForm = /^[A-Za-z0-9_-]{1,128}$/;
const userForm = /^[^\p{C}<>"'&]{1,128}$/u;
const challengeForm = /^[A-Za-z0-9_-]{43}$/;

/** Codes and refresh tokens of one issuer, in memory, and the grants that turn them into tokens. */
export class Grants {
  private readonly codes = new Map<string, Held>();
  private readonly refreshTokens = new Map<string, Held>();

  constructor(
    private readonly clients: ReadonlyMap<string, Client>,
    private readonly mint: TokenMint,
  ) {}

  /** @throws {PageError} on a client or redirect URI that is not planned, character by character */
  clientOf({ client_id: id = "", redirect_uri: uri = "" }: Parameters): Client {
    const client = this.clients.get(id);
    if (!client?.flows.includes("code")) throw new PageError("client_id must be that of a client with the code flow");
    if (!client.callbackUrls.includes(uri))
      throw new PageError("redirect_uri must be one of the client's callback URLs");
    return client;
  }

  /** @throws {OAuthError} on what the client may not ask for */
  checkAuthorization(client: Client, parameters: Parameters): void {
    const { response_type: type, code_challenge: challenge, code_challenge_method: method } = parameters;
    if (type !== "code") throw new OAuthError("unsupported_response_type");
    const proven = challenge !== undefined && challengeForm.test(challenge) && method === "S256";
    if (!proven && (challenge !== undefined || client.secret === undefined)) throw new OAuthError("invalid_request");
    grantedScopes(client, parameters["scope"]);
  }

  /**
   * Signs a person in.
   * @param parameters  those of the authorization request, `username`, and `tenant` set by whoever runs the platform
   * @throws {PageError} on a bad name or tenant, and on any attempt to write an attribute
   */
  issueCode(client: Client, parameters: Parameters): string {
    const { username = "", tenant, redirect_uri: redirectUri = "", code_challenge: challenge, nonce } = parameters;
    if (!userForm.test(username)) throw new PageError("username must be 1-128 characters without markup");
    if (tenant !== undefined && !tenantForm.test(tenant))
      throw new PageError("tenant must be 1-128 of A-Z a-z 0-9 _ -");
    if (Object.keys(parameters).some((key) => key.startsWith("custom:"))) {
      throw new PageError("attributes cannot be written by a client");
    }
    const user = userOf(client.pool, username, tenant);
    const scopes = grantedScopes(client, parameters["scope"]);
    const session = { user, scopes, nonce, authTime: this.mint.seconds(), origin: randomUUID() };
    return this.hold(this.codes, {
      client,
      session,
      redirectUri,
      challenge,
      expiresAt: this.mint.seconds() + codeSeconds,
    });
  }

  /** The token endpoint. @throws {OAuthError} */
  async exchange(parameters: Parameters, basic: readonly [id: string, secret: string] | undefined): Promise<object> {
    const client = this.authenticate(parameters, basic);
    switch (parameters["grant_type"]) {
      case "authorization_code":
        return this.redeemCode(client, parameters);
      case "refresh_token":
        return this.refresh(client, parameters["refresh_token"] ?? "");
      case "client_credentials": {
        if (!client.flows.includes("client_credentials")) throw new OAuthError("unauthorized_client");
        const access_token = await this.mint.machine(client, grantedScopes(client, parameters["scope"]));
        return { access_token, expires_in: client.accessSeconds, token_type: "Bearer" };
      }
      default:
        throw new OAuthError("unsupported_grant_type");
    }
  }

  /** Ends the sign-in a refresh token belongs to. @throws {OAuthError} */
  revoke(parameters: Parameters, basic: readonly [id: string, secret: string] | undefined): void {
    const client = this.authenticate(parameters, basic);
    const held = this.refreshTokens.get(parameters["token"] ?? "");
    if (held?.client !== client) return;
    for (const [token, each] of this.refreshTokens) {
      if (each.session.origin === held.session.origin) this.refreshTokens.delete(token);
    }
  }

  private authenticate(parameters: Parameters, basic: readonly [string, string] | undefined): Client {
    const [id, secret] = basic ?? [parameters["client_id"] ?? "", parameters["client_secret"]];
    const client = this.clients.get(id);
    if (client === undefined || (client.secret !== undefined && !same(client.secret, secret ?? ""))) {
      throw new OAuthError("invalid_client");
    }
    return client;
  }

  private async redeemCode(client: Client, parameters: Parameters): Promise<object> {
    const { code = "", code_verifier: verifier, redirect_uri: redirectUri } = parameters;
    const held = this.codes.get(code);
    this.codes.delete(code); // used up even by a wrong attempt
    const proof = verifier === undefined ? undefined : createHash("sha256").update(verifier).digest("base64url");
    if (!this.isLive(held) || held.client !== client || held.redirectUri !== redirectUri || held.challenge !== proof) {
      throw new OAuthError("invalid_grant");
    }
    const expiresAt = this.mint.seconds() + client.refreshSeconds;
    return { ...(await this.tokens(held)), refresh_token: this.hold(this.refreshTokens, { ...held, expiresAt }) };
  }

  private async refresh(client: Client, token: string): Promise<object> {
    const held = this.refreshTokens.get(token);
    if (!this.isLive(held) || held.client !== client) throw new OAuthError("invalid_grant");
    const tokens = await this.tokens(held);
    if (client.rotationGraceSeconds === undefined) return tokens;
    const refresh_token = this.hold(this.refreshTokens, { ...held });
    held.expiresAt = Math.min(held.expiresAt, this.mint.seconds() + client.rotationGraceSeconds);
    return { ...tokens, refresh_token };
  }

  private async tokens({ client, session }: Held): Promise<object> {
    const id_token = session.scopes.includes("openid") ? await this.mint.id(client, session) : undefined;
    const access_token = await this.mint.access(client, session);
    return { access_token, ...(id_token && { id_token }), expires_in: client.accessSeconds, token_type: "Bearer" };
  }

  private hold(place: Map<string, Held>, held: Held): string {
    for (const [key, each] of place) {
      if (!this.isLive(each)) place.delete(key);
    }
    const key = randomBytes(32).toString("base64url");
    place.set(key, held);
    return key;
  }

  private isLive(held: Held | undefined): held is Held {
    return held !== undefined && held.expiresAt > this.mint.seconds();
  }
}

/** Those asked for, else all of the client's. @throws {OAuthError} `invalid_scope` */
function grantedScopes(client: Client, asked: string | undefined): readonly string[] {
  const scopes = asked === undefined || asked === "" ? client.scopes : asked.split(" ");
  if (!scopes.every((scope) => client.scopes.includes(scope))) throw new OAuthError("invalid_scope");
  return scopes;
}

function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
