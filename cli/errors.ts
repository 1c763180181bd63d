/** Exit codes of all commands: success, a failure or mandatory finding, wrong usage. */
export const EXIT = { ok: 0, failure: 1, usage: 2 } as const;

/** Names of errors that are thrown on purpose, with a message that needs no stack trace. */
const expectedErrors = new Set(["PlanError", "RunError", "CommandError", "OutputsError", "CheckError"]);

/** An error of a command that cannot do what it was asked to do. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** Returns the text of an error for people: the message of an expected error, the stack trace of any other. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const expected = expectedErrors.has(error.name) || "__pulumiRunError" in error;
  return expected ? error.message : (error.stack ?? error.message);
}
