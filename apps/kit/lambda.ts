import { handle } from "hono/aws-lambda";
import type { App, AppFactory } from "./app";
import { dynamoItems } from "./dynamo";
import { type LambdaEvent, normaliseEvent } from "./lambda-event";
import { createLogger } from "./log";
import type { Item } from "./repository";
import { failedRun, isScheduleEvent, type ScheduleEvent } from "./schedule-event";
import { appSettings, type EnvironmentVariables } from "./settings";

/** A handler as Lambda calls it. */
type LambdaHandler = (event: LambdaEvent | ScheduleEvent, context?: unknown) => Promise<unknown>;

/**
 * Makes the Lambda handler of a service behind an HTTP API (payload 2.0 or 1.0) or a REST API, which its schedules invoke
 * too. Call it once, at module
 * scope, so that all invocations share its DynamoDB client and connections.
 * @param service  name of the service in its contract
 * @param env  environment variables, see `appSettings`
 * @throws {Error} one sentence when an environment variable is missing or invalid; Lambda's initialisation then fails
 * @example export const handler = lambdaHandler(foodStore.name, createApp);
 */
export function lambdaHandler<T extends Item>(
  service: string,
  createApp: AppFactory<T>,
  env: EnvironmentVariables = process.env,
): LambdaHandler {
  const { serviceName, logLevel, tableName, requestTimeoutSeconds } = appSettings(service, env);
  const log = createLogger({ service: serviceName, level: logLevel });
  return eventHandler(createApp({ items: dynamoItems<T>(tableName), log, requestTimeoutSeconds }));
}

/** Makes the Lambda handler of an app that exists already. */
export function eventHandler(app: App): LambdaHandler {
  const handler = handle(app);
  return (event, context) =>
    isScheduleEvent(event) ? runSchedule(app, event) : handler(normaliseEvent(event) as never, context as never);
}

/** Sends the app the request of a schedule. @throws {Error} unless it is answered with 2xx */
async function runSchedule(app: App, event: ScheduleEvent): Promise<{ readonly status: number }> {
  const { method, path, run } = event.schedule;
  const { ok, status } = await app.request(path, { method, headers: { "x-request-id": run } });
  if (!ok) throw failedRun(event, status);
  return { status };
}
