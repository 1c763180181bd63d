import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import type { ComputeBackend, WorkQueue } from "../contract/backend";
import type { DeliveredRoute, ServiceSpec } from "../contract/service";
import { DeliveryQueue } from "../messaging/delivery-queue";
import type { Messaging } from "../messaging/messaging";
import { receiveStatements } from "../messaging/receive-statements";
import { subscribeQueue } from "../messaging/subscription";
import type { AlarmTarget } from "../observability/alarm-actions";
import { policyDocument } from "../security/iam";
import type { Artifact } from "./artifact";
import type { RunningService } from "./pattern";
import { RouteCaller, type RouteCallerArgs, routeCallerApp } from "./route-caller";

/** Arguments of `createInbox`. */
export interface InboxArgs extends AlarmTarget {
  readonly account: pulumi.Input<string>;
  readonly service: Pick<ServiceSpec, "name" | "consumes" | "needs" | "workRoutes">;
  readonly messaging: Pick<Messaging, "keyArn" | "topicArns">;
  /** The service's bucket in the region. @default unset, without one */
  readonly bucket?: { readonly name: pulumi.Input<string>; readonly arn: pulumi.Input<string> } | undefined;
}

/** A queue of a service, and what its messages are handed to. */
interface Inlet {
  readonly queue: DeliveryQueue;
  readonly route: DeliveredRoute;
  /** Whether the messages are S3's notifications. */
  readonly uploads: boolean;
}

/** The queues of a service in a region. They stay when its pattern changes, so that no message is lost then. */
export interface Inbox {
  readonly keyArn: pulumi.Input<string>;
  /** By what fills the queue: `food-store-changes`, `uploads`, or the id of a route that takes work on. */
  readonly inlets: Readonly<Record<string, Inlet>>;
  /** Value of QUEUE_ROUTES: the route of each queue's messages, for the function that takes them. */
  readonly routes: pulumi.Output<string>;
}

/**
 * Makes the queues of a service: one for the changes of each service that it consumes, one for the uploads to its bucket, and
 * one for each route by which gateways take work on.
 * @param name  `<region>-<service>`
 * @returns undefined for a service without any
 */
export function createInbox(name: string, args: InboxArgs, opts: pulumi.ComponentResourceOptions): Inbox | undefined {
  const inlets = {
    ...changeInlets(name, args, opts),
    ...uploadInlet(name, args, opts),
    ...workInlets(name, args, opts),
  };
  if (Object.keys(inlets).length === 0) return undefined;
  const routes = Object.values(inlets).map(
    ({ queue, route, uploads }) => pulumi.interpolate`${queue.name}=${uploads ? "uploads:" : ""}${route.path}`,
  );
  return { keyArn: args.messaging.keyArn, inlets, routes: pulumi.all(routes).apply((each) => each.join(",")) };
}

function changeInlets(
  name: string,
  { account, service, messaging, alarmTopicArn }: InboxArgs,
  opts: pulumi.ComponentResourceOptions,
): Record<string, Inlet> {
  const entries = service.consumes.map(({ service: publisher, kinds, ...route }): [string, Inlet] => {
    const topicArn = messaging.topicArns[publisher]!;
    const id = `${publisher}-changes`;
    const queue = new DeliveryQueue(
      `${name}-${id}`,
      {
        keyArn: messaging.keyArn,
        description: `Changes of ${publisher} for ${service.name}`,
        senders: [{ awsService: "sns.amazonaws.com", sourceArn: topicArn, account }],
        alarmTopicArn,
      },
      opts,
    );
    subscribeQueue(
      `${name}-${id}-subscription`,
      { topicArn, queueArn: queue.arn, deadLettersArn: queue.deadLetters.arn, kinds },
      { ...opts, dependsOn: [queue] },
    );
    return [id, { queue, route, uploads: false }];
  });
  return Object.fromEntries(entries);
}

function uploadInlet(
  name: string,
  { account, service, messaging, bucket, alarmTopicArn }: InboxArgs,
  opts: pulumi.ComponentResourceOptions,
): Record<string, Inlet> {
  const { onUpload } = service.needs.bucket ?? {};
  if (onUpload === undefined || bucket === undefined) return {};
  const { prefix, ...route } = onUpload;
  const queue = new DeliveryQueue(
    `${name}-uploads`,
    {
      keyArn: messaging.keyArn,
      description: `Uploads to the bucket of ${service.name}`,
      senders: [{ awsService: "s3.amazonaws.com", sourceArn: bucket.arn, account }],
      alarmTopicArn,
    },
    opts,
  );
  new s3.BucketNotification(
    `${name}-uploads-notification`,
    {
      bucket: bucket.name,
      queues: [{ id: "uploads", queueArn: queue.arn, events: ["s3:ObjectCreated:*"], filterPrefix: prefix }],
    },
    // S3 tries the queue when the notification is set up.
    { ...opts, dependsOn: [queue] },
  );
  return { uploads: { queue, route, uploads: true } };
}

