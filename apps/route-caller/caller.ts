import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { DiscoverInstancesCommand, ServiceDiscoveryClient } from "@aws-sdk/client-servicediscovery";
import { handleQueueEvent, isQueueEvent, type QueueAnswer, type QueueEvent } from "../kit/queue-event";
import { failedRun, type ScheduleEvent } from "../kit/schedule-event";
import type { CallerSettings, Servers } from "./settings";

/** Time for one request: longer than a service's own limit of 10 s, shorter than the function's of 15 s. */
const requestMilliseconds = 12_000;

/** A request to one server. */
interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** @default none */
  readonly body?: string;
}

/**
 * Makes the handler that sends requests to one server of a service: that of a schedule, and the messages of queues as POSTs.
 * Unless a schedule's is answered with 2xx it fails, so that Lambda runs it again; of messages it names those that were not.
 */
export function routeCaller({
  servers,
  routes,
}: CallerSettings): (event: ScheduleEvent | QueueEvent) => Promise<{ status: number } | QueueAnswer> {
  const send = sender(servers);
  return async (event) => {
    if (isQueueEvent(event)) return handleQueueEvent(event, routes, (message) => send({ method: "POST", ...message }));
    const { method, path, run: id } = event.schedule;
    const status = await send({ method, path, headers: { "x-request-id": id } });
    if (status < 200 || status > 299) throw failedRun(event, status);
    return { status };
  };
}

/** Returns a function that sends a request to one server. @returns the status */
function sender(servers: Servers): (call: Call) => Promise<number> {
  const locate = locator(servers);
  return async ({ method, path, headers: given, body }) => {
    const { origin, host } = await locate();
    const headers = {
      ...given,
      ...(host === undefined ? {} : { host }),
      ...(body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
    };
    const signal = AbortSignal.timeout(requestMilliseconds);
    const call = request(new URL(path, origin), { method, headers, agent: false, signal }).end(body);
    const [answer] = (await once(call, "response")) as [IncomingMessage];
    answer.resume();
    return answer.statusCode ?? 0;
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
    if (address === undefined) throw new Error(`route-caller: ${service} has no healthy server in ${namespace}`);
    return { origin: `http://${address}:${port}` };
  };
}
