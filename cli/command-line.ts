import type { ChildProcess } from "node:child_process";
import { Argument, Command, Option } from "commander";
import { printable } from "../graph/printable";
import { deadLettersCommand } from "./dead-letters/command";
import { drillCommand } from "./drill/command";
import type { LogsOptions } from "./logs/logs";
import type { NewOptions } from "./new";
import { type NewKind, newKinds } from "./new/kinds";
import {
  insteadPair,
  names,
  numberBetween,
  origin,
  originPair,
  PREFERRED_PORT,
  stateOption,
  wholeNumber,
} from "./options";
import type { PlanCommandOptions } from "./plan/plan";
import type { PolicyOptions } from "./policy";
import type { SecretOptions } from "./secret";
import type { StartOptions } from "./start";
import { tenantCommand } from "./tenant/command";
import type { TokenOptions } from "./token";
import { userCommand } from "./user/command";
import type { VerifyCommandOptions } from "./verify/verify";

/*
 * The code of a command is loaded when the command runs. A plan does not need the local gateway, and a token does not
 * need the Pulumi SDK; loading both would take longer than either command.
 */

const verifyVariables =
  "PLATFORM_CLIENT_SECRET (and PLATFORM_CLIENT_ID) of a client with client credentials, or PLATFORM_TOKEN, an access token; PLATFORM_TENANT_TOKEN, that of a tenant; PLATFORM_ISSUER_TOKEN_<NAME>, that of an issuer of platform:issuers";

/**
 * Makes the parser of the `platform` command line. Wrong usage throws a CommanderError instead of ending the process.
 * @param planner  process that plans, for the command `start`
 */
export function createCommandLine(planner?: ChildProcess): Command {
  const commandLine = new Command("platform")
    .description("Highly available APIs on AWS: planned whole, and run on one machine.")
    .addCommand(startCommand(planner))
    .addCommand(planCommand())
    .addCommand(policyCommand())
    .addCommand(tokenCommand())
    .addCommand(tenantCommand())
    .addCommand(userCommand())
    .addCommand(secretCommand())
    .addCommand(deadLettersCommand())
    .addCommand(logsCommand())
    .addCommand(drillCommand())
    .addCommand(verifyCommand())
    .addCommand(newCommand());
  for (const command of [commandLine, ...commandLine.commands.flatMap((each) => [each, ...each.commands])]) {
    command.exitOverride().showHelpAfterError("(add --help for the usage)");
    command.configureOutput({ writeErr: (text) => process.stderr.write(printable(text)) });
  }
  return commandLine;
}

function startCommand(planner: ChildProcess | undefined): Command {
  const ports = wholeNumber(0, 65_535);
  return new Command("start")
    .description("Plans an environment and runs all of it on this machine, until Ctrl-C.")
    .option("--stack <name>", "environment to run: dev, prod", "dev")
    .option("--port <number>", `port of the one address (default: ${PREFERRED_PORT}, or a free one)`, ports)
    .option("--time-scale <factor>", "how many times faster checks and delays pass", numberBetween(0.1, 1_000), 1)
    .option("--ready-seconds <seconds>", "longest time until every server is healthy", wholeNumber(1, 3_600), 60)
    .option("--legacy <origin=loopback>", "stands in for an endpoint outside the platform; may be repeated", originPair)
    .option("--instead <service=loopback>", "stands in for the image of a service; may be repeated", insteadPair)
    .option("--dynamodb <url>", "a compatible store that has the tables' items, and keeps them", origin)
    .addOption(stateOption())
    .option("--no-traces", "services log no spans, and the console has no traces of requests")
    .option("--dark", "control planes refuse everything once the platform is ready: starts, registrations, management")
    .option("--only <services>", "services that run: food-store,pet-store (default: all)", names)
    .option("--inspect <service>", "have each process of a service open a port for a debugger, on this machine alone")
    .option("--watch", "have saved sources take the place of what runs (default: in a terminal)")
    .option("--no-watch", "leave what runs as it is when a source is saved")
    .option("--verbose", "print every log line on stderr")
    .action(async (options: StartOptions) => (await import("./start.js")).start(options, planner!));
}

function planCommand(): Command {
  return new Command("plan")
    .description(
      "Plans a stack without AWS account, CLI or engine, and shows on one screen what it owns and which rules it breaks.",
    )
    .argument("<stack>", "what to plan: dev, prod, prod-compute, prod.eu-west-1, prod-compute.eu-west-1")
    .option("--tree", "print every resource, as a tree")
    .option("--findings", "print every finding of the policy pack, with its reason and fix")
    .addOption(new Option("--json", "print one JSON document and nothing else").conflicts(["tree", "findings"]))
    .addOption(
      new Option(
        "--access",
        "print who may call which route of which gateway, as the plan decides it, instead of the plan",
      ).conflicts(["tree", "findings", "diff", "markdown", "movedFrom", "config"]),
    )
    .addOption(
      new Option(
        "--diff <file|revision>",
        "print what differs from a plan of --json, an exported stack, or the program at a git revision",
      ).conflicts(["tree", "findings", "json", "movedFrom"]),
    )
    .addOption(
      new Option(
        "--ledger",
        "print every call that is needed to serve, fail over, scale, replace, sign in and deploy, and who answers it",
      ).conflicts(["tree", "findings", "diff", "markdown", "movedFrom", "access", "config"]),
    )
    .option(
      "--gate",
      "with --ledger: fail when serving or failing over needs something outside the region without a reason",
    )
    .addOption(
      new Option(
        "--proofs",
        "print what the plan proves of each statement of docs/proof.md, and what is left when all zones but one are lost",
      ).conflicts(["tree", "findings", "diff", "markdown", "movedFrom", "access", "config", "ledger"]),
    )
    .option("--markdown", "print the difference as Markdown, for a pull request")
    .addOption(
      new Option(
        "--moved-from <stack>",
        "print what `pulumi state move` is to take from this stack when the planned one is split off it",
      ).conflicts(["tree", "findings", "json"]),
    )
    .addOption(
      new Option(
        "--config",
        "print the environment's whole configuration, and where each value came from, instead of the plan",
      ).conflicts(["tree", "findings", "diff", "markdown", "movedFrom"]),
    )
    .action(
      async (
        stack: string,
        { config, ...options }: PlanCommandOptions & { readonly config?: boolean },
        command: Command,
      ) => {
        if (config) return (await import("./config.js")).config(stack, options);
        if (options.gate && !options.ledger) command.error("error: --gate needs --ledger", { exitCode: 2 });
        if (options.markdown && options.diff === undefined) {
          command.error("error: --markdown needs --diff <file|revision>", { exitCode: 2 });
        }
        await (await import("./plan/plan.js")).plan(stack, options);
      },
    );
}

