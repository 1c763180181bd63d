import { Argument, Command, Option } from "commander";
import { numberBetween, stateOption, wholeNumber } from "../options";
import type { DrillOptions } from "./drilled";
import type { DrillKind } from "./report";

const kinds = ["instance", "zone", "region", "dependency", "deploy"] as const satisfies readonly DrillKind[];
const ways = ["kill", "hang", "silence", "refuse", "slow", "flaky", "shift"] as const;

interface Given extends DrillOptions {
  readonly down?: string;
  readonly up?: string | true;
  readonly shift?: true;
}

/** Makes the command `drill`. Its code is loaded when it runs. */
export function drillCommand(): Command {
  return new Command("drill")
    .description(
      "Breaks a part of the platform on this machine under load, has it recover, and says what clients saw next to what is planned.",
    )
    .addArgument(new Argument("[kind]", "what fails, or deploy: a release while load runs").choices(kinds))
    .option("--service <name>", "service that is loaded; with instance and deploy: whose servers")
    .option("--zone <name>", "zone that fails, or in which the instance is")
    .option("--region <name>", "region that fails, or in which the part is (default: the one that answers)")
    .addOption(new Option("--how <way>", "how it fails (default: as docs/drills.md says of the kind)").choices(ways))
    .addOption(
      new Option("--shift", "with zone: nothing fails, and requests are shifted away from it, as by ARC").conflicts(
        "how",
      ),
    )
    .option("--rate <requests>", "requests a second, a quarter of them writes (default: 40)", wholeNumber(4, 10_000))
    .option("--seconds <seconds>", "how long it fails (default: until it must be found)", numberBetween(0.1, 3_600))
    .option("--down <place>", "have a region or zone fail until --up, without load")
    .option("--up [place]", "end all faults, or those of a region or zone")
    .option("--history <file>", "write the history of all PUTs and GETs, as JSON for other checkers")
    .option("--json", "print one JSON document, and what happens on stderr")
    .addOption(stateOption())
    .action(async (kind: DrillKind | undefined, { down, up, shift, ...given }: Given, command: Command) => {
      if (shift && kind !== "zone") command.error("error: --shift must come with zone", { exitCode: 2 });
      const options = shift ? { ...given, how: "shift" as const } : given;
      if (down !== undefined) return (await import("./down.js")).takeDown(down, options);
      if (up !== undefined) return (await import("./down.js")).bringUp(up === true ? undefined : up, options);
      if (kind === undefined) command.error(`error: kind must be one of ${kinds.join(", ")}`, { exitCode: 2 });
      await (await import("./drill.js")).drill(kind, options);
    });
}
