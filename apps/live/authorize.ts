import { parseToken } from "../authorizer/parsed-token";
import type { VerifyToken } from "../authorizer/token";
import { unauthorized } from "../authorizer/unauthorized";
import type { Logger } from "../kit/log";

/** The event of a REQUEST authorizer of a WebSocket API, as far as it is read. */
export interface ConnectEvent {
  readonly methodArn: string;
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
}

/** What a connection may see and until when; strings and numbers are all that an authorizer may pass on. */
export interface ConnectContext {
  /** Names of services, separated by commas. */
  readonly services: string;
  /** When the token ends, in seconds since 1970. */
  readonly expiresAt: number;
}

/** What an authorizer of a WebSocket API answers. */
export interface ConnectAnswer {
  readonly principalId: string;
  readonly policyDocument: {
    readonly Version: "2012-10-17";
    readonly Statement: readonly {
      readonly Action: string;
      readonly Effect: "Allow" | "Deny";
      readonly Resource: string;
    }[];
  };
  readonly context?: ConnectContext;
}

/** The protocol of the connections, and what stands before the token in the list of protocols. */
export const protocol = "changes.v1";
const tokenPrefix = "token.";
/** Longest token that is read, in characters. */
const maxTokenLength = 8_192;

/** Scopes of which a person needs one to see a service's changes, by service; without any, a valid token is enough. */
export type Readers = ReadonlyMap<string, readonly string[]>;

/**
 * Makes the function that decides who may open a connection. The token is in the list of protocols, the only header that a
 * page can set, as `changes.v1, token.<access token>`: no log has headers, and every log of a proxy has the query.
 *
 * - Error `Unauthorized` gives 401: no such list, or no valid token in it, also while the issuer's keys cannot be read.
 * - A denial gives 403: a valid token that may see the changes of no service.
 * @throws {Error} `Unauthorized`, from the function, and nothing else
 */
export function createConnectAuthorizer({
  verify,
  readers,
  log,
}: {
  readonly verify: VerifyToken;
  readonly readers: Readers;
  readonly log: Logger;
}) {
  return async (event: ConnectEvent): Promise<ConnectAnswer> => {
    const token = tokenOf(event);
    const claims = token === undefined ? undefined : await verify(token).catch((error) => failed(log, error));
    if (token === undefined || claims === undefined) return unauthorized();
    const services = [...readers].flatMap(([service, scopes]) =>
      scopes.length === 0 || scopes.some((scope) => claims.scopes.includes(scope)) ? [service] : [],
    );
    const statement = { Action: "execute-api:Invoke", Resource: event.methodArn };
    const answer = (Effect: "Allow" | "Deny"): ConnectAnswer => ({
      principalId: claims.sub,
      policyDocument: { Version: "2012-10-17", Statement: [{ ...statement, Effect }] },
    });
    if (services.length === 0) return answer("Deny");
    return {
      ...answer("Allow"),
      context: { services: services.join(","), expiresAt: parseToken(token)!.payload.exp! },
    };
  };
}

/**
 * Reads READERS: a JSON object of lists of scopes, by service.
 * @throws {Error} one sentence when it is missing or invalid
 */
export function parseReaders(json: string | undefined): Readers {
  try {
    const entries = Object.entries(JSON.parse(json ?? "") as Record<string, string[]>);
    if (entries.every(([, scopes]) => Array.isArray(scopes))) return new Map(entries);
  } catch {
    // Reported below, as an object of another form is.
  }
  throw new Error(
    `live: READERS must be a JSON object such as {"food-store":[]}, got ${JSON.stringify(json)}; set the environment variable READERS`,
  );
}

function tokenOf({ headers }: ConnectEvent): string | undefined {
  const values = Object.entries(headers ?? {}).filter(([name]) => name.toLowerCase() === "sec-websocket-protocol");
  const offered = (values[0]?.[1] ?? "").split(",").map((each) => each.trim());
  const tokens = offered.filter((each) => each.startsWith(tokenPrefix));
  // A browser ends a connection whose server answers a protocol that it has not offered.
  if (values.length !== 1 || tokens.length !== 1 || !offered.includes(protocol)) return undefined;
  const token = tokens[0]!.slice(tokenPrefix.length);
  return token.length <= maxTokenLength ? token : undefined;
}

function failed(log: Logger, error: unknown): undefined {
  log.error("the authorizer failed", { error: error instanceof Error ? error.name : typeof error });
  return undefined;
}