function policyCommand(): Command {
  return new Command("policy")
    .description("Checks the policy pack on a plan, or on a stack exported with `pulumi stack export`.")
    .option("--stack <stack>", "what to plan and check", "prod")
    .addOption(new Option("--file <stack.json>", "check an exported stack instead").conflicts("stack"))
    .option("--config <file>", "configuration of the pack (default: the environment's for a plan, none for a file)")
    .option("--json", "print the findings as JSON and nothing else")
    .addOption(new Option("--sarif", "print SARIF for code-review annotations").conflicts("json"))
    .option("--each", "list every finding, and not one for each cause")
    .addOption(
      new Option(
        "--write-config <file>",
        "write the environment's configuration of the pack, for `pulumi --policy-pack-config`, and check nothing",
      ).conflicts(["file", "config", "json", "sarif", "each"]),
    )
    .action(async (options: PolicyOptions) => (await import("./policy.js")).policy(options));
}

function tokenCommand(): Command {
  return new Command("token")
    .description("Signs in at the platform that runs on this machine and prints an access token.")
    .requiredOption("--user <name>", "who signs in; any name will do")
    .option("--tenant <id>", "tenant of the user, as an administrator would have set it")
    .option(
      "--group <name...>",
      "groups of the user pool that the user is in for this token, in addition to the user's own",
    )
    .option("--scope <scope...>", "scopes to ask for, such as food-store/write (default: all the client may have)")
    .addOption(stateOption())
    .action(async (options: TokenOptions) => (await import("./token.js")).token(options));
}

function secretCommand(): Command {
  const set = new Command("set")
    .description("Stores the value on stdin for the platform on this machine; docs/needs.md says how on AWS.")
    .argument("<service>", "service whose contract declares the secret")
    .argument("<name>", "name of the secret: CARRIER_KEY")
    .option("--stack <environment>", "environment that has the value: dev, prod", "dev")
    .addOption(stateOption())
    .action(async (service: string, name: string, options: SecretOptions) =>
      (await import("./secret.js")).setSecret(service, name, options, process.stdin),
    );
  return new Command("secret").description("Sets the secrets of services on this machine.").addCommand(set);
}

function logsCommand(): Command {
  return new Command("logs")
    .description("Prints what the platform on this machine logged, for people to read.")
    .argument("[words...]", "words of the source, all of them: food-store, gateway eu-west-1 (default: everything)")
    .option("-f, --follow", "go on with what is logged from now on, also of the next start, until Ctrl-C")
    .option("--errors", "lines of the level error, and answers 5xx, alone")
    .option("--last <lines>", "most lines of before", wholeNumber(0, 1_000_000), 200)
    .addOption(stateOption())
    .action(async (words: string[], options: LogsOptions) => (await import("./logs/logs.js")).logs(words, options));
}

function verifyCommand(): Command {
  return new Command("verify")
    .description(
      "Runs the story against an environment, a line per check: the one that runs on this machine, or a deployed one.",
    )
    .option("--stack <environment>", "a deployed environment, by its stack outputs: dev, prod")
    .option("--outputs <file>", "read the stack outputs from a file, or - for stdin, instead of `pulumi stack output`")
    .addOption(
      new Option("--url <url>", "another address: a platform on this machine, or the deployed name").conflicts(
        "outputs",
      ),
    )
    .addOption(stateOption())
    .option("--json", "print one JSON document, and the lines on stderr")
    .option("--timeout-seconds <seconds>", "how long it may take", wholeNumber(5, 3_600), 180)
    .option("--without-token", "leave out what needs a token")
    .option("--without-writes", "store nothing")
    .option("--without-throttles", "send no bursts of requests")
    .addHelpText("after", `\nIn the environment: ${verifyVariables}.`)
    .action(async (options: VerifyCommandOptions, command: Command) =>
      (await import("./verify/verify.js")).verifyCommand(options, (usage) =>
        command.error(`error: ${usage}`, { exitCode: 2 }),
      ),
    );
}

function newCommand(): Command {
  return new Command("new")
    .description(
      "Makes a service or a pattern: its folders, its line in each file that lists them, and all that is generated from them.",
    )
    .addArgument(new Argument("<kind>", "what to make").choices(newKinds))
    .argument("<name>", "name in lower-case letters, digits and, for a service, hyphens: book-store")
    .option("--like <service>", "service of apps/catalog.ts to copy (default: food-store)")
    .option("--remove", "take it out of all of these files instead")
    .action(async (kind: NewKind, name: string, options: NewOptions, command: Command) => {
      if (kind === "pattern" && options.like !== undefined) {
        command.error("error: --like is for a service, got a pattern; leave it out", { exitCode: 2 });
      }
      await (await import("./new.js")).create(kind, name, options);
    });
}
