/**
 * Runs something and fails with the first promise rejection that nobody handled meanwhile: a throw inside an
 * `apply` would vanish otherwise. Concurrent runs share a process; the innermost one gets the error.
 */
const sinks: unknown[][] = [];

function listener(error: unknown): void {
  sinks.at(-1)?.push(error);
}

/** Whether a rejection now would be reported by a run of `collectRejections`. */
export function collectingRejections(): boolean {
  return sinks.length > 0;
}

/** A failure rejects every promise that waits for it, turn after turn; three turns reach the last one. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export async function collectRejections<T>(work: () => Promise<T>): Promise<T> {
  const sink: unknown[] = [];
  if (sinks.push(sink) === 1) process.on("unhandledRejection", listener);
  try {
    const result = await work();
    await settle();
    if (sink.length > 0) throw sink[0];
    return result;
  } finally {
    await settle();
    sinks.splice(sinks.indexOf(sink), 1);
    if (sinks.length === 0) process.off("unhandledRejection", listener);
  }
}
