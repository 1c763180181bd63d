/**
 * One request of a history. Times are milliseconds of one clock. A value is the number of the write that stored it; 0 is
 * nothing, as before the first write.
 */
export interface Operation {
  readonly key: string;
  readonly kind: "put" | "get";
  /** What a put stores, or a get has read. */
  readonly value: number;
  readonly start: number;
  /** Of a put that may or may not have been stored: no end, since it may still be. */
  readonly end?: number;
}

/** Something that must not be in a history. */
export interface Violation {
  readonly key: string;
  /** One sentence. */
  readonly what: string;
  /** All of the key's operations, the earliest first. */
  readonly history: readonly Operation[];
}

/** Returns operations by key, each sorted by start. */
export function byKey(history: readonly Operation[]): ReadonlyMap<string, readonly Operation[]> {
  const keys = new Map<string, Operation[]>();
  for (const each of history) {
    const own = keys.get(each.key);
    if (own) own.push(each);
    else keys.set(each.key, [each]);
  }
  for (const own of keys.values()) own.sort((a, b) => a.start - b.start);
  return keys;
}
