import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleType,
  noop,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from "cockatiel";
import type { Method } from "../definition";
import { HttpError } from "../errors";

/** A call that failed and may not fail a moment later. */
export class CallFailure extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "CallFailure";
  }
}

/** Longest time of a call with all its attempts: within the time that a handler has to answer. */
const callMilliseconds = 3_000;
/** Longest time of one attempt. */
const attemptMilliseconds = 1_200;
const moreAttempts = 2;
/** Failures in a row after which a service is not called, and for how long. */
const failuresInARow = 5;
const pauseMilliseconds = 5_000;

/** Sends a request; the signal says when nothing waits for it any more. */
type Send<T> = (signal: AbortSignal) => Promise<T>;

/**
 * Makes the way in which one service is called: a limit on the time of a call and of each attempt, further attempts after
 * random pauses where a request may be repeated, and a circuit breaker of all calls to that service.
 * @returns a function that fails with an `HttpError`, 503 `dependency_unavailable`
 */
export function callPolicy(): <T>(method: Method, send: Send<T>) => Promise<T> {
  const failures = handleType(CallFailure).orType(TaskCancelledError);
  const breaker = circuitBreaker(failures, {
    halfOpenAfter: pauseMilliseconds,
    breaker: new ConsecutiveBreaker(failuresInARow),
  });
  const attempt = wrap(breaker, timeout(attemptMilliseconds, TimeoutStrategy.Aggressive));
  const repeated = retry(failures, {
    maxAttempts: moreAttempts,
    // Random pauses, so that callers that failed together do not come again together.
    backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 500 }),
  });
  const whole = timeout(callMilliseconds, TimeoutStrategy.Aggressive);
  return async (method, send) => {
    const policy = wrap(whole, mayRepeat(method) ? repeated : noop, attempt);
    try {
      return await policy.execute(({ signal }) => send(signal));
    } catch (error) {
      if (!(error instanceof CallFailure || error instanceof TaskCancelledError || error instanceof BrokenCircuitError))
        throw error;
      throw new HttpError(
        503,
        "dependency_unavailable",
        "A service that this one calls is not available; try again",
        error,
      );
    }
  };
}

/** Methods that have the same effect when they come twice. */
function mayRepeat(method: Method): boolean {
  return method === "GET" || method === "PUT" || method === "DELETE";
}
