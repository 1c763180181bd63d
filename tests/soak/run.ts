import { dark } from "./dark";
import { events } from "./events";
import { guards } from "./guards";
import { memory } from "./memory";
import { kills, signals } from "./signals";
import { startTime } from "./start-time";

/** Options of one soak. */
export interface SoakOptions {
  /** How often to repeat; unset: as often as the soak does by itself. */
  readonly count?: number;
  /** Prints a line. */
  readonly say: (line: string) => void;
}

/** Something that is repeated or watched for minutes, by hand, as it takes too long for `npm run test:local`. */
export interface Soak {
  readonly name: string;
  readonly what: string;
  /** @returns what went wrong, one sentence each */
  run(options: SoakOptions): Promise<readonly string[]>;
}

/** Every soak; `npm run soak` runs those that it is given, `npm run soak -- signals --count 100`. */
const soaks: readonly Soak[] = [signals, kills, memory, startTime, guards, dark, events];

async function main(args: readonly string[]): Promise<void> {
  const at = args.indexOf("--count");
  const count = at < 0 ? undefined : Number(args[at + 1]);
  const names = at < 0 ? args : args.filter((_, i) => i !== at && i !== at + 1);
  const chosen = soaks.filter(({ name }) => names.includes(name));
  const wrongCount = count !== undefined && !(Number.isInteger(count) && count > 0);
  if (chosen.length === 0 || chosen.length < names.length || wrongCount) {
    const list = soaks.map(({ name, what }) => `  ${name.padEnd(12)}${what}`);
    console.error(["usage: npm run soak -- <name...> [--count <times>]", ...list].join("\n"));
    process.exitCode = 2;
    return;
  }
  for (const { name, run } of chosen) {
    const problems = await run({ say: (line) => console.log(line), ...(count === undefined ? {} : { count }) });
    for (const problem of problems) console.log(`  ${problem}`);
    console.log(`${name}: ${problems.length === 0 ? "passed" : `${problems.length} failed`}`);
    if (problems.length > 0) process.exitCode = 1;
  }
}

void main(process.argv.slice(2));
