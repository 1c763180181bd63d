import { pipeline, type Readable, Transform } from "node:stream";
import { FunctionFailure, type LocalCompute } from "../../../local-compute";
import type { RestExchange } from "../exchange";
import { functionAnswer } from "../function-answer";
import { functionEvent } from "../function-event";
import { GatewayError, internalError } from "../gateway-responses";
import type { InvokePermission } from "../permissions";
import { sourceArn } from "./function-integration";
import type { StreamedAnswer } from "./integrate";
import { filledUri } from "./integration-request";

/** Eight bytes 0 between the status and headers of a streamed answer, and its body. */
const delimiter = Buffer.alloc(8);
/** Longest text of status and headers. */
const maxHeadBytes = 64 * 1_024;
/** Longest time without a part of the answer. */
const idleMilliseconds = 5 * 60 * 1_000;

/**
 * Invokes the function of a streaming proxy integration. Its result begins with status and headers as JSON, then the
 * delimiter; what follows is passed on as it comes. The function runs on when the client goes away.
 * @throws {GatewayError} with status 502 when the result does not begin like that
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
export async function streamFunction(
  exchange: RestExchange,
  { compute, mayInvoke }: { readonly compute: LocalCompute; readonly mayInvoke: InvokePermission },
): Promise<StreamedAnswer> {
  const { credentials, timeoutMilliseconds } = exchange.method!.integration;
  const uri = filledUri(exchange, {});
  if (credentials === undefined && !mayInvoke(uri, sourceArn(exchange))) throw internalError();
  const stream = compute.invokeStreaming(uri, functionEvent(exchange));
  const late = new GatewayError("INTEGRATION_TIMEOUT", "Endpoint request timed out");
  const whole = setTimeout(() => stream.destroy(late), timeoutMilliseconds);
  const idle = setTimeout(() => stream.destroy(late), idleMilliseconds);
  stream.once("close", () => {
    clearTimeout(whole);
    clearTimeout(idle);
  });
  const head = await headOf(exchange, stream);
  exchange.endpointStatus = 200;
  const { status, headers } = functionAnswer(head, false);
  exchange.integrationStatus = status;
  const body = new Transform({
    transform(chunk, _encoding, done) {
      idle.refresh();
      done(null, chunk);
    },
  });
  // The end of either stream is the end of the other; the client's connection is closed when it fails.
  pipeline(stream, body, () => {});
  return { status, headers, stream: body };
}

/** Reads status and headers, and puts what came after them back into the stream. */
function headOf(exchange: RestExchange, stream: Readable): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let read = Buffer.alloc(0);
    const settle = (error?: Error) => {
      stream.off("readable", next).off("end", ended).off("error", failed);
      if (error === undefined) return;
      stream.once("error", () => {});
      stream.destroy();
      reject(error);
    };
    const ended = () => settle(internalError(502));
    const failed = (error: Error) => {
      exchange.integrationError = error.message;
      const throttled = error instanceof FunctionFailure && error.reason === "throttled";
      settle(error instanceof GatewayError ? error : internalError(throttled ? undefined : 502));
    };
    const next = () => {
      for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) {
        read = Buffer.concat([read, chunk]);
        const at = read.indexOf(delimiter);
        if (at < 0 && read.length > maxHeadBytes) return settle(internalError(502));
        if (at < 0) continue;
        settle();
        const rest = read.subarray(at + delimiter.length);
        if (rest.length > 0) stream.unshift(rest);
        return resolve(parsed(read.subarray(0, at).toString()));
      }
    };
    stream.on("readable", next).once("end", ended).once("error", failed);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
