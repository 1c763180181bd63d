import { Agent, request } from "undici";
import type { Door } from "./target";

/** One request of a check. */
export interface Question {
  readonly method?: "GET" | "PUT" | "POST" | "PATCH" | "DELETE" | "OPTIONS";
  /** With query, encoded. */
  readonly path: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string is sent as it is, with the same content type. */
  readonly body?: unknown;
  /** Another Host than the door's name. */
  readonly host?: string;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** Undefined when the body is not JSON. */
  readonly json: unknown;
}

const connectMilliseconds = 5_000;
const answerMilliseconds = 15_000;
/** Well below the time after which gateways and servers close an idle connection, so that no request meets the closing. */
const idleMilliseconds = 4_000;
/** Enough to empty a bucket before it fills again. */
const mostConnections = 128;
const shownCharacters = 160;

/** Sends requests to doors, each once: a check must see what a client sees, so nothing is tried again. */
export class Asker {
  private readonly agents = new Map<string, Agent>();

  /** @param ca  PEM of an authority to trust in addition to the usual ones */
  constructor(
    private readonly signal: AbortSignal,
    private readonly ca: string | undefined,
  ) {}

  /** @throws {Error} one sentence when no answer came in time */
  readonly ask = async (door: Door, question: Question): Promise<Answer> => {
    const { method = "GET", path, body } = question;
    const signal = AbortSignal.any([this.signal, AbortSignal.timeout(answerMilliseconds)]);
    try {
      const answer = await request(`${door.origin}${path}`, {
        method,
        headers: headersOf(door, question),
        body: body === undefined || typeof body === "string" ? (body ?? null) : JSON.stringify(body),
        dispatcher: this.agentFor(door),
        signal,
      });
      const text = await answer.body.text();
      const headers = Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
      );
      return { status: answer.statusCode, headers, text, json: parsed(text) };
    } catch (error) {
      throw new Error(`no answer to ${method} ${path} at ${door.origin}: ${reasonOf(error, this.signal)}`, {
        cause: error,
      });
    }
  };

  async close(): Promise<void> {
    await Promise.all([...this.agents.values()].map((agent) => agent.destroy()));
  }

  private agentFor(door: Door): Agent {
    const key = `${door.name} ${door.origin}`;
    const known = this.agents.get(key);
    if (known !== undefined) return known;
    const agent = new Agent({
      connections: mostConnections,
      keepAliveMaxTimeout: idleMilliseconds,
      connect: {
        timeout: connectMilliseconds,
        servername: door.name,
        ...(this.ca === undefined ? {} : { ca: this.ca }),
      },
    });
    this.agents.set(key, agent);
    return agent;
  }
}

function headersOf(door: Door, { token, headers, body, host }: Question): Record<string, string> {
  return {
    host: host ?? door.name,
    "user-agent": "platform-verify",
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...headers,
  };
}

/** Returns why a request has no answer, without its address. */
function reasonOf(error: unknown, run: AbortSignal): string {
  const { name, code, message } = error as Error & { code?: string };
  if (run.aborted) return "the run ended";
  return name === "TimeoutError" ? `none within ${answerMilliseconds / 1_000} s` : (code ?? message);
}

/** Returns the value of a JSON text; undefined when it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Shows an answer in one line: `401 {"message":"Unauthorized"}`. */
export function shown({ status, text }: Answer): string {
  const line = text.replace(/\s+/g, " ").trim();
  return `${status}${line === "" ? "" : ` ${line.length > shownCharacters ? `${line.slice(0, shownCharacters)}...` : line}`}`;
}
