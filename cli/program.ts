import { Command } from "commander";
import { planCommand } from "./plan";
import { policyCommand } from "./policy";
import { startCommand } from "./start";
import { tokenCommand } from "./token";

/** The `platform` command line. Wrong usage throws a CommanderError instead of ending the process. */
export function createProgram(): Command {
  const program = new Command("platform")
    .description("Highly available APIs on AWS: planned whole, and run on one machine.")
    .addCommand(startCommand())
    .addCommand(planCommand())
    .addCommand(policyCommand())
    .addCommand(tokenCommand());
  for (const command of [program, ...program.commands])
    command.exitOverride().showHelpAfterError("(add --help for the usage)");
  return program;
}
