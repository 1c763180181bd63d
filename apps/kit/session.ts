import type { RouteDefinition, RouteDefinitions } from "./definition";
import { HttpError } from "./errors";
import type { MoreTableSpec } from "./needs-definition";
import type { SessionDefinition, SessionUse } from "./session-definition";

/*
 * Sessions: what a service remembers of one caller for some time, and forgets by itself; see docs/sessions.md.
 */

/** The session of a request, as its handler gets it. */
export interface Session<Data> {
  /** What the client sends in the header `Session-Id` to go on. */
  readonly id: string;
  /** Data as of the beginning of the request. */
  readonly data: Data;
  /** When the session is over at the latest, as ISO 8601. */
  readonly endsAt: string;
  /**
   * Stores other data. Changes that come at the same moment are made one after the other, so that none is lost.
   * @param next  makes the data from those that are stored. It may be called again with newer ones, and must change nothing else
   * @returns the data that are stored
   * @throws {HttpError} 404 `session_not_found`, 409 `session_busy`, 413 `session_too_large`, 503 `storage_unavailable`
   * @throws what `next` throws, and an error when the schema refuses what it returns; the stored data stay as they were
   */
  change(next: (data: Data) => Data): Promise<Data>;
  /** Ends the session; nothing happens when it is over. @throws {HttpError} 409 `session_busy`, 503 `storage_unavailable` */
  end(): Promise<void>;
}

/** Keeps the sessions of a service. */
export interface SessionStore {
  /** Starts a session of a caller. */
  start<Data>(of: SessionDefinition, caller: string): Promise<Session<Data>>;
  /** @throws {HttpError} 404 `session_not_found`, which is also what another caller's session is answered with */
  open<Data>(of: SessionDefinition, caller: string, id: string): Promise<Session<Data>>;
}

/** Header in which a client sends the id of its session. */
export const sessionHeader = "session-id";
/** What an id is: 32 random bytes in base64url. */
export const sessionIdPattern = "^[A-Za-z0-9_-]{43}$";
/** Name of the table of a service's sessions. */
export const sessionTable = "sessions";

const validId = new RegExp(sessionIdPattern);
/** DynamoDB deletes what has expired within days, so that a month is a limit that a table keeps small. */
const mostSeconds = 30 * 86_400;

/** Makes the error that says that there is no such session. */
export function noSession(): HttpError {
  return new HttpError(404, "session_not_found", "There is no such session, or it is over; start a new one");
}

/** What of a request's input says whose session it is of. */
interface SessionInput {
  readonly subject?: string | undefined;
  /** The header `Session-Id`. */
  readonly sessionId?: string | undefined;
}

/**
 * Gives a handler the session of each request.
 * @param store  @default none, which only a route without a session may have
 */
export function inSession<Input extends SessionInput, Answer>(
  use: SessionUse | undefined,
  store: SessionStore | undefined,
  handler: (input: Input) => Promise<Answer>,
): (input: Input) => Promise<Answer> {
  if (use === undefined) return handler;
  if (store === undefined) throw new Error("a route of a session needs a table for it; give its app to withSessions");
  return async (input) => handler({ ...input, session: await sessionOf(use, store, input) });
}

async function sessionOf({ of, starts }: SessionUse, store: SessionStore, { subject, sessionId }: SessionInput) {
  if (subject === undefined) {
    throw new HttpError(400, "subject_missing", "The request must come through a gateway that has verified a token");
  }
  if (starts) return store.start(of, subject);
  if (sessionId === undefined) {
    throw new HttpError(400, "session_missing", "Session-Id must be in the request: the id that its start answered");
  }
  if (!validId.test(sessionId)) {
    throw new HttpError(400, "session_invalid", "Session-Id must be 43 letters, digits, hyphens or underscores");
  }
  return store.open(of, subject, sessionId);
}

/**
 * Returns the table that the sessions of a service need; undefined without sessions.
 * @throws {Error} one sentence on the first route that cannot have a session, or a lifetime that is none
 */
export function sessionNeeds(service: string, routes: RouteDefinitions): MoreTableSpec | undefined {
  const used = Object.entries(routes).flatMap(([id, route]) =>
    route.session ? [[id, route, route.session] as const] : [],
  );
  for (const [id, route, { of }] of used) {
    checkRoute(service, id, route);
    checkLifetimes(service, of);
    if (of !== used[0]![2].of) {
      throw new Error(
        `service "${service}": route "${id}" must have the session of route "${used[0]![0]}", got another one; name the same in both`,
      );
    }
  }
  return used.length === 0 ? undefined : { hashKey: "id", expires: true };
}

function checkRoute(service: string, id: string, { access, stream, legacy }: RouteDefinition): void {
  if (access === "write" && !stream && !legacy) return;
  const more = `${stream ? " and a stream" : ""}${legacy ? " and a legacy endpoint" : ""}`;
  const rule = "have access write and one answer of the service's own to be of a session";
  throw new Error(`service "${service}": route "${id}" must ${rule}, got access ${access}${more}; take out session`);
}

function checkLifetimes(service: string, { idleSeconds, maxSeconds }: SessionDefinition): void {
  const whole = Number.isInteger(idleSeconds) && Number.isInteger(maxSeconds);
  if (whole && idleSeconds >= 1 && idleSeconds <= maxSeconds && maxSeconds <= mostSeconds) return;
  throw new Error(
    `service "${service}": a session must have whole idleSeconds from 1 to maxSeconds, and at most ${mostSeconds} maxSeconds, got ${idleSeconds} and ${maxSeconds}; correct them`,
  );
}
