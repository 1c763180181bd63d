/** Exit codes of every command. */
export const EXIT = { ok: 0, failure: 1, usage: 2 } as const;

/** Errors the program throws on purpose: their message says it all. */
const spoken = new Set(["PlanError", "RunError", "CommandError"]);

/** A command cannot do what it was asked. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** One sentence for what was foreseen; the stack as well for what was not. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const foreseen = spoken.has(error.name) || "__pulumiRunError" in error;
  return foreseen ? error.message : (error.stack ?? error.message);
}
