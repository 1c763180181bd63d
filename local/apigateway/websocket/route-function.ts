import { FunctionFailure, type LocalCompute } from "../../local-compute";
import type { InvokePermission } from "../rest/permissions";
import type { ConnectionEvent } from "./upgrade";

/** What a function answers to an event. */
interface FunctionAnswer {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What events are told by. */
export interface RouteFunctionOptions {
  readonly compute: LocalCompute;
  readonly mayInvoke: InvokePermission;
  readonly log: (message: string) => void;
}

/**
 * Tells the function of a route about an event.
 * @param parts  of the event, in addition to its context
 * @returns what it answers; undefined when it fails, may not be invoked or takes too long
 */
export async function tellFunction(
  event: ConnectionEvent,
  parts: object,
  { compute, mayInvoke, log }: RouteFunctionOptions,
): Promise<FunctionAnswer | undefined> {
  const { api, stage } = event.upgrade;
  const { functionUri, timeoutMilliseconds } = api.routes.get(event.routeKey)!;
  const source = `arn:aws:execute-api:${api.region}:${api.accountId}:${api.apiId}/${stage.name}/${event.routeKey}`;
  const sent = { isBase64Encoded: false, ...parts, requestContext: event.context };
  let timer: NodeJS.Timeout | undefined;
  try {
    if (!mayInvoke(functionUri, source)) throw new FunctionFailure("error", "Invalid permissions on Lambda function");
    const late = new Promise<never>((_, reject) => {
      const failure = new FunctionFailure("timeout", "Endpoint request timed out");
      timer = setTimeout(() => reject(failure), timeoutMilliseconds);
    });
    const answer = (await Promise.race([compute.invoke(functionUri, sent), late])) as FunctionAnswer | null;
    event.integrationStatus = answer?.statusCode ?? 200;
    return answer ?? {};
  } catch (error) {
    event.integrationError = (error as Error).message;
    if (!(error instanceof FunctionFailure)) log(`gateway: ${event.routeKey} failed: ${(error as Error).message}`);
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** Returns the protocol that a function chooses for a connection; undefined for none. */
export function protocolOf({ headers = {} }: FunctionAnswer): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === "sec-websocket-protocol")?.[1];
}
