import { HttpError } from "./errors";
import { inSpan } from "./trace";

/** What is sent to an endpoint outside the platform. */
export interface LegacyRequest {
  /** URL of the endpoint, with `{parameters}`. */
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  /** The client's request. */
  readonly request: Request;
  readonly requestId: string;
  readonly timeoutMilliseconds: number;
}

/** Headers of one connection, and those that only a gateway may set. */
const dropped =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|host|content-length|forwarded|via|x-subject|x-tenant-id|x-real-ip|x-forwarded-.*|x-amzn-.*)$/;
/** `fetch` has decoded the body, so that what is said of its encoding and length is not true any more. */
const droppedOfAnswers = /^(connection|keep-alive|transfer-encoding|upgrade|content-encoding|content-length)$/;
const maxAnswerBytes = 5_000_000;

/**
 * Sends a client's request to the endpoint that answered the route before, and returns its answer, as the gateway does
 * where the endpoint answers the route alone: method, query, body and headers are the client's. Redirects are passed on,
 * and nothing is sent twice.
 * @throws {HttpError} 502 `answer_too_large`, 503 `legacy_unavailable` when the endpoint does not answer in time
 */
export async function askLegacy(asked: LegacyRequest): Promise<Response> {
  const { request, requestId, timeoutMilliseconds } = asked;
  const headers = passed(request.headers, dropped);
  headers.set("x-request-id", requestId);
  const hasBody = request.method !== "GET" && request.method !== "HEAD";
  try {
    const url = urlOf(asked);
    const init = {
      method: request.method,
      headers,
      redirect: "manual" as const,
      signal: AbortSignal.timeout(timeoutMilliseconds),
      ...(hasBody ? { body: await request.arrayBuffer() } : {}),
    };
    const attributes = { "http.request.method": request.method, "server.address": new URL(url).host };
    const answer = await inSpan(`${request.method} legacy endpoint`, attributes, () => fetch(url, init), statusOf);
    const body = await answer.arrayBuffer();
    if (body.byteLength > maxAnswerBytes) {
      throw new HttpError(502, "answer_too_large", "The answer of the endpoint outside is too large");
    }
    const bodiless = body.byteLength === 0 || answer.status === 204 || answer.status === 304;
    return new Response(bodiless ? null : body, {
      status: answer.status,
      headers: passed(answer.headers, droppedOfAnswers),
    });
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw new HttpError(503, "legacy_unavailable", "The endpoint that answers this route did not answer", error);
  }
}

function statusOf({ status }: Response) {
  return { "http.response.status_code": status };
}

/** A value is one segment of the path. */
function urlOf({ url, params, request }: LegacyRequest): string {
  const filled = url.replace(/\{(\w+)\}/g, (_, name: string) =>
    Object.hasOwn(params, name) ? encodeURIComponent(params[name]!) : "",
  );
  return `${filled}${new URL(request.url).search}`;
}

function passed(headers: Headers, without: RegExp): Headers {
  return new Headers([...headers].filter(([name]) => !without.test(name)));
}
