import { createHash, randomUUID } from "node:crypto";
import type { Idempotency } from "./definition";
import { HttpError } from "./errors";

/** Header in which a client sends the key; the text may be in quotation marks. */
export const keyHeader = "idempotency-key";

/** A request that claims a key: only one of those with the same route, caller and key does the work. */
export interface Claim {
  /** Id of the route. */
  readonly route: string;
  /** Who sends the request. Other callers have other keys, though their texts are the same. */
  readonly caller: string;
  readonly key: string;
  /** What is asked for; the same key with another one is refused. */
  readonly body: string;
  /** Whether the claim is made in the keys' home region instead of the region where the request arrives. */
  readonly exact: boolean;
  /** Seconds after which the key of a request that has not ended is free again. */
  readonly deadlineSeconds: number;
}

/** An answer as it is kept, to be given again byte for byte. */
export interface KeptAnswer {
  readonly status: 200;
  readonly body: string;
}

/** Keeps keys, and the answers to them. */
export interface IdempotencyStore {
  /**
   * Does the work, or returns the answer that the key has already. Work that fails leaves the key free.
   * @throws {HttpError} 409 `idempotency_in_progress`, 422 `idempotency_key_reused`, 503 `storage_unavailable` or
   *   `home_region_unavailable`
   */
  run(claim: Claim, work: () => Promise<KeptAnswer>): Promise<KeptAnswer>;
}

/** What a key may be, in a header: 1 to 128 characters, with or without quotation marks. */
export const keyPattern = '^"?[A-Za-z0-9._~:+/=-]{1,128}"?$';
const validKey = new RegExp(keyPattern);

/**
 * Returns the key of a request; undefined where it has none and needs none.
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 * @throws {HttpError} 400 `idempotency_key_missing` or `idempotency_key_invalid`
 */
export function keyOf(header: string | undefined, { required }: Idempotency): string | undefined {
  if (header === undefined && !required) return undefined;
  if (header === undefined) {
    throw new HttpError(400, "idempotency_key_missing", "Idempotency-Key must be in the request: one key per effect");
  }
  if (validKey.test(header)) return header.replaceAll('"', "");
  throw new HttpError(
    400,
    "idempotency_key_invalid",
    "Idempotency-Key must be 1 to 128 letters, digits or . _ ~ : + / = -",
  );
}

/**
 * Returns the id of what a request makes: the same whenever the same request is sent again by its key, so that work that
 * is done twice, after a crash or in two regions, makes one thing.
 * @returns 32 letters and digits
 */
export function idOf(service: string, { route, caller, key, body }: Claim): string {
  return createHash("sha256")
    .update(JSON.stringify([service, route, caller, key, body]))
    .digest("hex")
    .slice(0, 32);
}

/** A route whose requests are done once per key. */
export interface KeyedRoute {
  readonly service: string;
  readonly id: string;
  readonly idempotency: Idempotency;
  readonly store: IdempotencyStore;
  /** Seconds that a handler has to answer. */
  readonly deadlineSeconds: number;
}

/**
 * Answers a request by its key: by the handler, or with the answer that the key has already.
 * @param header  returns a header of the request
 * @param handler  gets the input with `newId`
 * @throws {HttpError} 400 `subject_missing`, those of `keyOf` and of the store, and what the handler throws
 */
export async function answerByKey(
  { service, id, idempotency, store, deadlineSeconds }: KeyedRoute,
  header: (name: string) => string | undefined,
  input: { readonly subject: string | undefined; readonly [part: string]: unknown },
  handler: (input: object) => Promise<object>,
): Promise<KeptAnswer> {
  const work = async (newId: string): Promise<KeptAnswer> => ({
    status: 200,
    body: JSON.stringify(await handler({ ...input, newId })),
  });
  const key = keyOf(header(keyHeader), idempotency);
  if (key === undefined) return work(randomUUID());
  const exact = idempotency.exact ?? false;
  const { subject: caller, ...asked } = input;
  if (caller === undefined) {
    throw new HttpError(400, "subject_missing", "The request must come through a gateway that has verified a token");
  }
  const claim: Claim = { route: id, caller, key, body: JSON.stringify(asked), exact, deadlineSeconds };
  return store.run(claim, () => work(idOf(service, claim)));
}
