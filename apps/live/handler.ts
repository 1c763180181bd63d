import { admittedTokens } from "../authorizer/admitted-tokens";
import { issuerSettings } from "../authorizer/settings";
import { createLogger, describeError } from "../kit/log";
import { requiredVariable } from "../kit/settings";
import { createConnectAuthorizer, parseReaders } from "./authorize";
import { createCloser } from "./close";
import { connectionTable } from "./connection-table";
import { endingsQueue } from "./endings";
import { connectedAt } from "./post";
import { createRegistrar } from "./register";
import { createSender } from "./send";

/*
 * Handlers of the functions of live changes, which are one bundle. Each has the variables that it reads, and the
 * permissions that it uses: infra/live/ gives both.
 */

const log = createLogger({ service: "live" });
const variable = (name: string) => requiredVariable("live", process.env, name);
const onFailure = (what: string) => (error: unknown) => log.error(what, describeError(error));

/** Makes a handler when it is first called: what it needs is missing in the functions of the other handlers. */
function first<Event, Answer>(make: () => (event: Event) => Promise<Answer>) {
  let made: ((event: Event) => Promise<Answer>) | undefined;
  return async (event: Event): Promise<Answer> => {
    made ??= make();
    return made(event);
  };
}

/** Decides on `$connect`. Reads READERS and the variables of `issuerSettings`. */
export const authorize = first(() => {
  const verify = admittedTokens(issuerSettings(process.env), onFailure("the issuer's keys did not arrive"));
  return createConnectAuthorizer({ verify, readers: parseReaders(process.env["READERS"]), log });
});

/** Handles `$connect`, `$default` and `$disconnect`. Reads CONNECTIONS_TABLE and ENDINGS_QUEUE_URL. */
export const register = first(() =>
  createRegistrar({
    table: connectionTable(variable("CONNECTIONS_TABLE")),
    sendEnding: endingsQueue(variable("ENDINGS_QUEUE_URL")),
  }),
);

/** Handles changes. Reads CONNECTIONS_TABLE and POST_URL. */
export const send = first(() =>
  createSender({
    table: connectionTable(variable("CONNECTIONS_TABLE")),
    connected: connectedAt(variable("POST_URL")),
    onFailure: onFailure("a change was not posted to all connections"),
  }),
);

/** Handles endings. Reads CONNECTIONS_TABLE, POST_URL and ENDINGS_QUEUE_URL. */
export const close = first(() =>
  createCloser({
    table: connectionTable(variable("CONNECTIONS_TABLE")),
    connected: connectedAt(variable("POST_URL")),
    sendEnding: endingsQueue(variable("ENDINGS_QUEUE_URL")),
    onFailure: onFailure("a connection was not ended"),
  }),
);
