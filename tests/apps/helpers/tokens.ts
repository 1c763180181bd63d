import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { Jwk, Jwks } from "../../../apps/authorizer/key-set";

/** A key pair of an issuer. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export const issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123";
export const clientId = "1example23456789";

export function signingKey(kid: string): SigningKey {
  return { kid, ...generateKeyPairSync("rsa", { modulusLength: 2_048 }) };
}

/** The JWKS of these keys, as an issuer serves it. */
export function jwksOf(...keys: readonly SigningKey[]): Jwks {
  return {
    keys: keys.map(({ kid, publicKey }) => ({
      ...(publicKey.export({ format: "jwk" }) as Pick<Jwk, "kty" | "n" | "e">),
      kid,
      alg: "RS256",
      use: "sig",
    })),
  };
}

export function encoded(value: unknown): string {
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
}

/** A JWT signed with RS256, whatever its header says. */
export function signed(header: unknown, claims: unknown, { privateKey }: Pick<SigningKey, "privateKey">): string {
  const input = `${encoded(header)}.${encoded(claims)}`;
  return `${input}.${sign("sha256", Buffer.from(input), privateKey).toString("base64url")}`;
}

/** The claims of an access token of Cognito whose user belongs to a tenant. */
export function accessClaims(more: object = {}): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1_000);
  return {
    sub: "0b1f2a33-4455-4667-8899-aabbccddeeff",
    iss: issuer,
    client_id: clientId,
    origin_jti: "6b1f2a33-4455-4667-8899-aabbccddeeff",
    token_use: "access",
    scope: "openid shipping/write",
    auth_time: now - 10,
    iat: now - 10,
    exp: now + 3_590,
    username: "ann",
    tenant_id: "acme",
    tier: "free",
    ...more,
  };
}

/** An access token of `key`, which the authorizer of the tests admits. */
export function accessToken(key: SigningKey, claims: object = {}, header: object = {}): string {
  return signed({ alg: "RS256", kid: key.kid, ...header }, accessClaims(claims), key);
}
