import * as pulumi from "@pulumi/pulumi";
import type { Backend, ComputeBackend } from "../contract/backend";
import type { ServiceSpec } from "../contract/service";
import { accountIdOf, allow, createRole, messageKeyActions, throughSqs } from "../security/iam";

/** A queue that a gateway puts work into, and the role as which it does. */
export type QueueBackend = Extract<Backend, { kind: "queue" }>;

/** Arguments of `createQueueBackends`. */
export interface QueueBackendsArgs {
  readonly region: string;
  readonly service: Pick<ServiceSpec, "name" | "workRoutes">;
  readonly backend: ComputeBackend;
}

/**
 * Makes the role as which a gateway puts work into the queues of one service.
 * @returns the queues by route id; none, and no role, for a service that takes no work on
 * @throws {Error} when compute has made no queue for a route
 */
export function createQueueBackends(
  name: string,
  { region, service, backend }: QueueBackendsArgs,
  opts: pulumi.CustomResourceOptions,
): Readonly<Record<string, QueueBackend>> {
  if (service.workRoutes.length === 0) return {};
  const queues = service.workRoutes.map(({ id }) => {
    const queue = backend.work?.[id];
    if (queue === undefined) throw new Error(`service "${service.name}": compute has no queue of ${id}`);
    return { id, queue };
  });
  const { role, policy } = createRole(
    `${name}-work`,
    {
      awsService: "apigateway.amazonaws.com",
      account: accountIdOf(queues[0]!.queue.arn),
      description: `Puts work into queues of ${service.name}`,
      statements: queues.flatMap(({ queue }) => [
        allow(["sqs:SendMessage"], queue.arn),
        allow(messageKeyActions, queue.keyArn, throughSqs(region)),
      ]),
    },
    opts,
  );
  // An ARN that is known when the policy is there, so that no request comes before it.
  const roleArn = pulumi.all([role.arn, policy.id]).apply(([arn]) => arn);
  return Object.fromEntries(queues.map(({ id, queue }) => [id, { kind: "queue", region, url: queue.url, roleArn }]));
}
