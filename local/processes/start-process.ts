import { resolve } from "node:path";
import type { Server } from "./server";
import { ServerProcess, serverVariables } from "./server-process";
import type { SupervisorOptions } from "./supervisor-options";

/** Starts the process of a server, of the revision that it is of. @throws {UserError} when it ends before it listens */
export function startProcess(server: Server, options: SupervisorOptions): Promise<ServerProcess> {
  const { revision, zone } = server;
  return ServerProcess.start({
    ...options,
    command: revision.command,
    cwd: resolve(options.root, revision.cwd),
    env: variablesOf(server, options),
    title: `${revision.service} ${zone}`,
  });
}

/** Returns all environment variables of a server's process. */
export function variablesOf(
  { revision, zone }: Server,
  { time, overrides }: Pick<SupervisorOptions, "time" | "overrides">,
): Record<string, string> {
  return serverVariables(revision, (seconds) => time.ms(seconds), overrides(revision, zone));
}
