import { Command } from "commander";
import { wholeNumber } from "../options";
import { commandWhere } from "../where";
import type { DeadLettersOptions } from "./dead-letters";

const load = () => import("./dead-letters.js");

/** Makes the commands `dead-letters list` and `dead-letters redrive`. Their code is loaded when they run. */
export function deadLettersCommand(): Command {
  const region = ["--region <name>", "one region alone (default: all of the environment)"] as const;
  const list = commandWhere(
    "list",
    "Lists the queues of dead letters, with how many each has and the queues that they come from.",
  )
    .option(...region)
    .action(async (options: DeadLettersOptions) => (await load()).listDeadLetters(options));
  const redrive = commandWhere(
    "redrive",
    "Sends dead letters to the queues that they came from, and waits until that is done.",
  )
    .argument("[queue]", "name of a queue of dead letters, or of one that they come from (default: all)")
    .option(...region)
    .option("--rate <messages>", "most messages a second", wholeNumber(1, 500))
    .action(async (queue: string | undefined, options: DeadLettersOptions) =>
      (await load()).redriveDeadLetters(queue, options),
    );
  return new Command("dead-letters")
    .description("Shows and sends again what queues could not hand over, on this machine or of a deployed environment.")
    .addCommand(list)
    .addCommand(redrive);
}
