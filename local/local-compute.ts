import type { Readable } from "node:stream";

/**
 * The servers and functions that a local gateway reaches: the only contract between the two. ARNs are the planned ones.
 */
export interface LocalCompute {
  /**
   * Chooses a server for one request of a private integration, as the balancer or Cloud Map would right now.
   * @param uri  listener ARN or Cloud Map service ARN (`integrationUri`)
   * @param host  name in the Host header that the server would get, without port; rules of a listener may ask for it
   * @throws {Error} when no planned resource has this ARN
   */
  pickServer(uri: string, host: string): ServerChoice;

  /**
   * Invokes a function alias with one event.
   * @param uri  alias ARN or its invoke ARN (`integrationUri`)
   * @throws {FunctionFailure} when the function failed, timed out or was throttled
   */
  invoke(uri: string, event: unknown): Promise<unknown>;

  /**
   * Invokes a function alias with one event and returns its result while it arrives.
   * @param uri  ARN for streamed invocations (`responseStreamingInvokeArn`)
   * @returns a stream that is destroyed with a FunctionFailure when the function fails
   */
  invokeStreaming(uri: string, event: unknown): Readable;
}

/** The server chosen for a request, or none. */
export type ServerChoice =
  | {
      readonly kind: "server";
      /** `http://127.0.0.1:<port>`. */
      readonly origin: string;
      readonly via: "balancer" | "discovery";
      /** Must be called once when the request ended, as a balancer counts requests in flight. */
      requestEnded(): void;
    }
  /** The listener answers itself, as no rule of it matches the request. */
  | {
      readonly kind: "fixed";
      readonly via: "balancer";
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
    }
  /** No server can take the request: a balancer answers 503 itself; after discovery the gateway answers 503. */
  | { readonly kind: "none"; readonly via: "balancer" | "discovery" };

/** The error of a function, as Lambda's answer to an invocation has it. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** Thrown when a local Lambda function fails, does not answer in time, or is at its limit of concurrent executions. */
export class FunctionFailure extends Error {
  override readonly name = "FunctionFailure";
  constructor(
    readonly reason: "error" | "timeout" | "throttled",
    message: string,
    /** What Lambda answers to the invocation instead of a result, where the function itself failed. */
    readonly payload?: FunctionError,
  ) {
    super(message);
  }
}
