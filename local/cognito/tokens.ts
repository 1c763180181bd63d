import { createHash, createPublicKey, type KeyObject, randomUUID } from "node:crypto";
import { exportJWK, type JWK, jwtVerify, SignJWT } from "jose";
import type { AppClient, UserPool } from "./clients";

/** A person who signed in. */
export interface User {
  /** Same for the same name in the same user pool. */
  readonly sub: string;
  readonly username: string;
  readonly email: string | undefined;
  readonly tenant: string | undefined;
}

/** A sign-in. Refreshed tokens belong to the same session. */
export interface Session {
  readonly user: User;
  readonly scopes: readonly string[];
  /** Seconds since the epoch. */
  readonly authTime: number;
  /** `origin_jti`. */
  readonly originId: string;
  readonly nonce: string | undefined;
}

const kid = "local";

/** Signs tokens with the claims that Cognito's have. */
export class TokenSigner {
  private readonly publicKey: KeyObject;

  /** @param now  milliseconds since the epoch */
  constructor(
    private readonly privateKey: KeyObject,
    private readonly now: () => number,
  ) {
    this.publicKey = createPublicKey(privateKey);
  }

  async jwks(): Promise<{ keys: JWK[] }> {
    return { keys: [{ ...(await exportJWK(this.publicKey)), kid, alg: "RS256", use: "sig" }] };
  }

  accessToken(client: AppClient, session: Session): Promise<string> {
    return this.sign(client, client.accessSeconds, {
      ...this.sessionClaims(session),
      client_id: client.id,
      token_use: "access",
      scope: session.scopes.join(" "),
      username: session.user.username,
      version: 2,
    });
  }

  idToken(client: AppClient, session: Session): Promise<string> {
    const { email, tenant, username } = session.user;
    return this.sign(client, client.idSeconds, {
      ...this.sessionClaims(session),
      aud: client.id,
      token_use: "id",
      "cognito:username": username,
      ...(email !== undefined && { email, email_verified: true }),
      ...(tenant !== undefined && { "custom:tenantId": tenant }),
      ...(session.nonce !== undefined && { nonce: session.nonce }),
    });
  }

  /** Makes an access token of the client credentials grant: no user, the client is the subject. */
  clientCredentialsToken(client: AppClient, scopes: readonly string[]): Promise<string> {
    const claims = { sub: client.id, client_id: client.id, token_use: "access", scope: scopes.join(" "), version: 2 };
    return this.sign(client, client.accessSeconds, { ...claims, auth_time: this.nowSeconds() });
  }

  /** Returns the claims of a valid access token of one of these pools; undefined for any other token. */
  async verifyAccessToken(
    token: string,
    pools: readonly UserPool[],
  ): Promise<Readonly<Record<string, unknown>> | undefined> {
    const issuer = pools.map((pool) => pool.issuer);
    const options = { issuer, algorithms: ["RS256"], currentDate: new Date(this.now()) };
    const verified = await jwtVerify(token, this.publicKey, options).catch(() => undefined);
    return verified?.payload["token_use"] === "access" ? verified.payload : undefined;
  }

  nowSeconds(): number {
    return Math.floor(this.now() / 1_000);
  }

  private sessionClaims({ user, authTime, originId }: Session) {
    return { sub: user.sub, origin_jti: originId, event_id: randomUUID(), auth_time: authTime };
  }

  private sign({ pool }: AppClient, lifetimeSeconds: number, claims: Record<string, unknown>): Promise<string> {
    const iat = this.nowSeconds();
    const all = { ...claims, iss: pool.issuer, iat, exp: iat + lifetimeSeconds, jti: randomUUID() };
    return new SignJWT(all).setProtectedHeader({ kid, alg: "RS256" }).sign(this.privateKey);
  }
}

/** Makes the user for a name; every name is accepted, as the platform is local. `sub` is derived from pool and name. */
export function userOf(pool: UserPool, name: string, tenant: string | undefined): User {
  const hex = createHash("sha256").update(`${pool.id} ${name.toLowerCase()}`).digest("hex");
  const sub = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
  return { sub, username: pool.signInByEmail ? sub : name, email: name.includes("@") ? name : undefined, tenant };
}
