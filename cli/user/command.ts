import { Command } from "commander";
import { commandWhere, type Where } from "../where";
import type { AddOptions, DisableOptions, GroupOptions, ListOptions } from "./user";

const load = () => import("./user.js");

/** Declares `user` and the commands below it. Their code is loaded when one runs. */
export function userCommand(): Command {
  const user = new Command("user").description(
    "Adds, lists, disables and removes users of the user pool, and puts them into groups: on this machine, or of a deployed environment.",
  );
  return user
    .addCommand(
      commandWhere(
        "add <name>",
        "Makes a user with a verified address; without a password one is sent that must be replaced.",
      )
        .option("--password <password>", "password of the user's own; on this machine only")
        .option("--group <name...>", "groups of the user")
        .action(async (name: string, options: AddOptions) => (await load()).add(name, options)),
    )
    .addCommand(
      commandWhere("list", "Prints every user with state and groups.")
        .option("--group <name>", "users of a group only")
        .option("--json", "print JSON")
        .action(async (options: ListOptions) => (await load()).list(options)),
    )
    .addCommand(
      commandWhere("group <name> <group>", "Puts a user into a group; new tokens say so.")
        .option("--remove", "take the user out of it")
        .action(async (name: string, group: string, options: GroupOptions) =>
          (await load()).group(name, group, options),
        ),
    )
    .addCommand(
      commandWhere("disable <name>", "Keeps a user from signing in, and revokes the user's tokens.")
        .option("--undo", "let the user sign in again")
        .action(async (name: string, options: DisableOptions) => (await load()).disable(name, options)),
    )
    .addCommand(
      commandWhere("remove <name>", "Removes a user, and revokes the user's tokens.").action(
        async (name: string, options: Where) => (await load()).remove(name, options),
      ),
    );
}
