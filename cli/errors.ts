import { foreseen, UserError } from "../graph/user-error";

/** Exit codes of all commands: success, a failure or mandatory finding, wrong usage. */
export const EXIT = { ok: 0, failure: 1, usage: 2 } as const;

/** Returns the text of an error for people: the message of a foreseen error, the stack trace of any other. */
export function describeError(error: unknown): string {
  const known = foreseen(error);
  if (!(known instanceof Error)) return String(known);
  return known instanceof UserError ? known.message : (known.stack ?? String(known));
}
