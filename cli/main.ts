import { CommanderError } from "commander";
import { createProgram } from "./command-line";
import { describeError, EXIT } from "./errors";

/** Runs one `platform` command and sets the exit code: 0, 1 for a finding or failure, 2 for wrong usage. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(argv as string[]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
      return;
    }
    process.stderr.write(`${describeError(error)}\n`);
    // At once: a command that failed half-way must not live on for a timer or socket it left open.
    process.exit(EXIT.failure);
  }
}
