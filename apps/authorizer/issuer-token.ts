import type { JwtPayload } from "aws-jwt-verify/jwt-model";
import type { IssuerSettings } from "./issuers";
import type { ParsedToken } from "./parsed-token";
import { type IssuerVerifier, issuerVerifier, type VerifierOptions } from "./token";

/** Options of `otherIssuerVerifier`. */
export interface OtherIssuerOptions extends VerifierOptions, IssuerSettings {}

const validSubject = /^[A-Za-z0-9._:@|+-]{1,128}$/;
/** `typ` of access tokens (RFC 9068, 2.1), and of JWTs that do not say more. */
const types: readonly unknown[] = [undefined, "JWT", "jwt", "at+jwt", "application/at+jwt"];
/** Claims that only identity tokens have (OpenID Connect Core, 2 and 3). */
const identityClaims = ["nonce", "at_hash", "c_hash", "s_hash"] as const;

/**
 * Makes the verifier of an issuer that is not the user pool, such as an existing gateway server. A token must have one of
 * the configured audiences and be an access token. Its subject gets the issuer's name before it, its scopes become the
 * platform's, and its tenant is the one that the configuration gives the issuer: no claim of its own names another.
 */
export function otherIssuerVerifier(options: OtherIssuerOptions): IssuerVerifier {
  const { name, scopes: mapping, tenant } = options;
  return issuerVerifier(options, (claims, { header }) => {
    if (!hasAudience(claims, options.audiences) || !isAccessToken(claims, header)) return undefined;
    if (!validSubject.test(claims.sub!)) return undefined;
    const granted = grantedScopes(claims);
    const scopes =
      mapping === undefined
        ? granted
        : granted.flatMap((scope) => (Object.hasOwn(mapping, scope) ? (mapping[scope] ?? []) : []));
    return { sub: `${name}|${claims.sub}`, scopes: [...new Set(scopes)], tenant: tenant?.name, tier: tenant?.tier };
  });
}

/** `aud` is one text or a list, of which one entry is enough (RFC 7519, 4.1.3). */
function hasAudience({ aud }: JwtPayload, audiences: readonly string[]): boolean {
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return named.every((each) => typeof each === "string") && named.some((each) => audiences.includes(each as string));
}

function isAccessToken(claims: JwtPayload, header: ParsedToken["header"]): boolean {
  const { typ } = header as { readonly typ?: unknown };
  const use = claims["token_use"];
  return (
    types.includes(typ) &&
    (use === undefined || use === "access") &&
    !identityClaims.some((claim) => claims[claim] !== undefined)
  );
}

/** `scope` is one text (RFC 8693, 4.2), as `parseToken` demands; some servers write `scp` instead, a text or a list. */
function grantedScopes(claims: JwtPayload): readonly string[] {
  const granted: unknown = claims.scope ?? claims["scp"] ?? "";
  const list: readonly unknown[] = Array.isArray(granted) ? granted : String(granted).split(" ");
  return list.filter((each): each is string => typeof each === "string" && each !== "");
}
