import { Command, Option } from "commander";
import { UserError } from "../../graph/user-error";
import { numberBetween } from "../options";
import { checkWhere, commandWhere } from "../where";
import type { WhereOptions } from "./environment";
import type { MemberOptions } from "./member";
import type { ShowOptions } from "./show";

const load = {
  change: () => import("./change.js"),
  member: () => import("./member.js"),
  rotate: () => import("./rotate.js"),
  show: () => import("./show.js"),
  tier: () => import("./tier.js"),
};

/** Declares `tenant` and the commands below it. Their code is loaded when one runs. */
export function tenantCommand(): Command {
  const tenant = new Command("tenant").description(
    "Adds, changes, shows and removes the tenants of the REST API: on this machine, or of a deployed environment.",
  );
  for (const command of [...changeCommands(), ...showCommands(), ...keyCommands()]) tenant.addCommand(command);
  return tenant;
}

function changeCommands(): Command[] {
  return [
    command("add <name>", "Adds a tenant, with an API key in every region.")
      .requiredOption("--tier <tier>", "tier whose limits the tenant has, such as free")
      .action(async (name: string, options: WhereOptions & { tier: string }) =>
        (await load.change()).add(name, checked(options)),
      ),
    command("tier <name> <tier>", "Moves a tenant to another tier; both have keys until no token says the old one.")
      .option("--no-wait", "end before the old keys may go; the same command removes them later")
      .action(async (name: string, tier: string, options: WhereOptions & { wait: boolean }) =>
        (await load.tier()).tier(name, tier, checked(options)),
      ),
    command("suspend <name>", "Refuses the requests of a tenant in every region, with 403.").action(
      async (name: string, options: WhereOptions) => (await load.change()).suspend(name, checked(options)),
    ),
    command("resume <name>", "Admits a suspended tenant again.").action(async (name: string, options: WhereOptions) =>
      (await load.change()).resume(name, checked(options)),
    ),
    command("remove <name>", "Removes a tenant, its keys and its members.").action(
      async (name: string, options: WhereOptions) => (await load.change()).remove(name, checked(options)),
    ),
    command("member <name>", "Puts a user or a machine client into a tenant; new tokens say so.")
      .addOption(new Option("--user <name>", "a user of the pool, by address or name").conflicts("client"))
      .option("--client <id>", "a client of the pool that has client credentials")
      .option("--remove", "take it out of the tenant")
      .action(async (name: string, options: MemberOptions, self: Command) => {
        if (options.user === undefined && options.client === undefined) {
          self.error("error: --user <name> or --client <id> must be given", { exitCode: 2 });
        }
        await (await load.member()).member(name, checked(options));
      }),
  ];
}

function showCommands(): Command[] {
  return [
    command("list", "Prints every tenant with its tier and state.")
      .option("--json", "print JSON")
      .action(async (options: ShowOptions) => (await load.show()).list(checked(options))),
    command("show <name>", "Prints a tenant's keys and quota by region, its members, and who changed what.")
      .option("--json", "print JSON")
      .action(async (name: string, options: ShowOptions) => (await load.show()).show(name, checked(options))),
  ];
}

function keyCommands(): Command[] {
  return [
    command("rotate", "Replaces the secret and all API keys while no request fails; takes minutes.").action(
      async (options: WhereOptions) => (await load.rotate()).rotate(checked(options)),
    ),
    command("sync", "Makes the keys of all tenants anew where they are missing, as after a new region.").action(
      async (options: WhereOptions) => (await load.rotate()).sync(checked(options)),
    ),
  ];
}

/** Makes a command with the options of every `tenant` command. */
function command(usage: string, description: string): Command {
  const scale = "how many times faster waits pass; not on AWS";
  return commandWhere(usage, description).option("--time-scale <factor>", scale, numberBetween(0.1, 10_000), 1);
}

/** Refuses options that do not go together. @throws {UserError} */
function checked<T extends WhereOptions>(options: T): T {
  const { stack, endpoint, timeScale } = options;
  checkWhere(options);
  if (stack !== undefined && endpoint === undefined && timeScale !== 1) {
    throw new UserError(`--time-scale must be 1 on AWS, whose caches take their time, got ${timeScale}; leave it out`);
  }
  return options;
}
