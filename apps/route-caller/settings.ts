import { queueRoutes } from "../kit/queue-event";
import type { EnvironmentVariables } from "../kit/settings";

/** Where the servers of a service are found. */
export type Servers =
  /** Behind a listener of a balancer: its origin, and the Host that its rules answer to if they ask for one. */
  | { readonly origin: string; readonly host?: string }
  /** In Cloud Map. */
  | { readonly namespace: string; readonly service: string };

/** What the function calls, and what it hands to it. */
export interface CallerSettings {
  readonly servers: Servers;
  /** The route of each queue's messages, by the queue's name. */
  readonly routes: ReturnType<typeof queueRoutes>;
}

/**
 * Reads where the servers are: BASE_URL and, optionally, HOST_NAME, or DISCOVERY_NAMESPACE and DISCOVERY_SERVICE; and
 * QUEUE_ROUTES, see `queueRoutes`.
 * @throws {Error} one sentence when one is missing or invalid
 */
export function callerSettings(env: EnvironmentVariables): CallerSettings {
  return { servers: serversOf(env), routes: queueRoutes(env["QUEUE_ROUTES"]) };
}

function serversOf(env: EnvironmentVariables): Servers {
  const { BASE_URL: origin, HOST_NAME: host, DISCOVERY_NAMESPACE: namespace, DISCOVERY_SERVICE: service } = env;
  if (origin) return { origin, ...(host ? { host } : {}) };
  if (namespace && service) return { namespace, service };
  throw new Error(
    "route-caller: BASE_URL, or DISCOVERY_NAMESPACE and DISCOVERY_SERVICE, must be set, got neither; set the environment variables",
  );
}
