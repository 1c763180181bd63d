import type { Writable } from "node:stream";
import { DiscoverInstancesCommand, ServiceDiscoveryClient } from "@aws-sdk/client-servicediscovery";
import { createLogger, describeError } from "../kit/log";
import { type AnswerHead, createForwarder } from "./forward";
import { createInstances } from "./instances";
import { forwarderSettings } from "./settings";

/** What Lambda's runtime defines for functions that stream. The SDK makes an `awslambda` without them elsewhere. */
interface LambdaStreaming {
  streamifyResponse?<T>(handler: T): T;
  readonly HttpResponseStream: { from(stream: Writable, head: AnswerHead): Writable };
}

const { awslambda } = globalThis as unknown as { awslambda?: LambdaStreaming };
const { targets, allowedAddresses, corsOrigins, disableHostPrefix } = forwarderSettings(process.env);
const log = createLogger({ service: "forwarder" });
const client = new ServiceDiscoveryClient({
  disableHostPrefix,
  maxAttempts: 2,
  // A request may wait for both attempts.
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_000, throwOnRequestTimeout: true },
});
const instances = createInstances({
  discover: async ({ namespace, service }) => {
    const { Instances: found = [] } = await client.send(
      new DiscoverInstancesCommand({
        NamespaceName: namespace,
        ServiceName: service,
        HealthStatus: "HEALTHY",
        MaxResults: 1_000,
      }),
    );
    return found.map(({ Attributes: attributes = {} }) => attributes);
  },
  allowedAddresses,
  onFailure: (what, error) => log.error(what, error === undefined ? {} : describeError(error)),
});
const forwarder = createForwarder({
  targets,
  corsOrigins,
  instances,
  log,
  // Lambda sets it anew for each invocation.
  trace: () => process.env["_X_AMZN_TRACE_ID"],
  withHead: (stream, head) => awslambda!.HttpResponseStream.from(stream, head),
});

/**
 * Handler of integrations that do not stream. Its environment variables are those of `forwarderSettings`, its event and
 * answer those of `createForwarder`. The role may DiscoverInstances and use network interfaces; the function runs in
 * the VPC with the endpoint `data-servicediscovery` and may connect to the servers.
 */
export const handler = forwarder.buffered;

/**
 * Handler of integrations with response transfer mode STREAM, for a function of its own (`handler.streamingHandler`).
 * Undefined where the runtime cannot stream.
 */
export const streamingHandler = awslambda?.streamifyResponse?.(forwarder.streamed);
