import { JwtRsaVerifier } from "aws-jwt-verify";
import type { JwtPayload } from "aws-jwt-verify/jwt-model";
import { createKeySet, fetchJwks, type Jwks } from "./key-set";

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
 * Makes the function that verifies an access token. Signature, algorithm, issuer, `exp`, `nbf` and the types of the usual
 * claims are checked by aws-jwt-verify. It admits tokens without `exp`, with any `exp` or `iat`, and with extensions in
 * `crit` that it does not know: these, the client, the audience and the use are checked here.
 * @returns undefined for every token that is not valid
 */
export function createTokenVerifier(options: TokenVerifierOptions) {
  const { issuer, jwksUrl, now = Date.now } = options;
  const verifier = JwtRsaVerifier.create({ issuer, jwksUri: jwksUrl, audience: null });
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
    const kid = usableKid(token);
    if (kid === undefined || !(await keySet.has(kid))) return undefined;
    const claims = verified(token);
    if (claims === undefined || !hasValidTimes(claims, now() / 1_000)) return undefined;
    const { token_use: use, client_id: client, aud, sub, scope = "" } = claims;
    if (use !== "access" || !clients.has(client) || (aud !== undefined && !audiences.has(aud))) return undefined;
    if (sub === undefined || !validSubject.test(sub)) return undefined;
    const scopes = scope.split(" ").filter((each) => each !== "");
    return { sub, scopes, tenant: claims["tenant_id"], tier: claims["tier"] };
  };

  function verified(token: string): JwtPayload | undefined {
    try {
      return verifier.verifySync(token);
    } catch {
      return undefined;
    }
  }
}

/** Returns the key id of a token, which is not verified yet. */
function usableKid(token: string): string | undefined {
  try {
    const header = JSON.parse(Buffer.from(token.slice(0, token.indexOf(".")), "base64url").toString("utf8"));
    const { kid } = header as Record<string, unknown>;
    // A critical extension that is not understood must be refused (RFC 7515, 4.1.11); none is understood here.
    return "crit" in header || typeof kid !== "string" ? undefined : kid;
  } catch {
    return undefined;
  }
}

/** Tells whether a token, which is valid now, says when it was issued and for how long, and that is plausible. */
function hasValidTimes({ exp, iat }: JwtPayload, now: number): boolean {
  if (!Number.isSafeInteger(exp) || !Number.isSafeInteger(iat)) return false;
  return iat! <= now + clockSkewSeconds && exp! - iat! <= maxLifetimeSeconds;
}
