/**
 * What the local gateway asks of the local compute: the only contract between the two. ARNs are those of the plan.
 */
export interface Backends {
  /**
   * Chooses a server for one request of a private integration, as the balancer or Cloud Map would right now.
   * @param uri  listener ARN or Cloud Map service ARN (`integrationUri`)
   * @throws when no planned resource has this ARN
   */
  pick(uri: string): Choice;

  /**
   * Invokes a function alias with one event.
   * @param uri  alias ARN or its invoke ARN (`integrationUri`)
   * @throws {FunctionFailure} when the function failed, timed out or was throttled
   */
  invoke(uri: string, event: unknown): Promise<unknown>;
}

export type Choice =
  | {
      readonly kind: "server";
      /** `http://127.0.0.1:<port>`. */
      readonly origin: string;
      readonly via: "balancer" | "discovery";
      /** Called once when the request ended; a balancer counts requests in flight with it. */
      done(): void;
    }
  /** No server could take it. `balancer` answers 503 itself; `discovery` makes the gateway answer 503. */
  | { readonly kind: "none"; readonly via: "balancer" | "discovery" };

export class FunctionFailure extends Error {
  override readonly name = "FunctionFailure";
  constructor(
    readonly reason: "error" | "timeout" | "throttled",
    message: string,
  ) {
    super(message);
  }
}
