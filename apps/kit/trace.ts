import { AsyncLocalStorage } from "node:async_hooks";

/** A valid `traceparent` of W3C Trace Context, version 00. @see https://www.w3.org/TR/trace-context/ */
const traceparent = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const storage = new AsyncLocalStorage<string | undefined>();

/** Runs code that serves a request with its header `traceparent`, which calls of other services pass on. */
export function withTrace<T>(header: string | undefined, run: () => T): T {
  return storage.run(header !== undefined && traceparent.test(header) ? header : undefined, run);
}

/** Returns the `traceparent` of the request that is being served; undefined without a valid one. */
export function currentTrace(): string | undefined {
  return storage.getStore();
}
