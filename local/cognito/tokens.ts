import { createHash, createPublicKey, generateKeyPair, type KeyObject, randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { exportJWK, type JWK, jwtVerify, SignJWT } from "jose";
import type { AppClient, UserPool } from "./clients";
import { groupClaims } from "./groups";
import {
  type AskPreToken,
  changedClaims,
  changedScopes,
  type TokenRequest,
  type TokenSource,
  type TokensChanges,
  tokenChanges,
} from "./pre-token";
import { readableAttributes, type User } from "./users";

/** A sign-in. Refreshed tokens belong to the same session. */
export interface Session {
  readonly user: User;
  readonly scopes: readonly string[];
  /** Seconds since the epoch. */
  readonly authTime: number;
  /** `origin_jti`. */
  readonly originId: string;
  readonly nonce: string | undefined;
  /** Whether the user-pool API signed the user in, instead of the sign-in page. */
  readonly byApi?: boolean;
  /** What the client wants triggers to know. */
  readonly clientMetadata?: Readonly<Record<string, string>> | undefined;
}

/** Tokens of a sign-in. */
export interface SignedTokens {
  readonly access: string;
  readonly id?: string;
}

/** RSA keys of 2048 bits. Cognito signs ID tokens and access tokens with a key each. */
export interface SigningKeys {
  readonly id: KeyObject;
  readonly access: KeyObject;
}

/** Makes signing keys, which takes a core for a part of a second. */
export async function newSigningKeys(): Promise<SigningKeys> {
  const newKey = async () => (await promisify(generateKeyPair)("rsa", { modulusLength: 2_048 })).privateKey;
  const [access, id] = await Promise.all([newKey(), newKey()]);
  return { access, id };
}

/**
 * Signs tokens with the claims that Cognito's have.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
export class TokenSigner {
  private readonly kids: Readonly<Record<keyof SigningKeys, string>>;

  /**
   * @param now  milliseconds since the epoch
   * @param ask  asks the pre-token triggers of user pools
   */
  constructor(
    private readonly keys: SigningKeys,
    private readonly now: () => number,
    private readonly ask: AskPreToken,
  ) {
    this.kids = { id: keyId(keys.id), access: keyId(keys.access) };
  }

  async jwks(): Promise<{ keys: JWK[] }> {
    const jwk = async (token: keyof SigningKeys) => ({
      ...(await exportJWK(createPublicKey(this.keys[token]))),
      ...{ kid: this.kids[token], alg: "RS256", use: "sig" },
    });
    return { keys: await Promise.all([jwk("id"), jwk("access")]) };
  }

  /**
   * Makes the tokens of a sign-in: an ID token only with the scope `openid`, or where the user-pool API gives them.
   * @throws {OAuthError} when the pool's trigger fails
   */
  async tokens(client: AppClient, session: Session, source: TokenSource): Promise<SignedTokens> {
    const { user, scopes, clientMetadata } = session;
    const changes = await this.changes(client, { source, scopes, user, clientMetadata });
    const access = await this.accessToken(client, session, changes);
    const withId = scopes.includes("openid") || session.byApi === true;
    return { access, ...(withId && { id: await this.idToken(client, session, changes, access) }) };
  }

  /** Makes an access token of the client credentials grant: no user, the client is the subject. */
  async clientCredentialsToken(client: AppClient, scopes: readonly string[]): Promise<string> {
    const changes = await this.changes(client, { source: "TokenGeneration_ClientCredentials", scopes });
    const scope = changedScopes(scopes, changes).join(" ");
    const claims = { sub: client.id, client_id: client.id, token_use: "access", scope, version: 2 };
    const all = changedClaims({ ...claims, auth_time: this.nowSeconds() }, changes.access);
    return this.sign("access", client, client.accessSeconds, all);
  }

  private accessToken(client: AppClient, session: Session, changes: TokensChanges): Promise<string> {
    const { user, scopes } = session;
    const claims = {
      ...this.sessionClaims(session),
      ...groupsIn("access", changes, user),
      client_id: client.id,
      token_use: "access",
      scope: changedScopes(scopes, changes).join(" "),
      username: user.username,
      version: 2,
    };
    return this.sign("access", client, client.accessSeconds, changedClaims(claims, changes.access));
  }

  /** @param accessToken  issued with the ID token, which contains its hash */
  private idToken(client: AppClient, session: Session, changes: TokensChanges, accessToken: string): Promise<string> {
    const { user } = session;
    const claims = {
      ...this.sessionClaims(session),
      aud: client.id,
      token_use: "id",
      ...(session.byApi !== true && {
        at_hash: createHash("sha256").update(accessToken).digest().subarray(0, 16).toString("base64url"),
      }),
      "cognito:username": user.username,
      ...groupsIn("id", changes, user),
      ...(user.identities?.length && { identities: user.identities }),
      ...readableAttributes(user, client.readAttributes),
      ...(session.nonce !== undefined && { nonce: session.nonce }),
    };
    return this.sign("id", client, client.idSeconds, changedClaims(claims, changes.id));
  }

  /** Returns the claims of a valid access token of one of these pools; undefined for any other token. */
  async verifyAccessToken(
    token: string,
    pools: readonly UserPool[],
  ): Promise<Readonly<Record<string, unknown>> | undefined> {
    const issuer = pools.map((pool) => pool.issuer);
    const options = { issuer, algorithms: ["RS256"], currentDate: new Date(this.now()) };
    const verified = await jwtVerify(token, createPublicKey(this.keys.access), options).catch(() => undefined);
    return verified?.payload["token_use"] === "access" ? verified.payload : undefined;
  }

  nowSeconds(): number {
    return Math.floor(this.now() / 1_000);
  }

  private changes({ id, pool }: AppClient, request: Omit<TokenRequest, "poolId" | "clientId">): Promise<TokensChanges> {
    return tokenChanges(this.ask, pool, { ...request, poolId: pool.id, clientId: id });
  }

  private sessionClaims({ user, authTime, originId }: Session) {
    return { sub: user.sub, origin_jti: originId, event_id: randomUUID(), auth_time: authTime };
  }

  private sign(
    token: keyof SigningKeys,
    { pool }: AppClient,
    lifetimeSeconds: number,
    claims: Record<string, unknown>,
  ): Promise<string> {
    const iat = this.nowSeconds();
    const all = { ...claims, iss: pool.issuer, iat, exp: iat + lifetimeSeconds, jti: randomUUID() };
    return new SignJWT(all).setProtectedHeader({ kid: this.kids[token], alg: "RS256" }).sign(this.keys[token]);
  }
}

/** Returns the claims of groups, which a trigger may replace; roles are in the ID token alone. */
function groupsIn(token: "access" | "id", { groups }: TokensChanges, user: User): Readonly<Record<string, unknown>> {
  if (groups === undefined) return groupClaims(user.groups, token);
  const names = groups["cognito:groups"];
  return token === "id" ? groups : names === undefined ? {} : { "cognito:groups": names };
}

/** Returns an id in the form of Cognito's: 32 bytes as base64. */
function keyId(key: KeyObject): string {
  const spki = createPublicKey(key).export({ type: "spki", format: "der" });
  return createHash("sha256").update(spki).digest("base64");
}
