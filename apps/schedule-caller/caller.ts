import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { DiscoverInstancesCommand, ServiceDiscoveryClient } from "@aws-sdk/client-servicediscovery";
import { failedRun, type ScheduleEvent } from "../kit/schedule-event";
import type { Servers } from "./settings";

/** Time for one request: longer than a service's own limit of 10 s, shorter than the function's of 15 s. */
const requestMilliseconds = 12_000;

/**
 * Makes the handler that sends the request of a schedule to one server of a service. It fails unless the server answers
 * 2xx, so that Lambda runs it again.
 */
export function scheduleCaller(servers: Servers): (event: ScheduleEvent) => Promise<{ status: number }> {
  const locate = locator(servers);
  return async (event) => {
    const { method, path, run } = event.schedule;
    const { origin, host } = await locate();
    const headers = { "x-request-id": run, ...(host === undefined ? {} : { host }) };
    const signal = AbortSignal.timeout(requestMilliseconds);
    const call = request(new URL(path, origin), { method, headers, agent: false, signal }).end();
    const [answer] = (await once(call, "response")) as [IncomingMessage];
    answer.resume();
    const status = answer.statusCode ?? 0;
    if (status < 200 || status > 299) throw failedRun(event, status);
    return { status };
  };
}

function locator(servers: Servers): () => Promise<{ readonly origin: string; readonly host?: string }> {
  return "origin" in servers ? async () => servers : discovery(servers.namespace, servers.service);
}

/** Returns a function that chooses one healthy server in Cloud Map. */
function discovery(namespace: string, service: string): () => Promise<{ origin: string }> {
  const client = new ServiceDiscoveryClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
    // The host name of an endpoint that is given has no variant for this API.
    disableHostPrefix: process.env["AWS_ENDPOINT_URL_SERVICEDISCOVERY"] !== undefined,
  });
  const command = new DiscoverInstancesCommand({
    NamespaceName: namespace,
    ServiceName: service,
    HealthStatus: "HEALTHY",
    MaxResults: 100,
  });
  return async () => {
    const { Instances: found = [] } = await client.send(command);
    const { AWS_INSTANCE_IPV4: address, AWS_INSTANCE_PORT: port } =
      found[Math.floor(Math.random() * found.length)]?.Attributes ?? {};
    if (address === undefined) throw new Error(`schedule-caller: ${service} has no healthy server in ${namespace}`);
    return { origin: `http://${address}:${port}` };
  };
}
