import type { JwtPayload } from "aws-jwt-verify/jwt-model";
import { createKeySet, fetchJwks, type Jwks } from "./key-set";
import { type ParsedToken, ParsedTokenVerifier, parseToken } from "./parsed-token";

/** Claims of an access token that was verified. */
export interface AccessClaims {
  readonly sub: string;
  readonly scopes: readonly string[];
  /** Claim `tenant_id`, as the token has it: not checked yet. */
  readonly tenant: unknown;
  /** Claim `tier`, as the token has it: not checked yet. */
  readonly tier: unknown;
}

/** Options of `createTokenVerifier`. */
export interface TokenVerifierOptions {
  readonly issuer: string;
  readonly jwksUrl: string;
  /** Clients whose tokens are admitted. */
  readonly clientIds: readonly string[];
  /** Values of `aud` that are admitted; a Cognito access token usually has no `aud`. */
  readonly audiences: readonly string[];
  readonly onFailure: (error: unknown) => void;
  readonly fetchKeys?: () => Promise<Jwks>;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** Longest life of an access token in seconds: Cognito's maximum of one day. */
const maxLifetimeSeconds = 86_400;
/** Seconds that the issuer's clock may be ahead. */
const clockSkewSeconds = 60;
/** Of a user (a UUID) or a machine client (its id). It becomes a part of the authorizer's answer. */
const validSubject = /^[A-Za-z0-9._:@|+-]{1,128}$/;

/**
 * Makes the function that verifies an access token. aws-jwt-verify checks algorithm, signature, issuer, `exp` and `nbf`.
 * It admits tokens without `exp`, with any `exp` or `iat`, and with extensions in `crit` that it does not know: these, the
 * client, the audience and the use are checked here.
 * @returns undefined for every token that is not valid
 */
export function createTokenVerifier(options: TokenVerifierOptions) {
  const { issuer, jwksUrl, now = Date.now } = options;
  const verifier = new ParsedTokenVerifier(issuer, jwksUrl);
  const keySet = createKeySet({
    fetchKeys: options.fetchKeys ?? (() => fetchJwks(jwksUrl)),
    onKeys: (jwks) => verifier.cacheJwks(jwks),
    onFailure: options.onFailure,
    now,
  });
  // A list of values is in no set, so that a claim must be one text.
  const clients = new Set<unknown>(options.clientIds);
  const audiences = new Set<unknown>(options.audiences);

  return async (token: string): Promise<AccessClaims | undefined> => {
    const parsed = parseToken(token);
    if (parsed === undefined) return undefined;
    if (!keySet.has(parsed.header.kid)) await keySet.load();
    // Without the key, aws-jwt-verify refuses the token.
    const claims = verified(parsed);
    if (claims === undefined || !hasPlausibleTimes(claims, now() / 1_000)) return undefined;
    const { token_use: use, client_id: client, aud, sub, scope = "" } = claims;
    if (use !== "access" || !clients.has(client) || (aud !== undefined && !audiences.has(aud))) return undefined;
    if (!validSubject.test(sub!)) return undefined;
    const scopes = scope.split(" ").filter((each) => each !== "");
    return { sub: sub!, scopes, tenant: claims["tenant_id"], tier: claims["tier"] };
  };

  function verified(token: ParsedToken): JwtPayload | undefined {
    try {
      return verifier.claimsOf(token);
    } catch {
      return undefined;
    }
  }
}

/** Tells whether a token that is valid now was issued before now, and for a day at most. */
function hasPlausibleTimes({ exp, iat }: JwtPayload, now: number): boolean {
  return iat! <= now + clockSkewSeconds && exp! - iat! <= maxLifetimeSeconds;
}
