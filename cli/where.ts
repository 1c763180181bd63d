import { Command } from "commander";
import { UserError } from "../graph/user-error";
import { address, environmentName, stateOption } from "./options";

/** Options that say which environment a command is about. */
export interface Where {
  /** A deployed environment; unset: the platform that runs on this machine. */
  readonly stack?: string;
  readonly outputs?: string;
  readonly endpoint?: string;
  readonly state: string;
}

/** Makes a command with these options. @param usage  its name and its arguments: `group <name> <group>` */
export function commandWhere(usage: string, description: string): Command {
  const [name, ...names] = usage.split(" ");
  const made = new Command(name);
  for (const each of names) made.argument(each);
  return made
    .description(description)
    .option("--stack <environment>", "a deployed environment, by its stack outputs: dev, prod", environmentName)
    .option("--outputs <file>", "read the stack outputs from a file, or - for stdin, instead of `pulumi stack output`")
    .option("--endpoint <url>", "what stands in for AWS, such as moto's server, with --stack", address)
    .addOption(stateOption());
}

/** Refuses options of a deployed environment without its name. @throws {UserError} */
export function checkWhere({ stack, outputs, endpoint }: Where): void {
  if (stack === undefined && (outputs ?? endpoint) !== undefined) {
    throw new UserError("--stack must name the environment of --outputs or --endpoint; add it");
  }
}
