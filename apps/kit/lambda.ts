import type { Writable } from "node:stream";
import { handle } from "hono/aws-lambda";
import type { App, AppFactory } from "./app";
import { dynamoItems } from "./dynamo";
import { type LambdaEvent, normaliseEvent } from "./lambda-event";
import { type RestEvent, type StreamHead, streamAnswer } from "./lambda-stream";
import { createLogger } from "./log";
import { handleQueueEvent, isQueueEvent, type QueueAnswer, type QueueEvent, queueRoutes } from "./queue-event";
import type { Item } from "./repository";
import { failedRun, isScheduleEvent, type ScheduleEvent } from "./schedule-event";
import { servedBy } from "./served-by";
import { appSettings, type EnvironmentVariables } from "./settings";

/** A handler as Lambda calls it. */
type LambdaHandler = (event: LambdaEvent | ScheduleEvent | QueueEvent, context?: unknown) => Promise<unknown>;
/** A handler of a function that streams, as Lambda calls it. */
type StreamingHandler = (event: RestEvent, stream: Writable, context?: unknown) => Promise<void>;

/** What Lambda's runtime defines for functions that stream. The SDK makes an `awslambda` without them elsewhere. */
interface LambdaStreaming {
  streamifyResponse?<T>(handler: T): T;
  readonly HttpResponseStream: { from(stream: Writable, head: StreamHead): Writable };
}

/** The handlers of a service, each for a function of its own. */
export interface LambdaHandlers {
  /** For gateways that take the whole answer at once, for schedules and for queues. */
  readonly handler: LambdaHandler;
  /** For a REST API's routes that stream. Undefined where the runtime cannot stream. */
  readonly streamingHandler: StreamingHandler | undefined;
}

/**
 * Makes the Lambda handlers of a service behind an HTTP API (payload 2.0 or 1.0) or a REST API, which its schedules and
 * queues invoke too. Call it once, at module scope, so that all invocations share its DynamoDB client and connections.
 * @param service  name of the service in its contract
 * @param env  environment variables, see `appSettings`
 * @throws {Error} one sentence when an environment variable is missing or invalid; Lambda's initialisation then fails
 * @example export const { handler, streamingHandler } = lambdaHandlers(foodStore.name, createApp);
 */
export function lambdaHandlers<T extends Item>(
  service: string,
  createApp: AppFactory<T>,
  env: EnvironmentVariables = process.env,
): LambdaHandlers {
  const { serviceName, logLevel, tableName, ...limits } = appSettings(service, env);
  const log = createLogger({ service: serviceName, level: logLevel });
  const served = servedBy(env);
  const app = createApp({ items: dynamoItems<T>(tableName), log, ...limits, servedBy: served.value });
  const { awslambda } = globalThis as unknown as { awslambda?: LambdaStreaming };
  const handler = eventHandler(app, env);
  return {
    // An execution environment is frozen after its answer: what has been asked until then is answered first.
    handler: (event, context) => served.known.then(() => handler(event, context)),
    streamingHandler: awslambda?.streamifyResponse?.(async (event: RestEvent, stream: Writable) => {
      await served.known;
      return streamAnswer(app, event, (head) => awslambda.HttpResponseStream.from(stream, head));
    }),
  };
}

/** Makes the Lambda handler of an app that exists already. @param env  QUEUE_ROUTES, see `queueRoutes` */
export function eventHandler(app: App, env: EnvironmentVariables = {}): LambdaHandler {
  const handler = handle(app);
  const routes = queueRoutes(env["QUEUE_ROUTES"]);
  return (event, context) => {
    if (isScheduleEvent(event)) return runSchedule(app, event);
    if (isQueueEvent(event)) return runMessages(app, event, routes);
    return handler(normaliseEvent(event) as never, context as never);
  };
}

/** Sends the app the messages of queues. */
function runMessages(app: App, event: QueueEvent, routes: ReturnType<typeof queueRoutes>): Promise<QueueAnswer> {
  return handleQueueEvent(event, routes, async ({ path, body, headers: given }) => {
    const headers = { ...given, "content-type": "application/json" };
    const { status } = await app.request(path, { method: "POST", headers, body });
    return status;
  });
}

/** Sends the app the request of a schedule. @throws {Error} unless it is answered with 2xx */
async function runSchedule(app: App, event: ScheduleEvent): Promise<{ readonly status: number }> {
  const { method, path, run } = event.schedule;
  const { ok, status } = await app.request(path, { method, headers: { "x-request-id": run } });
  if (!ok) throw failedRun(event, status);
  return { status };
}
