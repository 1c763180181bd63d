import type { Item } from "./dynalite";

/** DynamoDB leaves items that expired longer ago. */
const oldestMs = 5 * 365 * 24 * 3_600_000;

/** When items expire: a number of seconds since the epoch in an attribute says it. */
export class Deadlines {
  /** @param factor  how many times faster than planned time passes */
  constructor(private readonly factor: number) {}

  /**
   * Returns when an item expires on the clock of this machine, in milliseconds since the epoch: what is left of its time
   * when it is written passes as fast as planned time does.
   * @param before  the time of the write in microseconds; the item before, and when that expires
   * @returns nothing for an item that does not expire
   */
  of(
    attribute: string,
    item: Item | undefined,
    before: { readonly at: number; readonly old: Item | undefined; readonly deadline: number | undefined },
  ): number | undefined {
    const text: unknown = item?.[attribute]?.["N"];
    if (text === undefined) return undefined;
    // An item that is written again with the same time keeps its deadline.
    if (before.deadline !== undefined && before.old?.[attribute]?.["N"] === text) return before.deadline;
    const now = before.at / 1_000;
    const planned = Number(text) * 1_000;
    if (planned < now - oldestMs) return undefined;
    return Math.round(now + Math.max(0, planned - now) / this.factor);
  }
}

/**
 * Key of the entry that says when an item expires, by which such entries are sorted by their time.
 * @param deadline  unset for what all keys of a table begin with
 */
export function deadlineKey(table: string, deadline?: number, key = ""): string {
  const prefix = `expires-${table}~`;
  return deadline === undefined ? prefix : `${prefix}${String(deadline).padStart(18, "0")}~${key}`;
}
