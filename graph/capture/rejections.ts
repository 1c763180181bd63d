/** Unhandled rejections of each run of `collectRejections`, the innermost run last. */
const sinks: unknown[][] = [];

function listener(error: unknown): void {
  sinks.at(-1)?.push(error);
}

/** Tells whether `collectRejections` is running, so that it will report unhandled rejections. */
export function collectingRejections(): boolean {
  return sinks.length > 0;
}

/**
 * Waits until a failure has rejected every promise that depends on it; three turns of the event loop reach the last
 * one.
 */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Runs `work` and throws the first promise rejection in it that is not handled; an error in an `apply` would be lost
 * otherwise. Concurrent runs share a process, and the innermost one gets the error.
 */
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
