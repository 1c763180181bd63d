import { FunctionFailure, type LocalCompute } from "../../../local-compute";
import type { RestExchange } from "../exchange";
import { type Answer, functionAnswer } from "../function-answer";
import { functionEvent } from "../function-event";
import { GatewayError, internalError } from "../gateway-responses";
import { isBinaryType } from "../media-types";
import type { InvokePermission } from "../permissions";
import { filledUri, type MappedRequest } from "./integration-request";

/** Lambda's limit for event and result of a synchronous invocation: 6 MB each. */
const maxPayloadBytes = 6 * 1_024 * 1_024;

/** What functions are invoked by. */
export interface FunctionTargets {
  readonly compute: LocalCompute;
  readonly mayInvoke: InvokePermission;
}

/** Invokes the function of a proxy integration with the request as its event, and returns its result as an answer. */
export async function askProxyFunction(exchange: RestExchange, to: FunctionTargets): Promise<Answer> {
  const result = await invoke(exchange, filledUri(exchange, {}), functionEvent(exchange), to);
  if (result instanceof FunctionFailure) {
    exchange.endpointStatus = result.reason === "throttled" ? 429 : 200;
    exchange.integrationError = result.message;
    throw internalError(result.reason === "throttled" ? undefined : 502);
  }
  exchange.endpointStatus = 200;
  const answer = functionAnswer(result, isBinaryType(exchange.headers, "accept", exchange.api.binaryMediaTypes));
  exchange.integrationStatus = answer.status;
  return answer;
}

/**
 * Invokes the function of an integration that is no proxy with what its template made of the request.
 * @returns the result as JSON, and what selection patterns are compared with: the function's error message
 */
export async function askFunction(
  exchange: RestExchange,
  request: MappedRequest,
  to: FunctionTargets,
): Promise<readonly [answer: Answer, selector: string]> {
  const text = request.body.toString();
  const event = parsed(text.trim() === "" ? "{}" : text);
  if (event === undefined) {
    const message = "Could not parse request body into json";
    return [jsonAnswer(400, { Type: "User", message }), message];
  }
  const result = await invoke(exchange, filledUri(exchange, request.path), event.value, to);
  const failed = result instanceof FunctionFailure;
  if (failed && result.reason === "throttled") throw internalError();
  const payload = failed ? (result.payload ?? { errorMessage: result.message }) : result;
  if (failed) exchange.integrationError = result.message;
  exchange.endpointStatus = 200;
  exchange.integrationStatus = 200;
  return [jsonAnswer(200, payload ?? null), failed ? String((payload as any)?.errorMessage ?? "") : ""];
}

function jsonAnswer(status: number, value: unknown): Answer {
  return { status, headers: [["Content-Type", "application/json"]], body: Buffer.from(JSON.stringify(value)) };
}

/** Invokes a function. @throws {GatewayError} when the function may not be invoked, or does not answer in time */
async function invoke(
  exchange: RestExchange,
  uri: string,
  event: unknown,
  { compute, mayInvoke }: FunctionTargets,
): Promise<unknown> {
  const { credentials, timeoutMilliseconds } = exchange.method!.integration;
  if (credentials === undefined && !mayInvoke(uri, sourceArn(exchange))) {
    exchange.integrationError = "Invalid permissions on Lambda function";
    throw internalError();
  }
  if (Buffer.byteLength(JSON.stringify(event)) > maxPayloadBytes) {
    throw new GatewayError("REQUEST_TOO_LARGE", "Request Too Long");
  }
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new GatewayError("INTEGRATION_TIMEOUT", "Endpoint request timed out");
    timer = setTimeout(() => reject(error), timeoutMilliseconds);
  });
  const failed = (error: unknown) => {
    if (error instanceof FunctionFailure) return error;
    throw error;
  };
  try {
    return await Promise.race([compute.invoke(uri, event).catch(failed), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What API Gateway says to Lambda about itself: the resource's path, with `*` for each of its parameters. */
export function sourceArn({ api, stage, method }: RestExchange): string {
  const path = method!.path.replace(/\{[^}]+\}/g, "*");
  return `arn:aws:execute-api:${api.region}:${api.accountId}:${api.apiId}/${stage.name}/${method!.httpMethod}${path}`;
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
