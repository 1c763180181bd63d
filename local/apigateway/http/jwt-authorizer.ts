import { hash, type KeyObject } from "node:crypto";
import { compactVerify } from "jose";
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
  /** Whether the keys could not be read lately. */
  readonly unreachable: boolean;
  find(kid: string): Promise<KeyObject | undefined>;
}

interface VerifiedToken {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly texts: Readonly<Record<string, string>>;
  readonly generation: number;
}

const cacheSize = 1_000;
/** RSA is the only kind of key that JWT authorizers take. */
const algorithms = ["RS256", "RS384", "RS512"];
const malformed = "token contains an invalid number of segments";

class Refusal extends Error {}

/**
 * A JWT authorizer that decides as those of HTTP APIs do: it evaluates `kid`, `iss`, `aud` or `client_id`, `exp`, `nbf`,
 * `iat` and scopes, and no other claim. A token may live for any time, and an ID token is admitted where no scope is
 * required. Stricter than AWS is documented to be: base64url must be canonical, and a critical extension is refused. The
 * descriptions of a wrong number of segments, another algorithm, issuer and audience, and of keys that cannot be read are
 * recorded from AWS; the others are not known.
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
    const [value = ""] = values;
    const token = value.replace(/^bearer /i, "");
    if (values.length > 1 || token.split(".").length !== 3) return unauthorized(malformed);
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
      return unauthorized(error instanceof Refusal ? error.message : "the token cannot be decoded");
    }
  }

  /**
   * Returns the claims of a token after checking its signature.
   * @throws {Refusal} with what is wrong; any other error means a malformed token
   */
  private async signedClaims(token: string): Promise<Record<string, unknown>> {
    const parts = token.split(".");
    if (!parts.every(isCanonical)) throw new Refusal("the token cannot be decoded");
    const { alg, kid, ...header } = jsonObject(parts[0]!);
    if (!algorithms.includes(alg as string)) throw new Refusal(`signing method ${methodName(alg)} is invalid`);
    if ("crit" in header || "b64" in header) throw new Refusal("the token has a critical extension");
    const key = typeof kid === "string" ? await this.keys.find(kid) : undefined;
    if (key === undefined) {
      const unreachable = typeof kid === "string" && this.keys.unreachable;
      throw new Refusal(unreachable ? "JWKS communication error" : "the key of the token is not known");
    }
    await compactVerify(token, key, { algorithms }).catch(() => {
      throw new Refusal("the token's signature is invalid");
    });
    return jsonObject(parts[1]!);
  }

  private decide({ claims, texts }: VerifiedToken, scopes: readonly string[]): AuthorizationResult {
    const problem = this.problemOf(claims);
    if (problem !== undefined) return unauthorized(problem);
    const granted = claims["scope"] ?? claims["scp"];
    const list = typeof granted === "string" ? granted.split(" ") : Array.isArray(granted) ? granted : [];
    if (scopes.length > 0 && !scopes.some((scope) => list.includes(scope))) return { kind: "forbidden" };
    return { kind: "admitted", claims: texts };
  }

  private problemOf(claims: Readonly<Record<string, unknown>>): string | undefined {
    const { iss, exp, nbf, iat } = claims;
    const now = this.wall() / 1_000;
    if (iss !== this.model.issuer) return "issuer does not match";
    if (!this.hasPlannedAudience(claims)) return "the token does not have a valid audience";
    if (!isTime(exp)) return "the token does not have a valid expiry";
    if (exp <= now) return "the token has expired";
    if (nbf !== undefined && !(isTime(nbf) && nbf <= now)) return "the token is not valid yet";
    if (iat !== undefined && !(isTime(iat) && iat <= now)) return "the token was issued in the future";
    return undefined;
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

/** Returns the value of `www-authenticate` that HTTP APIs send with a 403. */
export function scopeChallenge(scopes: readonly string[]): string {
  return `Bearer scope="${scopes.join(" ")}" error="insufficient_scope" error_description="${expectedScopes(scopes)}"`;
}

/** Describes a token without any of the scopes that a route asks for. */
export function expectedScopes(scopes: readonly string[]): string {
  return `expected scopes: [${scopes.join(" ")}]`;
}

/** Returns the name of an algorithm for a header; nothing that a client wrote could end or close it. */
function methodName(alg: unknown): string {
  return typeof alg === "string" && /^[A-Za-z0-9_-]{1,20}$/.test(alg) ? alg : "unspecified";
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
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new Refusal("the token cannot be decoded");
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
