import { AsyncLocalStorage } from "node:async_hooks";

/** Version 00 of https://www.w3.org/TR/trace-context/: neither id is zero. */
const traceparent = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const storage = new AsyncLocalStorage<string | undefined>();

/** Tells whether a header is a valid `traceparent`. */
export function isTraceparent(header: string): boolean {
  return traceparent.test(header);
}

/** Runs code that serves a request with its header `traceparent`, which calls of other services pass on. */
export function withTrace<T>(header: string | undefined, run: () => T): T {
  return storage.run(header !== undefined && isTraceparent(header) ? header : undefined, run);
}

/** Returns the `traceparent` of the request that is being served; undefined without a valid one. */
export function currentTrace(): string | undefined {
  return storage.getStore();
}
