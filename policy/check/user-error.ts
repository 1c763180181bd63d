/**
 * An error that was foreseen: its message says in one sentence what is wrong and what to do, so that it is shown without
 * a stack trace. Every other error is a defect, and its stack trace is shown.
 */
export class UserError extends Error {
  override readonly name = "UserError";
}
