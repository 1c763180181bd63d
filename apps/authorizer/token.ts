import type { JwtPayload } from "aws-jwt-verify/jwt-model";
import { createKeySet, fetchJwks, type Jwks } from "./key-set";
import { type ParsedToken, ParsedTokenVerifier, parseToken } from "./parsed-token";

/** Claims of an access token that was verified. */
export interface AccessClaims {
  /** Of the user pool as the token has it; of another issuer with the issuer's name before it: `corporate|alice`. */
  readonly sub: string;
  /** Scopes of the platform. */
  readonly scopes: readonly string[];
  /** Claim `tenant_id`, as the token has it: not checked yet. */
  readonly tenant: unknown;
  /** Claim `tier`, as the token has it: not checked yet. */
  readonly tier: unknown;
}

/** Verifies a token; undefined for one that is not valid. */
export type VerifyToken = (token: string) => Promise<AccessClaims | undefined>;

/** What one issuer's tokens are verified with. */
export interface IssuerVerifier {
  readonly issuer: string;
  verify(token: ParsedToken): Promise<AccessClaims | undefined>;
  /** Fetches the keys before a token needs them, where there are none; a failure is told as any. */
  prepare(): Promise<void>;
}

/** Options that every issuer has. */
export interface VerifierOptions {
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly onFailure: (error: unknown) => void;
  readonly fetchKeys?: () => Promise<Jwks>;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/** Longest life of an access token in seconds: Cognito's maximum of one day. */
const maxLifetimeSeconds = 86_400;
/** Seconds that the issuer's clock may be ahead. */
const clockSkewSeconds = 60;

/**
 * Makes the function that verifies the tokens of several issuers, each with the keys of the one that it names, so that no
 * issuer's key vouches for another's token. A token of an issuer that is not listed is never sent anywhere.
 */
export function createTokenVerifier(verifiers: readonly IssuerVerifier[]): VerifyToken {
  const byIssuer = new Map(verifiers.map((each) => [each.issuer, each]));
  return async (token) => {
    const parsed = parseToken(token);
    const { iss } = parsed?.payload ?? {};
    return parsed === undefined || iss === undefined ? undefined : byIssuer.get(iss)?.verify(parsed);
  };
}

/**
 * Makes the verifier of one issuer. aws-jwt-verify checks algorithm, signature, issuer, `exp` and `nbf`. It admits tokens
 * without `exp`, with any `exp` or `iat`, and with extensions in `crit` that it does not know: these are checked here.
 * @param admit  checks the claims that issuers differ in, and returns those that are passed on; undefined refuses
 */
export function issuerVerifier(
  { issuer, jwksUrl, fetchKeys = () => fetchJwks(jwksUrl), onFailure, now = Date.now }: VerifierOptions,
  admit: (claims: JwtPayload, token: ParsedToken) => AccessClaims | undefined,
): IssuerVerifier {
  const verifier = new ParsedTokenVerifier(issuer, jwksUrl);
  const keySet = createKeySet({ fetchKeys, onKeys: (jwks) => verifier.cacheJwks(jwks), onFailure, now });
  const verified = (token: ParsedToken): JwtPayload | undefined => {
    try {
      return verifier.claimsOf(token);
    } catch {
      return undefined;
    }
  };
  return {
    issuer,
    prepare: () => keySet.prepare(),
    async verify(token) {
      if (!keySet.has(token.header.kid)) await keySet.load();
      // Without the key, aws-jwt-verify refuses the token.
      const claims = verified(token);
      return claims === undefined || !hasPlausibleTimes(claims, now() / 1_000) ? undefined : admit(claims, token);
    },
  };
}

/** Tells whether a token that is valid now was issued before now, and for a day at most. */
function hasPlausibleTimes({ exp, iat }: JwtPayload, now: number): boolean {
  return iat! <= now + clockSkewSeconds && exp! - iat! <= maxLifetimeSeconds;
}
