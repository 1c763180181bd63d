import type { IncomingMessage, ServerResponse } from "node:http";

/** A request that a gateway has answered or given up. */
export interface EndedRequest {
  /** The gateway's request id, as its answer and the logs of services have it. */
  readonly id: string;
  readonly method: string;
  /** Without query. */
  readonly path: string;
  /** @example "GET /food-store/foods/{id}" */
  readonly route: string | undefined;
  /** Listener, Cloud Map service or function that the route leads to; unset where it leads to none of them. */
  readonly uri: string | undefined;
  /** 0 when the client got no whole answer. */
  readonly status: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly milliseconds: number;
  /** Header `traceparent` that the client sent. */
  readonly traceparent: string | undefined;
  /** Header `x-amzn-trace-id` that was passed on. */
  readonly awsTrace: string;
  readonly steps: GatewaySteps;
}

/** What a gateway did for a request. */
export interface GatewaySteps {
  /** Unset where none was asked. */
  readonly authorizer?: GatewayStep;
  /** Unset where the request was refused before. */
  readonly integration?: GatewayStep & {
    /** Server that a balancer or Cloud Map chose: `http://127.0.0.1:<port>`. */
    readonly origin?: string;
    readonly via?: "balancer" | "discovery";
  };
}

/** One step; times in milliseconds, the start from that of the request. */
interface GatewayStep {
  readonly startMs: number;
  readonly ms: number;
  readonly error?: string | undefined;
}

/** A function that gets every request that has ended at a gateway. */
export type EndedRequestListener = (request: EndedRequest) => void;

/** What the exchanges of all gateways have. */
interface EndedExchange {
  readonly requestId: string;
  readonly timeEpoch: number;
  readonly startedAt: number;
  readonly clock: { monotonic(): number };
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

/** Describes a request whose connection has closed, or whose answer is sent. */
export function endedRequest(
  exchange: EndedExchange,
  known: Pick<EndedRequest, "method" | "path" | "route" | "uri" | "awsTrace" | "steps">,
): EndedRequest {
  const { requestId: id, timeEpoch: startedAt, req, res, clock } = exchange;
  const status = res.writableFinished ? res.statusCode : 0;
  const { traceparent } = req.headers;
  return {
    ...known,
    ...{ id, status, startedAt, milliseconds: clock.monotonic() - exchange.startedAt },
    // Node joins repeated ones, which makes none valid.
    traceparent: typeof traceparent === "string" ? traceparent : undefined,
  };
}
