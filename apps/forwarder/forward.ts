import { isUtf8 } from "node:buffer";
import { Agent, type IncomingMessage } from "node:http";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { corsHeaders } from "../kit/cors";
import { HttpError } from "../kit/errors";
import { describeError, type Logger } from "../kit/log";
import { type ForwardedEvent, outgoingRequest } from "./event";
import { answerHeaders, type HeaderValues, originOf } from "./headers";
import type { Instances } from "./instances";
import type { ForwarderSettings } from "./settings";
import { sendUpstream } from "./upstream";

/** Status and headers of an answer; of a streamed one, its metadata. */
export interface AnswerHead {
  readonly statusCode: number;
  readonly multiValueHeaders: HeaderValues;
}

/** The answer to a proxy integration that does not stream. */
export interface BufferedAnswer extends AnswerHead {
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** The context of an invocation, as far as it is read. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** What `createForwarder` needs. */
export interface ForwarderParts {
  readonly targets: ForwarderSettings["targets"];
  /** Origins whose pages may read the forwarder's own refusals. */
  readonly corsOrigins: readonly string[];
  readonly instances: Instances;
  readonly log: Logger;
  /** Returns the value of X-Amzn-Trace-Id that Lambda gives the invocation. */
  readonly trace: () => string | undefined;
  /** Writes the head of a streamed answer before the stream's first part (`awslambda.HttpResponseStream.from`). */
  readonly withHead: (stream: Writable, head: AnswerHead) => Writable;
}

/** Largest answer of a function that does not stream, the whole JSON: 6 MB. */
const maxAnswerBytes = 6_291_456;
/** A body up to this size fits, however its characters are escaped in JSON. */
const surelyFits = maxAnswerBytes / 8;
/** Time for the forwarder's own answer before Lambda ends the invocation. */
const marginMilliseconds = 500;
/**
 * Time after which an idle connection is not used again. The servers close theirs after 75 s; a function that was frozen
 * longer would write to one that is closed, and must not send a write again.
 */
const idleMilliseconds = 20_000;

/**
 * Makes the forwarder: a function that sends the requests of a REST API to servers in Cloud Map, which a REST API cannot
 * reach itself. `buffered` is for integrations of response transfer mode BUFFERED, `streamed` for STREAM.
 *
 * - Event: format 1.0 of a proxy integration, see `ForwardedEvent`. The first segment of `resource` names the target.
 * - Answer: status, headers and body of the server. A body that is not UTF-8 is returned in base64, which API Gateway
 *   decodes only when the API's binary media types match; a streamed body is passed on byte by byte.
 * - The servers get `x-tenant-id` and `x-subject` from the authorizer's context, `x-request-id`, `x-forwarded-*` and
 *   `x-amzn-trace-id` from the gateway and Lambda in place of the client's own, and a valid `traceparent`.
 * - Its own refusals have the body `{ "code", "message" }`: see `outgoingRequest` and `sendUpstream`; 502
 *   `answer_too_large` for an answer over 6 MB, and 502 or 504 for one that does not arrive whole. A streamed answer whose
 *   rest does not arrive ends with an error, which closes the client's connection.
 * - All ends 0.5 s before the time of the invocation.
 */
export function createForwarder(parts: ForwarderParts) {
  const { targets, corsOrigins, instances, log, trace, withHead } = parts;
  const agent = new Agent({ keepAlive: true });
  let usedAt = 0;

  async function send(event: ForwardedEvent, deadline: number): Promise<IncomingMessage> {
    const outgoing = outgoingRequest(event, targets, trace());
    if (Date.now() - usedAt > idleMilliseconds) {
      for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
    }
    const onFailure = (what: string, error: unknown) =>
      log.warn(what, { service: outgoing.target.service, ...describeError(error) });
    try {
      return await sendUpstream(outgoing, { agent, instances, deadline, onFailure });
    } finally {
      usedAt = Date.now();
    }
  }

  function refusal(error: unknown, event: ForwardedEvent): BufferedAnswer {
    const { requestContext } = event;
    const { status, code, message } =
      error instanceof HttpError ? error : new HttpError(500, "internal_error", "The request could not be forwarded");
    const fields = { requestId: requestContext?.requestId, status, code };
    if (status === 500) log.error("the forwarder failed", { ...fields, ...describeError(error) });
    else if (status > 500) log.warn("not forwarded", fields);
    return {
      statusCode: status,
      multiValueHeaders: {
        "content-type": ["application/json"],
        "cache-control": ["no-store"],
        ...severalValues(corsHeaders(corsOrigins, originOf(event))),
      },
      body: JSON.stringify({ code, message }),
      isBase64Encoded: false,
    };
  }

  return {
    async buffered(event: ForwardedEvent, context: InvocationContext): Promise<BufferedAnswer> {
      try {
        const deadline = deadlineOf(context);
        const response = await send(event, deadline);
        return bufferedAnswer(headOf(response), await wholeBody(response, deadline));
      } catch (error) {
        return refusal(error, event);
      }
    },

    async streamed(event: ForwardedEvent, stream: Writable, context: InvocationContext): Promise<void> {
      const deadline = deadlineOf(context);
      let response: IncomingMessage;
      try {
        response = await send(event, deadline);
      } catch (error) {
        const { body, statusCode, multiValueHeaders } = refusal(error, event);
        withHead(stream, { statusCode, multiValueHeaders }).end(body);
        return;
      }
      const output = withHead(stream, headOf(response));
      // The head goes with the first part, and an answer may have none.
      output.write("");
      const late = setTimeout(() => response.destroy(new Error("no end in time")), Math.max(0, deadline - Date.now()));
      try {
        await pipeline(response, output);
      } finally {
        clearTimeout(late);
      }
    },
  };
}

function severalValues(headers: Readonly<Record<string, string>>): HeaderValues {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
}

function deadlineOf(context: InvocationContext): number {
  return Date.now() + context.getRemainingTimeInMillis() - marginMilliseconds;
}

function headOf(response: IncomingMessage): AnswerHead {
  return { statusCode: response.statusCode!, multiValueHeaders: answerHeaders(response.rawHeaders) };
}

/** Reads a body to its end. @throws {HttpError} 502 or 504 when it does not end in time, well, or below the limit */
async function wholeBody(response: IncomingMessage, deadline: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  const late = new HttpError(504, "gateway_timeout", "The service did not answer in time");
  const timer = setTimeout(() => response.destroy(late), Math.max(0, deadline - Date.now()));
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxAnswerBytes) throw tooLarge();
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    throw error instanceof HttpError
      ? error
      : new HttpError(502, "bad_gateway", "The service's answer ended early", error);
  } finally {
    clearTimeout(timer);
  }
}

function bufferedAnswer(head: AnswerHead, bytes: Buffer): BufferedAnswer {
  const isBase64Encoded = !isUtf8(bytes);
  const answer = { ...head, body: bytes.toString(isBase64Encoded ? "base64" : "utf8"), isBase64Encoded };
  if (bytes.length > surelyFits && Buffer.byteLength(JSON.stringify(answer)) > maxAnswerBytes) throw tooLarge();
  return answer;
}

function tooLarge(): HttpError {
  return new HttpError(502, "answer_too_large", "The service's answer is too large");
}
