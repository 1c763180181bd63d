import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { App, AppDependencies } from "./app";
import type { ServiceContract } from "./contract";
import { HttpError } from "./errors";
import { type KeyTable, keyTable } from "./key-table";
import type { Logger } from "./log";
import type { Item } from "./repository";
import { noSession, type Session, type SessionStore, sessionTable } from "./session";
import type { SessionDefinition } from "./session-definition";
import { type EnvironmentVariables, tableSetting } from "./settings";

/** A session as it is stored. */
interface Stored {
  /** Data as JSON. */
  readonly data: string;
  /** Grows by one with each write; a write on an older version is refused. */
  readonly version: number;
  /** Random for each write, by which a write that came through is known although its answer was lost. */
  readonly writer: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Milliseconds since 1970 of the last write. */
  readonly usedAt: number;
  /** That it was ended. What is left of it keeps a write of the other region that began earlier from starting it again. */
  readonly ended?: true;
}

/** A session that is not over, with its data. */
interface Live {
  readonly stored: Stored;
  readonly data: unknown;
}

/** Where the sessions of a service are kept. */
interface SessionPlace {
  readonly service: string;
  readonly table: KeyTable;
  readonly log: Logger;
  /** Milliseconds of a clock. */
  readonly now?: () => number;
}

/** Bytes of the data as JSON: each write is written and paid for once per KB and region. */
const maxBytes = 16_384;
/** Times that a change is made anew; each time another one was faster. */
const maxChanges = 20;
/** Seconds after which a request that changes nothing is written down as use; a tenth of short idle times. */
const renewSeconds = 60;

/** Makes the store of sessions in a table of items by key. */
export function sessionStore({ service, table, log, now = Date.now }: SessionPlace): SessionStore {
  /** Writes a session. @returns whether no other write came first */
  const write = (key: string, of: SessionDefinition, stored: Stored): Promise<boolean> => {
    const end = stored.ended ? stored.startedAt + of.maxSeconds * 1_000 : endOf(of, stored);
    return table.put(key, stored, { expiresAt: Math.ceil(end / 1_000), ifNewerBy: "version" });
  };
  /** @returns undefined for a session that is over, or never was */
  const liveOf = (of: SessionDefinition, stored: Stored | undefined): Live | undefined => {
    // By the lifetimes of now, as a later version of the service may have shorter ones than the one that wrote it.
    if (stored === undefined || stored.ended || endOf(of, stored) <= now()) return undefined;
    const data = of.data.safeParse(JSON.parse(stored.data));
    if (data.success) return { stored, data: data.data };
    log.warn("a session is over, as its data are not those of this version of the service");
    return undefined;
  };
  /**
   * Replaces what is stored, and again what another write has stored in the meantime.
   * @param next  returns what to store @returns undefined when the session is over
   */
  const replace = async (key: string, of: SessionDefinition, from: Live, next: (live: Live) => Partial<Stored>) => {
    let live = from;
    for (let changes = 0; changes < maxChanges; changes += 1) {
      const { stored } = live;
      const written = { ...stored, usedAt: now(), ...next(live), version: stored.version + 1, writer: randomUUID() };
      if (await write(key, of, written)) return written;
      const found = await table.get<Stored>(key);
      if (found?.writer === written.writer) return written;
      const newer = liveOf(of, found);
      if (newer === undefined) return undefined;
      live = newer;
    }
    throw new HttpError(409, "session_busy", "The session is being changed by other requests; try again");
  };
  const sessionOf = <Data>(id: string, key: string, of: SessionDefinition, live: Live): Session<Data> => ({
    id,
    data: live.data as Data,
    endsAt: new Date(live.stored.startedAt + of.maxSeconds * 1_000).toISOString(),
    change: async (next) => {
      let data!: Data;
      const stored = await replace(key, of, live, (found) => {
        // Data that the schema refuses would end the session at its next request.
        data = of.data.parse(next(found.data as Data)) as Data;
        return { data: textOf(data) };
      });
      if (stored === undefined) throw noSession();
      return data;
    },
    end: async () => {
      await replace(key, of, live, () => ({ data: "", ended: true }));
    },
  });
  return {
    start: async (of, caller) => {
      const id = randomBytes(32).toString("base64url");
      const key = keyOf(service, caller, id);
      const at = { startedAt: now(), usedAt: now() };
      const stored = { data: textOf(of.first), version: 1, writer: randomUUID(), ...at };
      await write(key, of, stored);
      return sessionOf(id, key, of, { stored, data: of.first });
    },
    open: async (of, caller, id) => {
      const key = keyOf(service, caller, id);
      const live = liveOf(of, await table.get<Stored>(key));
      if (live === undefined) throw noSession();
      const { stored } = live;
      if (now() - stored.usedAt < renewMilliseconds(of)) return sessionOf(id, key, of, live);
      const used = { ...stored, usedAt: now(), version: stored.version + 1, writer: randomUUID() };
      const renewed = await write(key, of, used).catch((error) => {
        // The session is there; that it lasts longer is not worth a request.
        log.warn("a session was not renewed", { error: String(error) });
        return false;
      });
      return sessionOf(id, key, of, renewed ? { ...live, stored: used } : live);
    },
  };
}

function renewMilliseconds({ idleSeconds }: SessionDefinition): number {
  return Math.min(renewSeconds, idleSeconds / 10) * 1_000;
}

/** Returns when a session is over, in milliseconds since 1970. Use that was not written down makes it no shorter. */
function endOf(of: SessionDefinition, { startedAt, usedAt }: Stored): number {
  const idle = usedAt + of.idleSeconds * 1_000 + renewMilliseconds(of);
  return Math.min(idle, startedAt + of.maxSeconds * 1_000);
}

/**
 * Returns the key of a session: a hash of its id with its caller, so that another caller's id is that of no session, and that
 * who reads the table, a backup or an export of it has no id.
 */
function keyOf(service: string, caller: string, id: string): string {
  return createHash("sha256")
    .update(JSON.stringify([service, caller, id]))
    .digest("hex");
}

/** @throws {HttpError} 413 `session_too_large` */
function textOf(data: unknown): string {
  const text = JSON.stringify(data);
  if (Buffer.byteLength(text) <= maxBytes) return text;
  throw new HttpError(413, "session_too_large", `What a session keeps must be at most ${maxBytes} bytes of JSON`);
}

/**
 * Gives the app of a service its sessions, in the table that the environment variable `TABLE_SESSIONS` names.
 * @throws {Error} one sentence when the variable is missing, as soon as the adapter makes the app
 * @example serve(priceCalculator.name, withSessions(priceCalculator, createApp));
 */
export function withSessions<Own extends AppDependencies<Item>>(
  { name: service }: Pick<ServiceContract, "name">,
  createApp: (dependencies: Own) => App,
  env: EnvironmentVariables = process.env,
): (dependencies: Own) => App {
  return (dependencies) => {
    const table = keyTable({ table: tableSetting(service, env, sessionTable) });
    return createApp({ ...dependencies, sessions: sessionStore({ service, table, log: dependencies.log }) });
  };
}
