import { handle } from "hono/aws-lambda";
import type { App, AppFactory } from "./app";
import { dynamoItems } from "./dynamo";
import { type LambdaEvent, normaliseEvent } from "./lambda-event";
import { createLogger } from "./log";
import type { Item } from "./repository";
import { appSettings, type Environment } from "./settings";

export type LambdaHandler = (event: LambdaEvent, context?: unknown) => Promise<unknown>;

/**
 * A service as a Lambda function behind an HTTP API (payload 2.0 or 1.0) or a REST API. Call it once, at module scope: its
 * client and connections then serve every invocation.
 * @throws {Error} one sentence when the environment is bad, which fails the initialisation
 */
export function lambdaHandler<T extends Item>(
  service: string,
  createApp: AppFactory<T>,
  env: Environment = process.env,
): LambdaHandler {
  const { serviceName, logLevel, tableName, requestTimeoutSeconds } = appSettings(service, env);
  const log = createLogger({ service: serviceName, level: logLevel });
  return eventHandler(createApp({ items: dynamoItems<T>(tableName), log, requestTimeoutSeconds }));
}

/** The same for an app that exists already. */
export function eventHandler(app: App): LambdaHandler {
  const handler = handle(app);
  return (event, context) => handler(normaliseEvent(event) as never, context as never);
}
