import { Command } from "commander";
import { UserError } from "../../graph/user-error";
import { address, environmentName, stateOption, wholeNumber } from "../options";
import type { DeadLettersOptions } from "./dead-letters";

/** Makes the commands `dead-letters list` and `dead-letters redrive`. Their code is loaded when they run. */
export function deadLettersCommand(): Command {
  const list = command(
    "list",
    "Lists the queues of dead letters, with how many each has and the queues that they come from.",
  ).action(async (options: DeadLettersOptions) =>
    (await import("./dead-letters.js")).listDeadLetters(checked(options)),
  );
  const redrive = command(
    "redrive",
    "Sends dead letters to the queues that they came from, and waits until that is done.",
  )
    .argument("[queue]", "name of a queue of dead letters, or of one that they come from (default: all)")
    .option("--rate <messages>", "most messages a second", wholeNumber(1, 500))
    .action(async (queue: string | undefined, options: DeadLettersOptions) =>
      (await import("./dead-letters.js")).redriveDeadLetters(queue, checked(options)),
    );
  return new Command("dead-letters")
    .description("Shows and sends again what queues could not hand over, on this machine or of a deployed environment.")
    .addCommand(list)
    .addCommand(redrive);
}

function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option("--stack <environment>", "a deployed environment, by its stack outputs: dev, prod", environmentName)
    .option("--outputs <file>", "read the stack outputs from a file, or - for stdin, instead of `pulumi stack output`")
    .option("--endpoint <url>", "what stands in for AWS, such as moto's server, with --stack", address)
    .option("--region <name>", "one region alone (default: all of the environment)")
    .addOption(stateOption());
}

function checked(options: DeadLettersOptions): DeadLettersOptions {
  const { stack, outputs, endpoint } = options;
  if (stack === undefined && (outputs ?? endpoint) !== undefined)
    throw new UserError("--stack must name the environment of --outputs or --endpoint; add it");
  return options;
}
