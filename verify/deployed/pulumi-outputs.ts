import { UserError } from "../../graph/user-error";

/** Runs the Pulumi command line in the project. Returns what it prints. @throws {Error} with what it said on stderr */
export type Pulumi = (...args: readonly string[]) => Promise<string>;

type Outputs = Readonly<Record<string, unknown>>;

/**
 * Reads the outputs of an environment from every stack it is made of: `prod`, or `prod-edge`, `prod-data.eu-west-1` and
 * so on when it is split.
 * @param environmentOf  environment that a stack's name says; undefined for a stack of another form
 * @throws {UserError} when the command line fails or the environment has no stack
 */
export async function pulumiOutputs(
  environment: string,
  pulumi: Pulumi,
  environmentOf: (stack: string) => string | undefined,
): Promise<Outputs> {
  const listed = await run(pulumi, "stack", "ls", "--json");
  const stacks = (JSON.parse(listed) as { name: string }[]).map(({ name }) => name);
  const own = stacks.filter((name) => environmentOf(name.slice(name.lastIndexOf("/") + 1)) === environment);
  if (own.length === 0) {
    throw new UserError(`${environment} has no stack in this state; deploy it, or log in where its state is`);
  }
  const outputs: Outputs[] = [];
  for (const name of own) outputs.push(JSON.parse(await run(pulumi, "stack", "output", "--json", "--stack", name)));
  return merged(outputs);
}

async function run(pulumi: Pulumi, ...args: string[]): Promise<string> {
  try {
    return await pulumi(...args);
  } catch (error) {
    const lines = (error as Error).message.split("\n").filter((each) => each.trim() !== "");
    const reason = lines.find((line) => /error|fail/i.test(line)) ?? lines.at(-1) ?? "no reason given";
    throw new UserError(`\`pulumi ${args.join(" ")}\` failed: ${reason.trim()}`);
  }
}

/** Every stack puts out its layers by region, so two levels are merged. */
function merged(all: readonly Outputs[]): Outputs {
  const result: Record<string, unknown> = {};
  for (const [key, value] of all.flatMap((outputs) => Object.entries(outputs))) {
    const known = result[key];
    result[key] = isRecord(known) && isRecord(value) ? { ...known, ...value } : value;
  }
  return result;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
