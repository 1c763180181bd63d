import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { AppFactory } from "./app";
import { drainOnSignals } from "./drain";
import { dynamoItems } from "./dynamo";
import { errorResponse, HttpError } from "./errors";
import { createLogger } from "./log";
import type { Item } from "./repository";
import { servedBy } from "./served-by";
import { appSettings, type EnvironmentVariables, type ServerSettings, serverSettings } from "./settings";

/**
 * Runs a service as an HTTP server until a signal ends the process, see `drainOnSignals`. It logs `listening` with the
 * port as soon as it serves. When an environment variable is invalid or the port is in use, it writes one sentence to
 * stderr and ends the process with exit code 1.
 * @param service  name of the service in its contract
 * @param env  environment variables, see `appSettings` and `serverSettings`
 * @example serve(foodStore.name, createApp);
 */
export function serve<T extends Item>(
  service: string,
  createApp: AppFactory<T>,
  env: EnvironmentVariables = process.env,
): void {
  try {
    const settings = appSettings(service, env);
    const listening = serverSettings(service, env);
    const log = createLogger({ service: settings.serviceName, level: settings.logLevel });
    const items = dynamoItems<T>(settings.tableName);
    const { requestTimeoutSeconds, regionProbeSeconds, corsOrigins, shareOf, formerOf } = settings;
    const app = createApp({
      items,
      log,
      requestTimeoutSeconds,
      regionProbeSeconds,
      corsOrigins,
      shareOf,
      formerOf,
      servedBy: servedBy(env).value,
    });
    const server = createHttpServer(app.fetch, listening);
    server.once("error", (error) => fail(`${service}: cannot listen on port ${listening.port}: ${error.message}`));
    server.listen(listening.port, listening.host, () => {
      log.info("listening", { port: (server.address() as AddressInfo).port });
    });
    drainOnSignals(server, {
      drainSeconds: listening.drainSeconds,
      finishSeconds: requestTimeoutSeconds,
      log,
    });
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}

function createHttpServer(fetch: Parameters<typeof getRequestListener>[0], settings: ServerSettings): Server {
  const listener = getRequestListener(fetch, {
    hostname: "localhost",
    // Only called for what cannot become a request: an invalid Host header or request target.
    errorHandler: () => errorResponse(new HttpError(400, "invalid_request", "The request line or Host is malformed")),
  });
  const server = createServer(listener);
  server.keepAliveTimeout = settings.keepAliveSeconds * 1_000;
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  return server;
}

function fail(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
