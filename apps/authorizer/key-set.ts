/** Options of `createKeySet`. */
export interface KeySetOptions {
  /** Fetches the issuer's JWKS; see `fetchJwks`. */
  readonly fetchKeys: () => Promise<Jwks>;
  /** Is told of each set that arrives. */
  readonly onKeys: (jwks: Jwks) => void;
  /** Is told of each fetch that fails. */
  readonly onFailure: (error: unknown) => void;
  /** Milliseconds since some moment. @default Date.now */
  readonly now?: () => number;
}

/** The keys of an issuer. */
export interface KeySet {
  /**
   * Tells whether the set has a key now. A set that is old is fetched again behind the request.
   * @param kid  key id of a token, which is not verified yet
   */
  has(kid: string): boolean;
  /** Fetches the set when that is due; never fails. */
  load(): Promise<void>;
  /** Does what `load` does while the set has no keys. */
  prepare(): Promise<void>;
}

/** A JSON Web Key of a set, as far as it is read here. */
export type Jwk = {
  readonly kid: string;
  readonly kty: string;
  readonly alg: string;
  readonly use: string;
  readonly n: string;
  readonly e: string;
};
/** A JSON Web Key Set of RSA signature keys. */
export type Jwks = {
  readonly keys: Jwk[];
};

/** Least time between two fetches: the limit on what unknown key ids can cause. */
const windowMilliseconds = 30_000;
/** The same while no keys have arrived yet, so that an authorizer whose first fetch failed does not refuse for long. */
const coldWindowMilliseconds = 5_000;
/** Time after which the set is fetched again although no token asks for it, so that a withdrawn key is dropped. */
const maxAgeMilliseconds = 15 * 60_000;
/** Time that a fetch of the set may take: a cold authorizer must refuse within API Gateway's 10 s. */
const fetchTimeoutMilliseconds = 2_000;
const maxBytes = 65_536;

/**
 * Makes a cache of the issuer's keys. It starts at most one fetch in 30 s (5 s while it has no keys), also when fetches
 * fail or many tokens name unknown keys. When a fetch fails, the keys it has stay valid.
 */
export function createKeySet({ fetchKeys, onKeys, onFailure, now = Date.now }: KeySetOptions): KeySet {
  let kids: ReadonlySet<string> = new Set();
  let startedAt = Number.NEGATIVE_INFINITY;
  let arrivedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;

  async function load(): Promise<void> {
    try {
      const jwks = await fetchKeys();
      onKeys(jwks);
      kids = new Set(jwks.keys.map(({ kid }) => kid));
      arrivedAt = now();
    } catch (error) {
      onFailure(error);
    } finally {
      running = undefined;
    }
  }
  function fetchOnce(): Promise<void> {
    const window = kids.size === 0 ? coldWindowMilliseconds : windowMilliseconds;
    if (now() - startedAt >= window) {
      startedAt = now();
      running = load();
    }
    return running ?? Promise.resolve();
  }
  return {
    has(kid) {
      const known = kids.has(kid);
      if (known && now() - arrivedAt >= maxAgeMilliseconds) void fetchOnce();
      return known;
    },
    load: fetchOnce,
    prepare: () => (kids.size === 0 ? fetchOnce() : Promise.resolve()),
  };
}

/**
 * Fetches a JWKS within 2 s, at most 64 KB, without following redirects, and keeps only RSA signature keys of RS256.
 * @throws {Error} when it does not arrive or is no JWKS
 */
export async function fetchJwks(url: string): Promise<Jwks> {
  const answer = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(fetchTimeoutMilliseconds) });
  if (!answer.ok || answer.body === null) throw new Error(`the JWKS endpoint answered ${answer.status}`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer.body) {
    length += chunk.length;
    if (length > maxBytes) throw new Error(`the JWKS is over ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return jwksOf(Buffer.concat(chunks).toString("utf8"));
}

/** Reads the RSA signature keys of RS256 of a JWKS. @throws {Error} when it is none, or has no such key */
export function jwksOf(text: string): Jwks {
  const { keys } = JSON.parse(text) as { keys?: unknown };
  const usable = (Array.isArray(keys) ? keys : []).filter(isSignatureKey);
  if (usable.length === 0) throw new Error("the JWKS has no RS256 signature key");
  return { keys: usable };
}

function isSignatureKey(value: unknown): value is Jwk {
  const key = value as Partial<Jwk> | null;
  return (
    typeof key?.kid === "string" &&
    key.kty === "RSA" &&
    key.use === "sig" &&
    key.alg === "RS256" &&
    typeof key.n === "string" &&
    typeof key.e === "string"
  );
}
