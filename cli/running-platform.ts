import { request } from "undici";
import { UserError } from "../graph/user-error";
import { readEndpoint } from "../local/state/endpoints";
import type { PlatformState } from "../local/state/platform-state";

const stateMilliseconds = 5_000;

/** Returns the console address of the platform that runs from a folder. @throws {UserError} when there is none */
export function runningConsole(folder: string): string {
  const url = readEndpoint(folder, "console");
  if (url !== undefined) return url;
  throw new UserError(
    "no platform runs from this folder; start one with `npm start`, or name a deployed environment with --stack",
  );
}

/** Reads the state of the platform with this console address. @throws {UserError} when none answers */
export async function readState(consoleUrl: string): Promise<PlatformState> {
  try {
    const signal = AbortSignal.timeout(stateMilliseconds);
    const answer = await request(`${consoleUrl}/_platform/state`, { signal });
    return (await answer.body.json()) as PlatformState;
  } catch {
    throw new UserError(`no platform answers at ${consoleUrl}; start one with \`npm start\``);
  }
}
