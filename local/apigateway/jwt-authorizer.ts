import { hash } from "node:crypto";
import { type CryptoKey, compactVerify } from "jose";
import type { JwtAuthorizerModel } from "./api-routes";

/** Decision of an authorizer about a request. */
export type AuthorizationResult =
  | { readonly kind: "admitted"; readonly claims: Readonly<Record<string, string>> }
  /** Answered 401; without a description the request had no token. */
  | { readonly kind: "unauthorized"; readonly description: string | undefined }
  /** Answered 403: the token is valid and has none of the required scopes. */
  | { readonly kind: "forbidden" };

/** The part of `Jwks` that an authorizer uses. */
interface KeySource {
  readonly generation: number;
  find(kid: string): Promise<CryptoKey | undefined>;
}

interface VerifiedToken {
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
 * A JWT authorizer that decides as those of HTTP APIs do. It is stricter than AWS in that tokens must be valid for at
 * most 24 h, be at most 8 KB long, be in canonical base64url and have no critical extensions. A route with scopes
 * accepts access tokens only: an ID token, which has no scope, gets 403 from AWS and 401 here.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export class JwtAuthorizer {
  /** Verified tokens by hash, least recently used first. */
  private readonly verified = new Map<string, VerifiedToken>();

  /** @param wall  milliseconds since the epoch */
  constructor(
    private readonly model: JwtAuthorizerModel,
    private readonly keys: KeySource,
    private readonly wall: () => number,
  ) {}

  /**
   * Checks the token of a request.
   * @param values  every Authorization header of the request
   * @param scopes  of which the token needs one; empty accepts every valid token
   * @returns the result itself, not a promise, when the token was verified before
   */
  check(values: readonly string[], scopes: readonly string[]): AuthorizationResult | Promise<AuthorizationResult> {
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

  private async verify(id: string, token: string, scopes: readonly string[]): Promise<AuthorizationResult> {
    const { generation } = this.keys; // read first, so that a key removed during the verification is not trusted later
    try {
      const claims = await this.signedClaims(token);
      const verified = { claims, texts: claimTexts(claims), generation };
      const result = this.decide(verified, scopes);
      if (result.kind !== "unauthorized") this.remember(id, verified);
      return result;
    } catch (error) {
      return unauthorized(error instanceof Refusal ? error.message : "the token is malformed");
    }
  }

  /**
   * Returns the claims of a token after checking its signature.
   * @throws {Refusal} with what is wrong; any other error means a malformed token
   */
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

  private decide({ claims, texts }: VerifiedToken, scopes: readonly string[]): AuthorizationResult {
    const problem = this.problemOf(claims, scopes.length > 0);
    if (problem !== undefined) return unauthorized(problem);
    const granted = claims["scope"] ?? claims["scp"];
    const list = typeof granted === "string" ? granted.split(" ") : Array.isArray(granted) ? granted : [];
    if (scopes.length > 0 && !scopes.some((scope) => list.includes(scope))) return { kind: "forbidden" };
    return { kind: "admitted", claims: texts };
  }

  private problemOf(claims: Readonly<Record<string, unknown>>, scopeRequired: boolean): string | undefined {
    const { iss, exp, nbf, iat, token_use: use } = claims;
    const now = this.wall() / 1_000;
    if (iss !== this.model.issuer) return "the token does not have a valid issuer";
    if (!this.hasPlannedAudience(claims)) return "the token does not have a valid audience";
    if (!isTime(exp)) return "the token does not have a valid expiry";
    if (exp <= now) return "the token has expired";
    if (exp > (isTime(iat) ? iat : now) + maxLifetimeSeconds) return "the token lives too long";
    if (nbf !== undefined && !(isTime(nbf) && nbf <= now)) return "the token is not valid yet";
    if (iat !== undefined && !(isTime(iat) && iat <= now)) return "the token was issued in the future";
    const uses: unknown[] = scopeRequired ? [undefined, "access"] : [undefined, "access", "id"];
    return uses.includes(use) ? undefined : "the token is not an access token";
  }

  /** Compares `aud`, or `client_id` for Cognito's access tokens, which have no `aud`. */
  private hasPlannedAudience({ aud, client_id: client }: Readonly<Record<string, unknown>>): boolean {
    const candidates: readonly unknown[] = aud === undefined ? [client] : Array.isArray(aud) ? aud : [aud];
    return candidates.some((each) => this.model.audiences.includes(each as string));
  }

  private remember(id: string, verified: VerifiedToken): void {
    this.verified.set(id, verified);
    if (this.verified.size > cacheSize) this.verified.delete(this.verified.keys().next().value!);
  }
}

/** Returns the value of `www-authenticate` that HTTP APIs send with a 401. */
export function bearerChallenge(description: string | undefined): string {
  if (description === undefined) return "Bearer";
  return `Bearer scope="" error="invalid_token" error_description="${description}"`;
}

function unauthorized(description: string): AuthorizationResult {
  return { kind: "unauthorized", description };
}

/** Tells whether a part is the only base64url text of its bytes: no padding, no unused bits set. */
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

/** Turns claims into the strings that functions, mappings and logs get; lists become `[a b]`. */
function claimTexts(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const text = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(text).join(" ")}]`;
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  };
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, text(value)]));
}
