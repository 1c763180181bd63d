import { randomBytes, randomUUID } from "node:crypto";
import type { AppClient } from "./clients";
import type { TokenSource } from "./pre-token";
import type { Session, SignedTokens, TokenSigner } from "./tokens";

/** A refresh token that was given. */
interface Given {
  readonly client: AppClient;
  readonly session: Session;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  /** Until when it still works after it was replaced. */
  replacedUntil?: number;
  revoked?: true;
}

/** Why a refresh token is not accepted. */
export class RefreshRefused extends Error {
  constructor(readonly reason: "unknown" | "revoked" | "reused") {
    super(`refresh token: ${reason}`);
  }
}

/** Tokens of a sign-in, the refresh token where a new one is given. */
export interface GivenTokens extends SignedTokens {
  readonly refresh?: string;
}

/** The sign-ins whose tokens can be refreshed, of all clients of the issuer. */
export class RefreshTokens {
  private readonly given = new Map<string, Given>();
  /** Sign-ins whose tokens were revoked -> when their last access token expires. */
  private readonly revoked = new Map<string, number>();

  constructor(private readonly signer: TokenSigner) {}

  /** Returns a new sign-in's id. */
  static newOrigin(): string {
    return randomUUID();
  }

  /**
   * Gives the first tokens of a sign-in.
   * @throws {RefreshRefused} when the sign-in was revoked meanwhile
   * @throws {OAuthError} when the pool's trigger fails
   */
  async issue(
    client: AppClient,
    session: Session,
    source: TokenSource,
  ): Promise<GivenTokens & { readonly refresh: string }> {
    const tokens = await this.signer.tokens(client, session, source);
    // Its code may have been used a second time while the tokens were signed.
    if (this.isRevoked(session.originId)) throw new RefreshRefused("revoked");
    const expiresAt = this.signer.nowSeconds() + client.refreshSeconds;
    return { ...tokens, refresh: this.store({ client, session, expiresAt }) };
  }

  /**
   * Gives new tokens for a refresh token, and a new refresh token where the client replaces them.
   * @throws {RefreshRefused} when it is not accepted
   * @throws {OAuthError} when the pool's trigger fails
   */
  async refresh(client: AppClient, token: string): Promise<GivenTokens> {
    const given = this.given.get(token);
    const now = this.signer.nowSeconds();
    if (given === undefined || given.client !== client || given.expiresAt <= now) throw new RefreshRefused("unknown");
    if (given.revoked) throw new RefreshRefused("revoked");
    if (given.replacedUntil !== undefined && given.replacedUntil <= now) throw new RefreshRefused("reused");
    const tokens = await this.signer.tokens(client, given.session, "TokenGeneration_RefreshTokens");
    // It may have been revoked while the tokens were signed.
    if (this.isRevoked(given.session.originId)) throw new RefreshRefused("revoked");
    if (client.rotationGraceSeconds === undefined) return tokens;
    const { session, expiresAt } = given;
    given.replacedUntil ??= now + client.rotationGraceSeconds;
    return { ...tokens, refresh: this.store({ client, session, expiresAt }) };
  }

  /** Returns the user of a refresh token of a client. */
  userOf(client: AppClient, token: string): Session["user"] | undefined {
    const given = this.given.get(token);
    return given?.client === client ? given.session.user : undefined;
  }

  /** Revokes a token of a client with all others of the same sign-in; other texts are taken in silence. */
  revoke(client: AppClient, token: string): void {
    const given = this.given.get(token);
    if (given?.client === client) this.revokeSignIn(client, given.session.originId);
  }

  /** Revokes the tokens of every sign-in of a user. */
  revokeUser(sub: string): void {
    for (const { client, session } of this.given.values()) {
      if (session.user.sub === sub) this.revokeSignIn(client, session.originId);
    }
  }

  revokeSignIn(client: AppClient, originId: string): void {
    const now = this.signer.nowSeconds();
    for (const [id, until] of this.revoked) if (until <= now) this.revoked.delete(id);
    this.revoked.set(originId, now + Math.max(client.accessSeconds, client.idSeconds));
    for (const each of this.given.values()) if (each.session.originId === originId) each.revoked = true;
  }

  /**
   * Tells whether the tokens of a sign-in were revoked. Gateways cannot know, as they verify signatures only.
   * @param originId  claim `origin_jti` of a token
   */
  isRevoked(originId: unknown): boolean {
    return typeof originId === "string" && this.revoked.has(originId);
  }

  private store(given: Given): string {
    const now = this.signer.nowSeconds();
    for (const [token, each] of this.given) if (each.expiresAt <= now) this.given.delete(token);
    const token = randomBytes(32).toString("base64url");
    this.given.set(token, given);
    return token;
  }
}
