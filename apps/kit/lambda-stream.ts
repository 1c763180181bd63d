import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import type { App } from "./app";
import { withoutBasePath } from "./base-path";

/** The event of a REST API's proxy integration (format 1.0), as far as a route that streams, a GET, reads it. */
export interface RestEvent {
  readonly httpMethod: string;
  /** Percent-encoded as the client sent it. */
  readonly path: string;
  /** Path of the route. */
  readonly resource?: string;
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  /** Names and values are decoded. */
  readonly multiValueQueryStringParameters?: Readonly<Record<string, readonly string[] | undefined>> | null;
  readonly requestContext: { readonly requestId?: string };
}

/** Status and headers of a streamed answer, its metadata. */
export interface StreamHead {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Answers a request with a stream: its head first, then the body as the app makes it. A body that breaks off rejects, so
 * that Lambda ends the invocation with an error and the gateway closes the client's connection.
 * @param open  writes the head, and returns the stream that the body goes to
 */
export async function streamAnswer(app: App, event: RestEvent, open: (head: StreamHead) => Writable): Promise<void> {
  const { httpMethod: method, resource, headers = {}, multiValueQueryStringParameters: parameters } = event;
  const path = withoutBasePath(event.path, resource);
  const query = new URLSearchParams(
    Object.entries(parameters ?? {}).flatMap(([name, values]) =>
      (values ?? []).map((value): [string, string] => [name, value]),
    ),
  );
  const sent = Object.entries(headers ?? {}).filter((each): each is [string, string] => typeof each[1] === "string");
  const request = new Request(`https://localhost${path}?${query}`, { method, headers: sent });
  const response = await app.fetch(request, { event: { ...event, path } });
  const output = open({ statusCode: response.status, headers: Object.fromEntries(response.headers) });
  // The head goes with the first part, and an answer may have none.
  output.write("");
  if (response.body === null) output.end();
  else await pipeline(Readable.fromWeb(response.body as ReadableStream), output);
}
