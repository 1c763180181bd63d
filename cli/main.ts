import { Command, CommanderError } from "commander";
import { describeError, EXIT } from "./errors";
import { planCommand } from "./plan";
import { policyCommand } from "./policy";
import { startCommand } from "./start";
import { tokenCommand } from "./token";

/** Runs one `platform` command and sets the exit code: 0, 1 for a finding or failure, 2 for wrong usage. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("platform")
    .description("Highly available APIs on AWS: planned whole, and run on one machine.")
    .addCommand(startCommand())
    .addCommand(planCommand())
    .addCommand(policyCommand())
    .addCommand(tokenCommand())
    .showHelpAfterError("(add --help for the usage)");
  for (const command of program.commands) command.exitOverride();
  program.exitOverride();
  try {
    await program.parseAsync(argv as string[]);
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
