/** What was sent with an id, for as long as another one with this id is taken for it. All are kept for the same time. */
export class SentIds<Sent> {
  private readonly sent = new Map<string, { readonly what: Sent; readonly until: number }>();

  /** @param now  milliseconds since the epoch */
  find(id: string, now: number): Sent | undefined {
    for (const [key, { until }] of this.sent) {
      // They end in the order in which they began.
      if (until > now) break;
      this.sent.delete(key);
    }
    return this.sent.get(id)?.what;
  }

  /** Adds one that was not found. @param until  milliseconds since the epoch */
  add(id: string, what: Sent, until: number): void {
    this.sent.set(id, { what, until });
  }
}
