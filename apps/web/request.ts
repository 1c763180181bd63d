import type { Json } from "./schema";

/** Where an answer came from, as its headers say; unset where no server answered. */
export interface Origin {
  readonly region?: string;
  readonly zone?: string;
  readonly server?: string;
}

/** What became of a request. */
export interface Answer {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Whether a token was sent. */
  readonly signed: boolean;
  /** 0 when there was no answer. */
  readonly status: number;
  readonly milliseconds: number;
  /** The body: as JSON where it is, otherwise as text. */
  readonly body: Json | undefined;
  readonly origin: Origin;
  /** The gateway's id of the request, for who looks into its logs. */
  readonly requestId?: string;
}

/** A request to the API. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  /** @default none but those of the token and the body */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly token?: string | undefined;
  readonly signal?: AbortSignal;
}

/** No answer of before, and no cookie. */
const fresh = { cache: "no-store", credentials: "omit" } as const;

/** Sends a request to the API. It never throws: what fails is an answer with status 0. */
export async function send(apiUrl: string, { method, path, headers, body, token, signal }: Sent): Promise<Answer> {
  const started = performance.now();
  const sent = { method, path, signed: token !== undefined };
  try {
    const answer = await fetch(`${apiUrl}${path}`, {
      method,
      ...fresh,
      headers: {
        ...headers,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await answer.text();
    const requestId = answer.headers.get("apigw-requestid");
    return {
      ...{ ...sent, status: answer.status, milliseconds: performance.now() - started },
      body: text === "" ? undefined : parsed(text),
      origin: originOf(answer.headers.get("x-served-by")),
      ...(requestId === null ? {} : { requestId }),
    };
  } catch {
    return { ...sent, status: 0, milliseconds: performance.now() - started, body: undefined, origin: {} };
  }
}

/**
 * Reads the header by which a service says where it runs.
 * @example originOf("region=eu-west-1, zone=eu-west-1a, server=4f21ab") // { region: "eu-west-1", ... }
 */
export function originOf(header: string | null): Origin {
  const pairs = (header ?? "").split(",").map((pair) => pair.trim().split("="));
  return Object.fromEntries(
    pairs.filter(([name, value]) => ["region", "zone", "server"].includes(name ?? "") && value !== undefined),
  );
}

/** Streams answer a line of JSON each. */
function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
