import { parseTenantSecret, type TenantSecret } from "../kit/tenant";

/** Options of `createSecretCache`. */
interface SecretCacheOptions {
  /** Reads the JSON of the secret. */
  readonly read: () => Promise<string | undefined>;
  readonly onFailure: (error: unknown) => void;
  /** Milliseconds since some moment. @default Date.now */
  readonly now?: () => number;
}

/** Time that a secret is used before it is read again; a rotation must keep both API keys for longer than this. */
const maxAgeMilliseconds = 60_000;
/** Time before a read that failed is tried again. With a secret it is longer, as a request waits for each read. */
const retryMilliseconds = 30_000;
const coldRetryMilliseconds = 2_000;

/**
 * Makes the function that returns the tenants' secret. The secret is read once and again after 60 s, by one read at a
 * time. A request waits for the read, so that after a rotation no API key of the old secret is used for longer than that.
 * When a later read fails, the secret of the last one stays in use.
 * @returns undefined when the secret was never read
 */
export function createSecretCache({ read, onFailure, now = Date.now }: SecretCacheOptions) {
  let secret: TenantSecret | undefined;
  let nextAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;
  async function load(): Promise<void> {
    try {
      secret = parseTenantSecret(await read());
      nextAt = now() + maxAgeMilliseconds;
    } catch (error) {
      nextAt = now() + (secret === undefined ? coldRetryMilliseconds : retryMilliseconds);
      onFailure(error);
    } finally {
      running = undefined;
    }
  }
  return async (): Promise<TenantSecret | undefined> => {
    if (running === undefined && now() >= nextAt) running = load();
    if (running !== undefined) await running;
    return secret;
  };
}
