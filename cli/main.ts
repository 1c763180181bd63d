import type { ChildProcess } from "node:child_process";
import { CommanderError } from "commander";
import { createCommandLine } from "./command-line";
import { describeError, EXIT } from "./errors";
import { note } from "./print";

/**
 * Runs one `platform` command and sets the exit code: 0, 1 for a mandatory finding or a failure, 2 for wrong usage.
 * @param argv  arguments of the process, starting with those of Node.js
 * @param planner  process that plans, for the command `start`
 */
export async function main(argv: readonly string[], planner?: ChildProcess): Promise<void> {
  try {
    await createCommandLine(planner).parseAsync(argv as string[]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
      return;
    }
    await note(describeError(error));
    // A command that has failed must not keep running because of a timer or socket that it left open.
    process.exit(EXIT.failure);
  }
}
