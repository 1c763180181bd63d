import { UserError } from "../policy/check/user-error";

export { UserError };

/**
 * Returns a foreseen error of the program (Pulumi's RunError, a source of a service that does not compile) as a
 * `UserError`, and any other error as it is.
 */
export function foreseen(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  return isRunError(error) || isBuildFailure(error) ? new UserError(error.message, { cause: error }) : error;
}

/** Tells as the SDK does whether an error is a RunError. Here the SDK is not loaded, as that takes half a second. */
function isRunError(error: Error): boolean {
  return "__pulumiRunError" in error;
}

/** Tells whether an error of esbuild lists what could not be compiled; its message has a line for each place. */
function isBuildFailure(error: Error): boolean {
  return Array.isArray((error as { errors?: unknown }).errors) && error.message.startsWith("Build failed");
}
