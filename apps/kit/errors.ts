/**
 * What a client is told: `{ "code", "message" }` with this status. Clients match on `code`; the message is for people and
 * must never hold what the client sent. The cause goes to the log only.
 */
export class HttpError extends Error {
  constructor(
    readonly status: 400 | 404 | 413 | 415 | 500 | 503,
    readonly code: string,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = "HttpError";
  }
}

/** Seconds a client should wait after a 503. */
const retryAfterSeconds = "1";

/** Any error as an answer: an `HttpError` as it says, anything else as a bare 500. */
export function errorResponse(error: unknown): Response {
  const { status, code, message } =
    error instanceof HttpError ? error : new HttpError(500, "internal_error", "The service failed to answer");
  const headers: Record<string, string> = { "content-type": "application/json", "cache-control": "no-store" };
  if (status === 503) {
    headers["retry-after"] = retryAfterSeconds;
  }
  return new Response(JSON.stringify({ code, message }), { status, headers });
}
