/**
 * An error that a client is told about: the response has this status and the body `{ "code", "message" }`. Clients
 * match on `code`. The message is for people and must never contain what the client sent. The cause only goes to the
 * log.
 * @example throw new HttpError(404, "not_found", "There is no item with this id")
 */
export class HttpError extends Error {
  constructor(
    readonly status: 400 | 404 | 405 | 409 | 413 | 415 | 422 | 500 | 502 | 503 | 504,
    readonly code: string,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = "HttpError";
  }
}

/** Seconds that a client should wait after a 409 or 503. */
const retryAfterSeconds = "1";

/** Makes the response to any error: that of an `HttpError`, or a 500 `internal_error` without details. */
export function errorResponse(error: unknown): Response {
  const { status, code, message } =
    error instanceof HttpError ? error : new HttpError(500, "internal_error", "The service failed to answer");
  const headers: Record<string, string> = { "content-type": "application/json", "cache-control": "no-store" };
  if (status === 503 || status === 409) {
    headers["retry-after"] = retryAfterSeconds;
  }
  return new Response(JSON.stringify({ code, message }), { status, headers });
}
