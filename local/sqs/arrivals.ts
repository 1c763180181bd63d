/** Those who wait for a message of a queue. */
export class Arrivals {
  private readonly waiting = new Set<() => void>();
  ended = false;

  /** Has all who wait look again. */
  wake(): void {
    for (const go of [...this.waiting]) go();
  }

  /** Has all who wait go, now and later. */
  end(): void {
    this.ended = true;
    this.wake();
  }

  /** Resolves after a time, when something has changed, or when the signal aborts. */
  next(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        this.waiting.delete(go);
        clearTimeout(timer);
        signal?.removeEventListener("abort", go);
        resolve();
      };
      // A timer may fire a millisecond early.
      const timer = setTimeout(go, Math.max(0, Math.ceil(ms)));
      this.waiting.add(go);
      signal?.addEventListener("abort", go);
    });
  }
}
