import { readFileSync } from "node:fs";
import { join } from "node:path";
import { signIn } from "../local/cognito/sign-in";
import type { Endpoints } from "../local/state/endpoints";
import { CommandError } from "./errors";

/** Options of the command `token`; `npm run token -- --help` describes them. */
export interface TokenOptions {
  readonly user: string;
  readonly tenant?: string;
  readonly scope?: readonly string[];
  readonly state: string;
}

/**
 * Runs the command `token`: signs in at the platform that runs on this machine and prints the access token.
 * @throws {CommandError} when no platform runs, or the sign-in is refused
 */
export async function token({ user, tenant, scope, state }: TokenOptions): Promise<void> {
  const tokens = await signIn({
    issuerUrl: runningIssuer(state),
    user,
    ...(tenant === undefined ? {} : { tenant }),
    ...(scope === undefined ? {} : { scopes: scope }),
  }).catch((error: Error & { code?: string }) => {
    const stopped = error.code === "ECONNREFUSED";
    throw new CommandError(stopped ? "the platform has stopped; start it with `npm start`" : error.message);
  });
  process.stdout.write(`${tokens.accessToken}\n`);
}

function runningIssuer(folder: string): string {
  let endpoints: Endpoints;
  try {
    endpoints = JSON.parse(readFileSync(join(folder, "endpoints.json"), "utf8"));
  } catch {
    throw new CommandError("no platform runs from this folder; start one with `npm start` in another terminal");
  }
  if (endpoints.issuer === null)
    throw new CommandError("the running platform has no sign-in; start an environment with identity");
  return endpoints.issuer;
}
