import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

/** Polls until a value is true. @throws when it is not in time */
export async function until(what: string, holds: () => unknown, ms = 4_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `${what}: not within ${ms} ms`);
    await sleep(5);
  }
}

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
