import { hash } from "node:crypto";
import { type CryptoKey, compactVerify } from "jose";
import type { JwtAuthorizerModel } from "./api-routes";

export type Verdict =
  | { readonly kind: "admitted"; readonly claims: Readonly<Record<string, string>> }
  /** 401; without a description there was no token. */
  | { readonly kind: "unauthorized"; readonly description: string | undefined }
  /** 403: a good token without any of the scopes. */
  | { readonly kind: "forbidden" };

/** What an authorizer needs of Jwks. */
export interface Keys {
  readonly generation: number;
  find(kid: string): Promise<CryptoKey | undefined>;
}

interface Verified {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly texts: Readonly<Record<string, string>>;
  readonly generation: number;
}

const maxTokenLength = 8 * 1_024;
const maxLifetimeSeconds = 24 * 60 * 60;
const cacheSize = 1_000;
const credentials = /^(?:[Bb]earer )?([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/;

class Refusal extends Error {}

/**
 * A JWT authorizer as HTTP APIs have it, and stricter where AWS admits what nobody should send: tokens live 24 h at
 * most, are 8 KB at most and in canonical base64url, have no critical extensions, and a route with scopes takes access
 * tokens only (AWS answers 403 to an ID token there, as it has no scope; here it is 401).
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export class JwtAuthorizer {
  /** Verified tokens by hash, least recently used first. */
  private readonly verified = new Map<string, Verified>();

  /** @param wall  milliseconds since the epoch */
  constructor(
    private readonly model: JwtAuthorizerModel,
    private readonly keys: Keys,
    private readonly wall: () => number,
  ) {}

  /**
   * @param values  every Authorization header of the request
   * @returns without a promise when the token was verified before
   */
  check(values: readonly string[], scopes: readonly string[]): Verdict | Promise<Verdict> {
    if (values.length === 0 || values[0] === "") return { kind: "unauthorized", description: undefined };
    const value = values.length === 1 && values[0]!.length <= maxTokenLength ? values[0]! : "";
    const token = credentials.exec(value)?.[1];
    if (token === undefined) return unauthorized("the token is malformed");
    const id = hash("sha256", token, "base64");
    const known = this.verified.get(id);
    if (known === undefined || known.generation !== this.keys.generation) return this.verify(id, token, scopes);
    this.verified.delete(id);
    this.verified.set(id, known);
    return this.decide(known, scopes);
  }

  private async verify(id: string, token: string, scopes: readonly string[]): Promise<Verdict> {
    const { generation } = this.keys; // of before, so that a key dropped meanwhile is not trusted
    try {
      const claims = await this.signedClaims(token);
      const verified = { claims, texts: claimTexts(claims), generation };
      const verdict = this.decide(verified, scopes);
      if (verdict.kind !== "unauthorized") this.remember(id, verified);
      return verdict;
    } catch (error) {
      return unauthorized(error instanceof Refusal ? error.message : "the token is malformed");
    }
  }

  /** @throws {Refusal} with what is wrong; anything else it throws is a malformed token */
  private async signedClaims(token: string): Promise<Record<string, unknown>> {
    const parts = token.split(".");
    if (!parts.every(isCanonical)) throw new Refusal("the token is malformed");
    const header = jsonObject(parts[0]!);
    const { kid } = header;
    if (typeof kid !== "string" || "crit" in header || "b64" in header) {
      throw new Refusal("the token is not signed as required");
    }
    const key = await this.keys.find(kid);
    if (key === undefined) throw new Refusal("the key of the token is not known");
    await compactVerify(token, key, { algorithms: ["RS256"] }).catch(() => {
      throw new Refusal("the token's signature is invalid");
    });
    return jsonObject(parts[1]!);
  }

  private decide({ claims, texts }: Verified, scopes: readonly string[]): Verdict {
    const problem = this.problemOf(claims, scopes.length > 0);
    if (problem !== undefined) return unauthorized(problem);
    const granted = claims["scope"] ?? claims["scp"];
    const list = typeof granted === "string" ? granted.split(" ") : Array.isArray(granted) ? granted : [];
    if (scopes.length > 0 && !scopes.some((scope) => list.includes(scope))) return { kind: "forbidden" };
    return { kind: "admitted", claims: texts };
  }

  private problemOf(claims: Readonly<Record<string, unknown>>, scoped: boolean): string | undefined {
    const { iss, exp, nbf, iat, token_use: use } = claims;
    const now = this.wall() / 1_000;
    if (iss !== this.model.issuer) return "the token does not have a valid issuer";
    if (!this.isForUs(claims)) return "the token does not have a valid audience";
    if (!isTime(exp)) return "the token does not have a valid expiry";
    if (exp <= now) return "the token has expired";
    if (exp > (isTime(iat) ? iat : now) + maxLifetimeSeconds) return "the token lives too long";
    if (nbf !== undefined && !(isTime(nbf) && nbf <= now)) return "the token is not valid yet";
    if (iat !== undefined && !(isTime(iat) && iat <= now)) return "the token was issued in the future";
    const uses: unknown[] = scoped ? [undefined, "access"] : [undefined, "access", "id"];
    return uses.includes(use) ? undefined : "the token is not an access token";
  }

  /** `aud`, or `client_id` of Cognito's access tokens, which have no `aud`. */
  private isForUs({ aud, client_id: client }: Readonly<Record<string, unknown>>): boolean {
    const candidates: readonly unknown[] = aud === undefined ? [client] : Array.isArray(aud) ? aud : [aud];
    return candidates.some((each) => this.model.audiences.includes(each as string));
  }

  private remember(id: string, verified: Verified): void {
    this.verified.set(id, verified);
    if (this.verified.size > cacheSize) this.verified.delete(this.verified.keys().next().value!);
  }
}

/** `www-authenticate` as HTTP APIs send it. */
export function challenge(description: string | undefined): string {
  if (description === undefined) return "Bearer";
  return `Bearer scope="" error="invalid_token" error_description="${description}"`;
}

function unauthorized(description: string): Verdict {
  return { kind: "unauthorized", description };
}

/** One text per bytes: no padding, no bits beyond the last byte. */
function isCanonical(part: string): boolean {
  return Buffer.from(part, "base64url").toString("base64url") === part;
}

function jsonObject(part: string): Record<string, unknown> {
  const value = JSON.parse(Buffer.from(part, "base64url").toString());
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Refusal("the token is malformed");
  return value;
}

function isTime(value: unknown): value is number {
  return typeof value === "number";
}

/** Claims as functions, mappings and logs see them: strings, lists as `[a b]`. */
function claimTexts(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const text = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(text).join(" ")}]`;
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  };
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, text(value)]));
}
