import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { projectRoot } from "../graph/project-root";
import { UserError } from "../graph/user-error";
import { parseStackName } from "../stacks/stack-name";
import { pulumiOutputs } from "../verify/deployed/pulumi-outputs";

/** The command line of the pinned version is downloaded when it is first used. */
const pulumiMilliseconds = 300_000;

/**
 * Reads the outputs of a deployed environment.
 * @param file  file of JSON, `-` for stdin; unset: `pulumi stack output` of each of its stacks
 * @throws {UserError} one sentence
 */
export async function loadOutputs(environment: string, file: string | undefined): Promise<unknown> {
  if (file === undefined) return pulumiOutputs(environment, pulumi, environmentOf);
  try {
    return JSON.parse(file === "-" ? await text(process.stdin) : readFileSync(file, "utf8"));
  } catch (error) {
    throw new UserError(`--outputs must name a file of JSON, got ${file}: ${(error as Error).message}`);
  }
}

async function pulumi(...args: readonly string[]): Promise<string> {
  const command = require.resolve("pulumi/run.js");
  try {
    const options = { cwd: projectRoot, timeout: pulumiMilliseconds, maxBuffer: 16 * 1_024 * 1_024 };
    return (await promisify(execFile)(process.execPath, [command, ...args, "--non-interactive"], options)).stdout;
  } catch (error) {
    const { stderr, killed, message } = error as Error & { stderr?: string; killed?: boolean };
    throw new Error(killed ? "no answer in time" : stderr?.trim() || message);
  }
}

function environmentOf(stack: string): string | undefined {
  try {
    return parseStackName(stack).environment;
  } catch {
    return undefined;
  }
}
