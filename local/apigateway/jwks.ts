import { createPublicKey, type KeyObject } from "node:crypto";
import type { JWK } from "jose";
import { type Dispatcher, request } from "undici";

const timeoutMilliseconds = 1_500;
const maxBytes = 64 * 1_024;
/** Milliseconds after a fetch in which no other one starts. */
const window = { afterSuccess: 30_000, afterFailure: 2_000 } as const;
/** API Gateway caches keys for two hours. */
const staleAfterMilliseconds = 2 * 60 * 60 * 1_000;

/** Options of `Jwks`. */
export interface JwksOptions {
  readonly url: string;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Gets one line per failed fetch. */
  readonly log: (message: string) => void;
  readonly dispatcher?: Dispatcher;
}

/**
 * The RSA keys of one issuer, cached. Fetches them at most once every 30 s after a success and every 2 s after a
 * failure, no matter which key ids tokens name, and keeps the last valid keys while the issuer is down.
 */
export class Jwks {
  private keys: ReadonlyMap<string, KeyObject> = new Map();
  private pending: Promise<void> | undefined;
  private nextFetchAt = Number.NEGATIVE_INFINITY;
  private staleAt = Number.NEGATIVE_INFINITY;
  /** Whether the latest fetch failed. */
  unreachable = false;
  /** Number of the current set of keys. Tokens verified with an earlier set must be verified again. */
  generation = 0;

  constructor(private readonly options: JwksOptions) {}

  /**
   * Finds the key with an id; resolves at once when it is cached.
   * @returns undefined when the issuer does not have the key or cannot be reached within 1.5 s
   */
  async find(kid: string): Promise<KeyObject | undefined> {
    const known = this.keys.get(kid);
    const refresh = known === undefined || this.options.now() >= this.staleAt ? this.refresh() : undefined;
    if (known === undefined) await refresh;
    return known ?? this.keys.get(kid);
  }

  private refresh(): Promise<void> | undefined {
    const { now } = this.options;
    if (this.pending || now() < this.nextFetchAt) return this.pending;
    this.pending = this.fetch()
      .then(() => {
        this.unreachable = false;
        this.nextFetchAt = now() + window.afterSuccess;
        this.staleAt = now() + staleAfterMilliseconds;
      })
      .catch((error: Error) => {
        this.unreachable = true;
        this.nextFetchAt = now() + window.afterFailure;
        this.options.log(`gateway: keys of ${this.options.url} could not be read: ${error.message}`);
      })
      .finally(() => {
        this.pending = undefined;
      });
    return this.pending;
  }

  private async fetch(): Promise<void> {
    const { url, dispatcher } = this.options;
    const signal = AbortSignal.timeout(timeoutMilliseconds);
    const { statusCode, body } = await request(url, { signal, ...(dispatcher && { dispatcher }) });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new Error(`the answer is over ${maxBytes} bytes`);
      chunks.push(chunk);
    }
    if (statusCode !== 200) throw new Error(`status ${statusCode}`);
    const keys = importKeys(JSON.parse(Buffer.concat(chunks).toString()).keys);
    this.generation += 1;
    this.keys = keys;
  }
}

function importKeys(jwks: readonly JWK[]): ReadonlyMap<string, KeyObject> {
  const usable = jwks.filter(({ kty, kid, use, alg }) => {
    return (
      kty === "RSA" && typeof kid === "string" && (use ?? "sig") === "sig" && /^RS(256|384|512)$/.test(alg ?? "RS256")
    );
  });
  return new Map(
    usable.map(({ kid, kty, n, e }) => [kid!, createPublicKey({ key: { kty, n, e } as JWK, format: "jwk" })]),
  );
}
