import { createHash, createPublicKey, type KeyObject, randomUUID } from "node:crypto";
import { exportJWK, type JWK, jwtVerify, SignJWT } from "jose";
import type { Client, Pool } from "./clients";

export interface User {
  /** Stable: the same name in the same pool is the same person. */
  readonly sub: string;
  readonly username: string;
  readonly email: string | undefined;
  readonly tenant: string | undefined;
}

/** One sign-in; refreshed tokens belong to the same. */
export interface Session {
  readonly user: User;
  readonly scopes: readonly string[];
  /** Seconds since the epoch. */
  readonly authTime: number;
  /** `origin_jti`. */
  readonly origin: string;
  readonly nonce: string | undefined;
}

const kid = "local";

/** Mints tokens with the claims that Cognito's have. */
export class TokenMint {
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

  access(client: Client, session: Session): Promise<string> {
    return this.sign(client, client.accessSeconds, {
      ...this.sessionClaims(session),
      client_id: client.id,
      token_use: "access",
      scope: session.scopes.join(" "),
      username: session.user.username,
      version: 2,
    });
  }

  id(client: Client, session: Session): Promise<string> {
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

  /** Of a program: no user, the client is the subject. */
  machine(client: Client, scopes: readonly string[]): Promise<string> {
    const claims = { sub: client.id, client_id: client.id, token_use: "access", scope: scopes.join(" "), version: 2 };
    return this.sign(client, client.accessSeconds, { ...claims, auth_time: this.seconds() });
  }

  /** @returns claims of a valid access token of one of these pools, else undefined */
  async verify(token: string, pools: readonly Pool[]): Promise<Readonly<Record<string, unknown>> | undefined> {
    const issuer = pools.map((pool) => pool.issuer);
    const options = { issuer, algorithms: ["RS256"], currentDate: new Date(this.now()) };
    const verified = await jwtVerify(token, this.publicKey, options).catch(() => undefined);
    return verified?.payload["token_use"] === "access" ? verified.payload : undefined;
  }

  seconds(): number {
    return Math.floor(this.now() / 1_000);
  }

  private sessionClaims({ user, authTime, origin }: Session) {
    return { sub: user.sub, origin_jti: origin, event_id: randomUUID(), auth_time: authTime };
  }

  private sign({ pool }: Client, lifetimeSeconds: number, claims: Record<string, unknown>): Promise<string> {
    const iat = this.seconds();
    const all = { ...claims, iss: pool.issuer, iat, exp: iat + lifetimeSeconds, jti: randomUUID() };
    return new SignJWT(all).setProtectedHeader({ kid, alg: "RS256" }).sign(this.privateKey);
  }
}

/** Anyone may sign in under any name: this is a local platform. */
export function userOf(pool: Pool, name: string, tenant: string | undefined): User {
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
