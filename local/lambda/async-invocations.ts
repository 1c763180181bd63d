import { randomUUID } from "node:crypto";
import type { GraphIndex } from "../../graph/model";
import { FunctionFailure } from "../local-compute";
import type { LogSink } from "../processes/lines";
import type { TimeScale } from "../time-scale";
import { functionAt } from "./function-policy";

/** What `AsyncInvocations` works with. */
export interface AsyncInvocationsOptions {
  readonly index: GraphIndex;
  /** @throws {FunctionFailure} */
  invoke(functionArn: string, event: unknown): Promise<unknown>;
  /** Sends to a queue or topic, as the function's role. @throws {Error} */
  tell(destinationArn: string, message: object, functionArn: string): Promise<void>;
  readonly time: TimeScale;
  readonly log: LogSink;
}

/** Delays before Lambda repeats an event: one minute, then two. */
const retrySeconds = [60, 120];

/**
 * Events that functions get without their sender waiting: each is repeated as Lambda repeats it, and what failed for good goes
 * to the planned destination or dead letter queue of the function.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
 */
export class AsyncInvocations {
  private readonly timers = new Set<NodeJS.Timeout>();
  private stopped = false;

  constructor(private readonly options: AsyncInvocationsOptions) {}

  /** Takes an event; it is handled from now on. */
  take(functionArn: string, event: unknown): void {
    void this.attempt(functionArn, event, 0);
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
  }

  private async attempt(functionArn: string, event: unknown, retries: number): Promise<void> {
    const { invoke, log, time } = this.options;
    try {
      await invoke(functionArn, event);
    } catch (error) {
      if (this.stopped) return;
      const name = functionArn.split(":").slice(6).join(":");
      const seconds = retries < this.mostRetries(functionArn) ? retrySeconds[retries] : undefined;
      const { message } = error as Error;
      if (seconds === undefined) {
        log("lambda", `${name} failed for good: ${message}`);
        return this.giveUp(functionArn, event, retries + 1, error);
      }
      log("lambda", `${name} failed and gets its event again in ${seconds} s: ${message}`);
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        void this.attempt(functionArn, event, retries + 1);
      }, time.ms(seconds));
      this.timers.add(timer);
    }
  }

  private async giveUp(functionArn: string, event: unknown, attempts: number, error: unknown): Promise<void> {
    const { index, tell, log } = this.options;
    const destination = this.configOf(functionArn)?.["destinationConfig"]?.onFailure?.destination;
    const dead = functionAt(index, functionArn)?.deadLetterArn;
    try {
      if (destination !== undefined) await tell(destination, record(functionArn, event, attempts, error), functionArn);
      if (dead !== undefined) await tell(dead, event as object, functionArn);
    } catch (refusal) {
      log("lambda", `an event that failed for good is lost: ${(refusal as Error).message}`);
    }
  }

  private mostRetries(functionArn: string): number {
    return this.configOf(functionArn)?.["maximumRetryAttempts"] ?? retrySeconds.length;
  }

  private configOf(functionArn: string): Readonly<Record<string, any>> | undefined {
    const [functionName, qualifier] = functionArn.split(":").slice(6);
    return this.options.index
      .ofType("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")
      .find(({ outputs }) => outputs["functionName"] === functionName && outputs["qualifier"] === qualifier)?.outputs;
  }
}

function record(functionArn: string, requestPayload: unknown, approximateInvokeCount: number, error: unknown): object {
  const responsePayload = error instanceof FunctionFailure ? error.payload : undefined;
  return {
    version: "1.0",
    timestamp: new Date().toISOString(),
    requestContext: { requestId: randomUUID(), functionArn, condition: "RetriesExhausted", approximateInvokeCount },
    requestPayload,
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    ...(responsePayload && { responsePayload }),
  };
}