/** Gateways put messages into these queues as roles of the account, and no service of AWS does by itself. */
function workInlets(
  name: string,
  { service, messaging, alarmTopicArn }: InboxArgs,
  opts: pulumi.ComponentResourceOptions,
): Record<string, Inlet> {
  const entries = service.workRoutes.map(({ id, deliverTo }): [string, Inlet] => {
    const description = `Work of ${id} for ${service.name}`;
    const queue = new DeliveryQueue(`${name}-${id}`, { keyArn: messaging.keyArn, description, alarmTopicArn }, opts);
    return [id, { queue, route: deliverTo, uploads: false }];
  });
  return Object.fromEntries(entries);
}

/** Returns what gateways put work into, by the id of the route. */
export function workQueues(
  { keyArn, inlets }: Inbox,
  { workRoutes }: Pick<ServiceSpec, "workRoutes">,
): Readonly<Record<string, WorkQueue>> {
  return Object.fromEntries(
    workRoutes.map(({ id }) => {
      const { url, arn } = inlets[id]!.queue;
      return [id, { url, arn, keyArn }];
    }),
  );
}

/**
 * Returns the field of a backend that names the queues of a service's dead letters.
 * @param others  URLs of those that are of no inbox: of what could not be published, and of runs that failed
 */
export function deadLetterQueues(
  inbox: Pick<Inbox, "inlets"> | undefined,
  others: readonly pulumi.Input<string>[],
): Pick<ComputeBackend, "deadLetters"> {
  const deadLetters = [...others, ...Object.values(inbox?.inlets ?? {}).map(({ queue }) => queue.deadLetters.url)];
  return deadLetters.length > 0 ? { deadLetters } : {};
}

/** Arguments of `createConsumer`. */
export interface ConsumerArgs extends AlarmTarget {
  readonly region: string;
  readonly account: pulumi.Input<string>;
  readonly service: Pick<ServiceSpec, "name" | "port">;
  readonly inbox: Inbox;
  readonly running: Pick<RunningService, "backend" | "roleName">;
  readonly network: RouteCallerArgs["network"];
  /** Built apps by name; for servers `routeCallerApp` is one of them. */
  readonly artifacts: Readonly<Record<string, Artifact>>;
  readonly logRetentionDays: number;
}

/** Messages that are handed over at once. */
const batchSize = 10;
/** Invocations at once for one queue, so that many messages leave room for requests. */
const maximumConcurrency = 5;

/**
 * Has Lambda hand the messages of a service's queues to its own function, or to a function that calls its servers. A message
 * whose request fails stays in its queue, and the others of its batch do not.
 * @param name  `<region>-<service>`
 */
export function createConsumer(name: string, args: ConsumerArgs, opts: pulumi.ComponentResourceOptions): void {
  const { arn, policy } = createTarget(name, args, opts);
  for (const [id, { queue }] of Object.entries(args.inbox.inlets)) {
    new lambda.EventSourceMapping(
      `${name}-${id}-source`,
      {
        eventSourceArn: queue.arn,
        functionName: arn,
        batchSize,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency },
      },
      // Lambda reads the queue with the permissions of the function's role, and checks them first.
      { ...opts, dependsOn: [policy] },
    );
  }
}

function createTarget(name: string, args: ConsumerArgs, opts: pulumi.ComponentResourceOptions) {
  const { service, inbox, running, artifacts } = args;
  const { backend, roleName } = running;
  if (backend.kind === "function") {
    const policy = new iam.RolePolicy(
      `${name}-queues-policy`,
      { role: roleName, policy: policyDocument(receiving(args)) },
      opts,
    );
    return { arn: backend.aliasArn, policy };
  }
  const caller = artifacts[routeCallerApp];
  if (caller === undefined) throw new Error(`service "${service.name}": its queues need a caller, got none; bundle it`);
  return new RouteCaller(
    `${name}-queues-caller`,
    {
      ...args,
      caller,
      backend,
      description: `Hands messages to ${service.name}`,
      statements: receiving(args),
      variables: { QUEUE_ROUTES: inbox.routes },
    },
    opts,
  );
}

/** Returns the statements that let the service's function, or its caller, be started by its queues. */
function receiving({ region, inbox }: Pick<ConsumerArgs, "region" | "inbox">) {
  const arns = Object.values(inbox.inlets).map(({ queue }) => queue.arn);
  return receiveStatements(region, arns, inbox.keyArn);
}
