import { type IssuerVerifier, issuerVerifier, type VerifierOptions } from "./token";

/** Options of `poolVerifier`. */
export interface PoolOptions extends VerifierOptions {
  /** Clients whose tokens are admitted. */
  readonly clientIds: readonly string[];
  /** Values of `aud` that are admitted; a Cognito access token usually has no `aud`. */
  readonly audiences: readonly string[];
  /**
   * Whether a token's claim `subject` takes the place of its `sub`: with a pool in each region a person has a `sub` in
   * each, and the pools' triggers write the one claim that is the same in both.
   * @default false
   */
  readonly namesSubject?: boolean;
}

/**
 * Of a user (a UUID) or a machine client (its id). It becomes a part of the authorizer's answer. Without `|`, which
 * stands between another issuer's name and its subjects, so that none is taken for a user of the pool.
 */
const validSubject = /^[A-Za-z0-9._:@+-]{1,128}$/;

/** Makes the verifier of the user pool's access tokens: it checks their client, audience, use and subject. */
export function poolVerifier(options: PoolOptions): IssuerVerifier {
  // A list of values is in no set, so that a claim must be one text.
  const clients = new Set<unknown>(options.clientIds);
  const audiences = new Set<unknown>(options.audiences);
  return issuerVerifier(options, (claims) => {
    const { token_use: use, client_id: client, aud, sub, scope = "" } = claims;
    if (use !== "access" || !clients.has(client) || (aud !== undefined && !audiences.has(aud))) return undefined;
    const subject: unknown = options.namesSubject && claims["subject"] !== undefined ? claims["subject"] : sub;
    if (typeof subject !== "string" || !validSubject.test(subject)) return undefined;
    const scopes = scope.split(" ").filter((each) => each !== "");
    return { sub: subject, scopes, tenant: claims["tenant_id"], tier: claims["tier"] };
  });
}
