import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { maxBodyBytes } from "../body";
import { isHopByHopHeader } from "../request-headers";
import type { Exchange } from "./exchange";

/** A request that the gateway sends to a server. */
export interface UpstreamRequest {
  readonly origin: string;
  /** With query, encoded as the client sent it. */
  readonly path: string;
  readonly method: string;
  readonly headers: string[];
  readonly body: Buffer | null;
  readonly timeoutMilliseconds: number;
}

/**
 * Why a server gave no usable response. `connect`: no connection in time; `broken`: refused, reset, closed early or not
 * HTTP; `large`: a response over 10 MB.
 */
export type UpstreamFailure = "timeout" | "connect" | "broken" | "large";

const timedOut = new Error("integration timeout");
const clientGone = new Error("client went away");
const tooLarge = new Error("answer over the limit");

/**
 * Sends a request to a server, once, and streams the response to the client. Cancelled when the client disconnects.
 * @param fail  answers a failure that happens before the response began; later the client's connection is closed, so
 *   that the client does not take a part for the whole
 * @param ended  called once, after success and failure alike
 */
export function relay(
  exchange: Exchange,
  dispatcher: Dispatcher,
  upstream: UpstreamRequest,
  fail: (failure: UpstreamFailure) => void,
  ended: () => void,
): void {
  const relayed = new Relay(exchange, upstream.timeoutMilliseconds, fail, ended);
  exchange.integrationStarted();
  dispatcher.dispatch(upstream, relayed);
}

class Relay implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  /** A response whose body a mapping reads, so that its head waits for the body. */
  private whole:
    | { readonly status: number; readonly headers: readonly string[]; readonly chunks: Buffer[] }
    | undefined;
  private readonly timer: NodeJS.Timeout;
  private stopped: Error | undefined;

  constructor(
    private readonly exchange: Exchange,
    timeoutMilliseconds: number,
    private readonly fail: (failure: UpstreamFailure) => void,
    private readonly ended: () => void,
  ) {
    this.timer = setTimeout(() => this.stop(timedOut), timeoutMilliseconds);
    exchange.res.once("close", () => {
      if (!exchange.res.writableFinished) this.stop(clientGone);
    });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.stopped) controller.abort(this.stopped);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200 || this.stopped) return;
    if (Number(headers["content-length"] ?? 0) > maxBodyBytes && this.exchange.method !== "HEAD") {
      controller.abort(tooLarge);
      return;
    }
    const { exchange } = this;
    exchange.endpointRequestId = single(headers["x-amzn-requestid"] ?? headers["x-amz-request-id"]);
    exchange.endpointRequestId2 = single(headers["x-amz-id-2"]);
    exchange.integrationEnded(status);
    const answered = answerHeaders(headers);
    if (exchange.responseMappings(status)?.some(({ readsBody }) => readsBody))
      this.whole = { status, headers: answered, chunks: [] };
    else exchange.writeHead(...exchange.mapped(status, answered, undefined));
    // undici takes the length that a 304 may announce for that of a body which never comes.
    if (status === 204 || status === 304) this.onResponseEnd();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { exchange } = this;
    exchange.responseLength += chunk.length;
    if (exchange.responseLength > maxBodyBytes) controller.abort(tooLarge);
    else if (this.whole) this.whole.chunks.push(chunk);
    else if (!exchange.res.write(chunk)) {
      controller.pause();
      exchange.res.once("drain", () => controller.resume());
    }
  }

  onResponseEnd(): void {
    const body = this.whole && Buffer.concat(this.whole.chunks);
    if (this.whole) this.exchange.writeHead(...this.exchange.mapped(this.whole.status, this.whole.headers, body));
    this.exchange.res.end(body);
    this.finish();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.finished) return;
    const { exchange } = this;
    this.finish();
    exchange.integrationEnded(undefined, describe(error));
    if (exchange.res.headersSent) exchange.res.destroy();
    else this.fail(failureOf(error));
  }

  private finished = false;

  private finish(): void {
    if (this.finished) return;
    this.finished = true;
    clearTimeout(this.timer);
    this.ended();
  }

  private stop(reason: Error): void {
    if (this.finished || this.stopped) return;
    this.stopped = reason;
    this.controller?.abort(reason);
    // undici reports the abort of a request that waits for a connection only once it has one.
    this.onResponseError(undefined, reason);
  }
}

function answerHeaders(headers: IncomingHttpHeaders): string[] {
  const { connection } = headers;
  const kept: string[] = [];
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || name === "apigw-requestid" || isHopByHopHeader(name, connection)) continue;
    if (typeof value === "string") kept.push(name, value);
    else for (const each of value) kept.push(name, each);
  }
  return kept;
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function failureOf(error: Error & { code?: string }): UpstreamFailure {
  if (error === timedOut) return "timeout";
  if (error === tooLarge) return "large";
  return error.code === "UND_ERR_CONNECT_TIMEOUT" ? "connect" : "broken";
}

/** Describes an error for the access log, without addresses and without texts of the server. */
function describe(error: Error & { code?: string }): string {
  return error.code ?? error.message;
}
