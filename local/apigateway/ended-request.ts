import type { ServerResponse } from "node:http";

/** A request that a gateway has answered or given up. */
export interface EndedRequest {
  /** The gateway's request id, as its answer and the logs of services have it. */
  readonly id: string;
  readonly method: string;
  /** Without query. */
  readonly path: string;
  /** Listener, Cloud Map service or function that the request's route leads to; unset where it led to none of them. */
  readonly uri: string | undefined;
  /** 0 when the client got no whole answer. */
  readonly status: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly milliseconds: number;
}

/** A function that gets every request that has ended at a gateway. */
export type EndedRequestListener = (request: EndedRequest) => void;

/** What a gateway knows of a request that has ended. */
interface EndedExchange {
  readonly requestId: string;
  readonly timeEpoch: number;
  readonly startedAt: number;
  readonly clock: { monotonic(): number };
  readonly res: ServerResponse;
}

/** Describes a request whose connection has closed, or whose answer is sent. */
export function endedRequest(
  exchange: EndedExchange,
  method: string,
  path: string,
  uri: string | undefined,
): EndedRequest {
  const { requestId: id, timeEpoch: startedAt, res, clock } = exchange;
  const status = res.writableFinished ? res.statusCode : 0;
  return { id, method, path, uri, status, startedAt, milliseconds: clock.monotonic() - exchange.startedAt };
}
