import { createHash, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import type { AppClient } from "./clients";
import { grantedScopes, OAuthError, type OAuthParameters, SignInPageError } from "./oauth";
import type { TokenSource } from "./pre-token";
import type { SignedIn } from "./sessions";
import type { Session, TokenSigner } from "./tokens";
import { type User, userOf } from "./users";

interface StoredGrant {
  readonly client: AppClient;
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

/**
 * The OAuth grants of one issuer. Keeps authorization codes and refresh tokens in memory and exchanges them for tokens.
 */
export class Grants {
  private readonly codes = new Map<string, StoredGrant>();
  /** Codes that were exchanged, as long as what they gave can be used. */
  private readonly redeemedCodes = new Map<string, StoredGrant>();
  /** Sign-ins whose tokens were revoked -> when their last access token expires. */
  private readonly revokedSessions = new Map<string, number>();
  private readonly refreshTokens = new Map<string, StoredGrant>();

  constructor(
    private readonly clients: ReadonlyMap<string, AppClient>,
    private readonly signer: TokenSigner,
  ) {}

  /**
   * Finds the client of an authorization request.
   * @throws {SignInPageError} unless client and redirect URI are exactly as planned
   */
  authorizingClient({ client_id: id = "", redirect_uri: uri = "" }: OAuthParameters): AppClient {
    const client = this.clients.get(id);
    if (!client?.flows.includes("code"))
      throw new SignInPageError("client_id must be that of a client with the code flow");
    if (!client.callbackUrls.includes(uri))
      throw new SignInPageError("redirect_uri must be one of the client's callback URLs");
    return client;
  }

  /**
   * Checks an authorization request.
   * @throws {OAuthError} on a response type, PKCE challenge or scope that the client may not use
   */
  checkAuthorization(client: AppClient, parameters: OAuthParameters): void {
    const { response_type: type, code_challenge: challenge, code_challenge_method: method } = parameters;
    if (type === undefined) throw new OAuthError("invalid_request");
    if (type === "token") throw new OAuthError("unauthorized_client"); // no planned client has the implicit grant
    if (type !== "code") throw new OAuthError("unsupported_response_type");
    const validChallenge = challenge !== undefined && challengeForm.test(challenge) && method === "S256";
    if (!validChallenge && (challenge !== undefined || client.secret === undefined))
      throw new OAuthError("invalid_request");
    grantedScopes(client, parameters["scope"]);
  }

  /**
   * Signs a person in.
   * @param parameters  `username`, and `tenant` and `groups` (names, separated by commas) if the operator set them
   * @throws {SignInPageError} on an invalid name, tenant or group, and on any attempt to write an attribute
   */
  signIn({ pool }: AppClient, parameters: OAuthParameters): User {
    const { username = "", tenant, groups } = parameters;
    if (!userForm.test(username)) throw new SignInPageError("username must be 1-128 characters without markup");
    if (tenant !== undefined && !tenantForm.test(tenant))
      throw new SignInPageError("tenant must be 1-128 of A-Z a-z 0-9 _ -");
    if (Object.keys(parameters).some((key) => key.startsWith("custom:"))) {
      throw new SignInPageError("attributes cannot be written by a client");
    }
    const asked = groups?.split(",") ?? [];
    if (!asked.every((name) => pool.groups.some((group) => group.name === name))) {
      throw new SignInPageError("groups must be groups of the user pool");
    }
    const { sub } = userOf(pool, username);
    const isMember = (names: readonly string[]) => names.includes(username) || names.includes(sub);
    const joined = pool.groups.filter((group) => asked.includes(group.name) || isMember(group.members));
    return userOf(pool, username, { tenant, groups: joined });
  }

  /** Returns an authorization code for a person who signed in. @param parameters  those of the authorization request */
  issueCode(client: AppClient, parameters: OAuthParameters, { user, authTime }: SignedIn): string {
    const { redirect_uri: redirectUri = "", code_challenge: challenge, nonce } = parameters;
    const scopes = grantedScopes(client, parameters["scope"]);
    const session = { user, scopes, nonce, authTime, originId: randomUUID() };
    const expiresAt = this.signer.nowSeconds() + codeSeconds;
    return this.store(this.codes, { client, session, redirectUri, challenge, expiresAt });
  }

  /**
   * Returns where a browser goes after it signed out: one of the client's sign-out URLs.
   * @returns undefined when the request asks to sign in again
   * @throws {SignInPageError} on another URL, or without a client
   */
  signOutUrl({ client_id: id, logout_uri: uri, redirect_uri: again }: OAuthParameters): string | undefined {
    if (id === undefined) throw new SignInPageError("Missing required parameter client_id in request URL");
    const client = this.clients.get(id);
    if (client === undefined) throw new SignInPageError("client_id must be that of a client of the user pool");
    if (uri === undefined && again !== undefined) return undefined;
    if (uri === undefined || !client.logoutUrls.includes(uri))
      throw new SignInPageError("logout_uri must be one of the client's sign-out URLs");
    return uri;
  }

  /**
   * Answers a request to the token endpoint.
   * @throws {OAuthError} when the grant is refused
   */
  async exchange(
    parameters: OAuthParameters,
    basic: readonly [id: string, secret: string] | undefined,
  ): Promise<object> {
    const client = this.authenticate(parameters, basic);
    switch (parameters["grant_type"]) {
      case "authorization_code":
        return this.redeemCode(client, parameters);
      case "refresh_token":
        return this.refresh(client, parameters["refresh_token"] ?? "");
      case "client_credentials": {
        if (!client.flows.includes("client_credentials")) throw new OAuthError("unauthorized_client");
        const access_token = await this.signer.clientCredentialsToken(
          client,
          grantedScopes(client, parameters["scope"]),
        );
        return { access_token, expires_in: client.accessSeconds, token_type: "Bearer" };
      }
      default:
        throw new OAuthError("unsupported_grant_type");
    }
  }

  /**
   * Revokes a refresh token and all others of the same sign-in. Other texts than tokens are taken in silence.
   * @throws {OAuthError} when the client is not authenticated, without a token, and on another kind of token
   */
  revoke(parameters: OAuthParameters, basic: readonly [id: string, secret: string] | undefined): void {
    const client = this.authenticate(parameters, basic);
    const { token = "" } = parameters;
    if (token === "") throw new OAuthError("invalid_request");
    if (token.split(".").length === 3) throw new OAuthError("unsupported_token_type");
    const grant = this.refreshTokens.get(token);
    if (grant?.client === client) this.revokeSession(grant);
  }

  /**
   * Tells whether the tokens of a sign-in were revoked. Gateways cannot know, as they verify signatures only.
   * @param originId  claim `origin_jti` of a token
   */
  isRevoked(originId: unknown): boolean {
    return typeof originId === "string" && this.revokedSessions.has(originId);
  }

  private revokeSession({ client, session: { originId } }: StoredGrant): void {
    const now = this.signer.nowSeconds();
    for (const [id, until] of this.revokedSessions) if (until <= now) this.revokedSessions.delete(id);
    this.revokedSessions.set(originId, now + client.accessSeconds);
    for (const [token, each] of this.refreshTokens) {
      if (each.session.originId === originId) this.refreshTokens.delete(token);
    }
  }

  private authenticate(parameters: OAuthParameters, basic: readonly [string, string] | undefined): AppClient {
    const [id, secret] = basic ?? [parameters["client_id"] ?? "", parameters["client_secret"]];
    const client = this.clients.get(id);
    if (client === undefined || (client.secret !== undefined && !same(client.secret, secret ?? ""))) {
      throw new OAuthError("invalid_client");
    }
    return client;
  }

  private async redeemCode(client: AppClient, parameters: OAuthParameters): Promise<object> {
    const { code = "", code_verifier: verifier, redirect_uri: redirectUri } = parameters;
    const grant = this.codes.get(code);
    this.codes.delete(code); // a failed attempt uses the code up too
    this.revokeWhenReplayed(code);
    const proof = verifier === undefined ? undefined : createHash("sha256").update(verifier).digest("base64url");
    if (
      !this.isLive(grant) ||
      grant.client !== client ||
      grant.redirectUri !== redirectUri ||
      grant.challenge !== proof
    ) {
      throw new OAuthError("invalid_grant");
    }
    const refreshable = { ...grant, expiresAt: this.signer.nowSeconds() + client.refreshSeconds };
    this.redeemedCodes.set(code, refreshable);
    const tokens = await this.tokens(grant, "TokenGeneration_HostedAuth");
    return { ...tokens, refresh_token: this.store(this.refreshTokens, refreshable) };
  }

  /**
   * Revokes what the first use of a code gave when it is used again: one of the two users has stolen it.
   * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2
   */
  private revokeWhenReplayed(code: string): void {
    for (const [key, each] of this.redeemedCodes) if (!this.isLive(each)) this.redeemedCodes.delete(key);
    const replayed = this.redeemedCodes.get(code);
    if (replayed !== undefined) this.revokeSession(replayed);
  }

  private async refresh(client: AppClient, token: string): Promise<object> {
    const grant = this.refreshTokens.get(token);
    if (!this.isLive(grant) || grant.client !== client) throw new OAuthError("invalid_grant");
    const tokens = await this.tokens(grant, "TokenGeneration_RefreshTokens");
    if (client.rotationGraceSeconds === undefined) return tokens;
    const refresh_token = this.store(this.refreshTokens, { ...grant });
    grant.expiresAt = Math.min(grant.expiresAt, this.signer.nowSeconds() + client.rotationGraceSeconds);
    return { ...tokens, refresh_token };
  }

  private async tokens({ client, session }: StoredGrant, source: TokenSource): Promise<object> {
    const access_token = await this.signer.accessToken(client, session, source);
    const openid = session.scopes.includes("openid");
    const id_token = openid ? await this.signer.idToken(client, session, access_token) : undefined;
    // The code may have been replayed while the tokens were signed.
    if (this.isRevoked(session.originId)) throw new OAuthError("invalid_grant");
    return { access_token, ...(id_token && { id_token }), expires_in: client.accessSeconds, token_type: "Bearer" };
  }

  private store(grants: Map<string, StoredGrant>, grant: StoredGrant): string {
    for (const [key, each] of grants) {
      if (!this.isLive(each)) grants.delete(key);
    }
    const key = randomBytes(32).toString("base64url");
    grants.set(key, grant);
    return key;
  }

  private isLive(grant: StoredGrant | undefined): grant is StoredGrant {
    return grant !== undefined && grant.expiresAt > this.signer.nowSeconds();
  }
}

function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
