import { createHmac, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { exportJWK } from "jose";
import { absent, type JsonValue } from "./match";

/** A token of a request. A claim or header field that is `(absent)` is left out. */
export interface TokenSpec {
  readonly claims?: Readonly<Record<string, JsonValue>>;
  readonly header?: Readonly<Record<string, JsonValue>>;
  readonly alg?: "RS256" | "RS384" | "RS512" | "HS256";
  /** Before the token in the Authorization header. @default "Bearer " */
  readonly prefix?: string;
}

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });

/** Value of an Authorization header; the clock of the cases is in the lifetime of the claims. */
export function authorizationOf({ claims = {}, header = {}, alg = "RS256", prefix = "Bearer " }: TokenSpec): string {
  const parts = [{ alg, kid: "k1", ...header }, claims].map((part) =>
    Buffer.from(JSON.stringify(withoutAbsent(part))).toString("base64url"),
  );
  const signed = parts.join(".");
  const signature =
    alg === "HS256"
      ? createHmac("sha256", publicKey.export({ type: "spki", format: "pem" }))
          .update(signed)
          .digest()
      : sign(`RSA-SHA${alg.slice(2)}`, Buffer.from(signed), privateKey);
  return `${prefix}${signed}.${signature.toString("base64url")}`;
}

/** The key set that the issuer of the cases serves. */
export async function keySet(): Promise<string> {
  const jwk = { ...(await exportJWK(createPublicKey(privateKey))), kid: "k1", use: "sig" };
  return JSON.stringify({ keys: [jwk] });
}

function withoutAbsent(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== absent));
}
