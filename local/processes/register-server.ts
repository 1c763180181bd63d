import { resolve } from "node:path";
import { startContainerChecks } from "./health-command";
import type { Server } from "./server";
import type { ServerProcess } from "./server-process";
import { variablesOf } from "./start-process";
import type { SupervisorOptions } from "./supervisor-options";

/** Options of `registerServer`. */
interface RegisterOptions extends Pick<SupervisorOptions, "registry" | "time" | "root" | "reaper" | "overrides"> {
  /** Whether the server ran before the platform did, so that its first check is made at once. */
  readonly ranBefore: boolean;
  /** Called after each check that finds the server unhealthy when it is older than the grace period. */
  readonly replace: (why: string) => void;
}

/** Registers a server in every place where its group is planned to be, and starts its container checks. */
export function registerServer(server: Server, process: ServerProcess, options: RegisterOptions): void {
  const { time, replace } = options;
  const { revision: group } = server;
  const { containerCheck: check, balancerGraceSeconds: grace } = group;
  const isWithin = (seconds: number) => Date.now() - server.since < time.ms(seconds);
  const registrant = { id: server.id, origin: process.origin, zone: server.zone };
  server.registrant = registrant;
  server.registrations = group.registersWith.map((key) =>
    options.registry(key).register(registrant, check !== undefined, () => {
      if (grace !== undefined && !isWithin(grace)) replace("is unhealthy to its balancer");
    }),
  );
  if (check === undefined) return;
  server.stopChecks = startContainerChecks({
    ...options,
    check,
    firstAtOnce: options.ranBefore,
    cwd: resolve(options.root, group.cwd),
    env: { ...variablesOf(server, options), PORT: String(process.port) },
    onResult: (healthy) => {
      for (const registration of server.registrations) registration.report(healthy);
      if (!healthy && !isWithin(group.containerGraceSeconds ?? 0)) replace("failed its container health check");
    },
  });
}
