import { uploadsOf } from "./upload-event";

/** What Lambda's event source mapping of a queue sends, as far as it is read. */
export interface QueueEvent {
  readonly Records: readonly {
    readonly messageId: string;
    readonly body: string;
    readonly eventSource: "aws:sqs";
    /** ARN of the queue. */
    readonly eventSourceARN: string;
    readonly attributes?: {
      /** Whose token the gateway has verified that put the message into the queue. */
      readonly MessageGroupId?: string;
      /** How often the message was handed over, this time included: a whole number from 1 on, as text. */
      readonly ApproximateReceiveCount?: string;
    };
  }[];
}

/** The messages that are handed over again; Lambda deletes all others. */
export interface QueueAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** The route that the messages of a queue are handed to. */
interface QueueRoute {
  readonly path: string;
  /** Whether the messages are S3's notifications, which are translated. */
  readonly uploads: boolean;
}

/** Sends one request of the platform to the service. @returns the status */
export type SendMessage = (request: {
  readonly path: string;
  readonly body: string;
  /** Headers of the request: the message's id as that of the request, and whose token a gateway has verified. */
  readonly headers: Readonly<Record<string, string>>;
}) => Promise<number>;

/**
 * Tells whether an event comes from a queue. A gateway composes its events itself, always with a `requestContext`, so that
 * no client can send such an event.
 */
export function isQueueEvent(event: object): event is QueueEvent {
  return "Records" in event && !("requestContext" in event);
}

/**
 * Reads QUEUE_ROUTES: what the messages of each queue are handed to, by the queue's name.
 * @example "orders-1a2b3c4=/shop/orders,files-1a2b3c4=uploads:/shop/files"
 */
export function queueRoutes(text: string | undefined): ReadonlyMap<string, QueueRoute> {
  const entries = (text ?? "").split(",").filter((entry) => entry !== "");
  return new Map(
    entries.map((entry) => {
      const [, queue, kind, path] = /^([\w-]{1,80})=(uploads:)?(\/[\w./-]+)$/.exec(entry) ?? [];
      if (queue === undefined || path === undefined) {
        throw new Error(
          `QUEUE_ROUTES must be a list of <queue>=<path> or <queue>=uploads:<path>, got ${JSON.stringify(entry)}; set the environment variable QUEUE_ROUTES`,
        );
      }
      return [queue, { path, uploads: kind !== undefined }];
    }),
  );
}

/**
 * Hands each message of an event to its route as the body of a POST, all at the same time. A message whose request is not
 * answered with 2xx stays in its queue, and the others do not wait for it.
 */
export async function handleQueueEvent(
  { Records: records }: QueueEvent,
  routes: ReadonlyMap<string, QueueRoute>,
  send: SendMessage,
): Promise<QueueAnswer> {
  const handled = await Promise.all(
    records.map(async ({ messageId: id, body, eventSourceARN, attributes }) => {
      try {
        const queue = eventSourceARN.slice(eventSourceARN.lastIndexOf(":") + 1);
        const subject = attributes?.MessageGroupId;
        const headers = { "x-request-id": id, ...(subject === undefined ? {} : { "x-subject": subject }) };
        await handOver({ body, queue, headers }, routes, send);
        return [];
      } catch (error) {
        console.error(`message ${id}: ${error instanceof Error ? error.message : "failed"}`);
        return [{ itemIdentifier: id }];
      }
    }),
  );
  return { batchItemFailures: handled.flat() };
}

async function handOver(
  {
    body,
    queue,
    headers,
  }: { readonly body: string; readonly queue: string } & Pick<Parameters<SendMessage>[0], "headers">,
  routes: ReadonlyMap<string, QueueRoute>,
  send: SendMessage,
): Promise<void> {
  const route = routes.get(queue);
  if (route === undefined) throw new Error(`queue ${queue} has no route; name it in QUEUE_ROUTES`);
  for (const each of route.uploads ? uploadsOf(body).map((upload) => JSON.stringify(upload)) : [body]) {
    const status = await send({ path: route.path, body: each, headers });
    if (status < 200 || status > 299) throw new Error(`POST ${route.path} must answer 2xx, got ${status}`);
  }
}
