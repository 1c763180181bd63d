import type { EnvironmentVariables } from "../kit/settings";

/** Where the servers of a service are found. */
export type Servers =
  /** Behind a listener of a balancer: its origin, and the Host that its rules answer to if they ask for one. */
  | { readonly origin: string; readonly host?: string }
  /** In Cloud Map. */
  | { readonly namespace: string; readonly service: string };

/**
 * Reads where the servers are: BASE_URL and, optionally, HOST_NAME, or DISCOVERY_NAMESPACE and DISCOVERY_SERVICE.
 * @throws {Error} one sentence when neither is set
 */
export function callerSettings(env: EnvironmentVariables): Servers {
  const { BASE_URL: origin, HOST_NAME: host, DISCOVERY_NAMESPACE: namespace, DISCOVERY_SERVICE: service } = env;
  if (origin) return { origin, ...(host ? { host } : {}) };
  if (namespace && service) return { namespace, service };
  throw new Error(
    "schedule-caller: BASE_URL, or DISCOVERY_NAMESPACE and DISCOVERY_SERVICE, must be set, got neither; set the environment variables",
  );
}
