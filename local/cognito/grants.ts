import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { AppClient } from "./clients";
import { grantedScopes, OAuthError, type OAuthParameters, SignInPageError } from "./oauth";
import { type GivenTokens, RefreshRefused, RefreshTokens } from "./refresh-tokens";
import type { SignedIn } from "./sessions";
import type { Session, TokenSigner } from "./tokens";

interface StoredGrant {
  readonly client: AppClient;
  readonly session: Session;
  readonly redirectUri: string;
  readonly challenge: string | undefined;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

const codeSeconds = 5 * 60;
const challengeForm = /^[A-Za-z0-9_-]{43}$/;

/** The OAuth grants of one issuer. Keeps authorization codes in memory and exchanges them for tokens. */
export class Grants {
  private readonly codes = new Map<string, StoredGrant>();
  /** Codes that were exchanged, as long as what they gave can be used. */
  private readonly redeemedCodes = new Map<string, StoredGrant>();

  constructor(
    private readonly clients: ReadonlyMap<string, AppClient>,
    private readonly signer: TokenSigner,
    private readonly refreshTokens: RefreshTokens,
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

  /** Returns an authorization code for a person who signed in. @param parameters  those of the authorization request */
  issueCode(client: AppClient, parameters: OAuthParameters, { user, authTime }: SignedIn): string {
    const { redirect_uri: redirectUri = "", code_challenge: challenge, nonce } = parameters;
    const scopes = grantedScopes(client, parameters["scope"]);
    const session = { user, scopes, nonce, authTime, originId: RefreshTokens.newOrigin() };
    const expiresAt = this.signer.nowSeconds() + codeSeconds;
    return this.storeCode({ client, session, redirectUri, challenge, expiresAt });
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
   * @throws {CognitoError} when a trigger fails
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
        return answerOf(client, this.refreshTokens.refresh(client, parameters["refresh_token"] ?? ""));
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
    this.refreshTokens.revoke(client, token);
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
    this.redeemedCodes.set(code, { ...grant, expiresAt: this.signer.nowSeconds() + client.refreshSeconds });
    return answerOf(client, this.refreshTokens.issue(client, grant.session, "TokenGeneration_HostedAuth"));
  }

  /**
   * Revokes what the first use of a code gave when it is used again: one of the two users has stolen it.
   * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2
   */
  private revokeWhenReplayed(code: string): void {
    for (const [key, each] of this.redeemedCodes) if (!this.isLive(each)) this.redeemedCodes.delete(key);
    const replayed = this.redeemedCodes.get(code);
    if (replayed !== undefined) this.refreshTokens.revokeSignIn(replayed.client, replayed.session.originId);
  }

  private storeCode(grant: StoredGrant): string {
    for (const [code, each] of this.codes) if (!this.isLive(each)) this.codes.delete(code);
    const code = randomBytes(32).toString("base64url");
    this.codes.set(code, grant);
    return code;
  }

  private isLive(grant: StoredGrant | undefined): grant is StoredGrant {
    return grant !== undefined && grant.expiresAt > this.signer.nowSeconds();
  }
}

/** Returns the answer of the token endpoint. @throws {OAuthError} `invalid_grant` for a refresh token that is not accepted */
async function answerOf(client: AppClient, given: Promise<GivenTokens>): Promise<object> {
  const { access, id, refresh } = await given.catch((error) => {
    throw error instanceof RefreshRefused ? new OAuthError("invalid_grant") : error;
  });
  return {
    access_token: access,
    ...(id && { id_token: id }),
    ...(refresh && { refresh_token: refresh }),
    expires_in: client.accessSeconds,
    token_type: "Bearer",
  };
}

function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
