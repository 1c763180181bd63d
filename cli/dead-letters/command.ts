import { Command } from "commander";
import { stateOption, wholeNumber } from "../options";
import type { DeadLettersOptions } from "./dead-letters";

/** Makes the commands `dead-letters list` and `dead-letters redrive`. Their code is loaded when they run. */
export function deadLettersCommand(): Command {
  const region = ["--region <name>", "a region of AWS, with the credentials of the environment"] as const;
  const list = new Command("list")
    .description("Lists the queues of dead letters, with how many each has and the queues that they come from.")
    .option(...region)
    .addOption(stateOption())
    .action(async (options: DeadLettersOptions) => (await import("./dead-letters.js")).listDeadLetters(options));
  const redrive = new Command("redrive")
    .description("Sends dead letters to the queues that they came from, and waits until that is done.")
    .argument(
      "[queue]",
      "name of a queue of dead letters, or of one that they come from (default: all of this machine)",
    )
    .option(...region)
    .option("--rate <messages>", "most messages a second", wholeNumber(1, 500))
    .addOption(stateOption())
    .action(async (queue: string | undefined, options: DeadLettersOptions) =>
      (await import("./dead-letters.js")).redriveDeadLetters(queue, options),
    );
  return new Command("dead-letters")
    .description("Shows and sends again what queues could not hand over, on this machine or in a region of AWS.")
    .addCommand(list)
    .addCommand(redrive);
}
