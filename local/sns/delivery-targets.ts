import type { LogSink } from "../processes/lines";
import type { Queue } from "../sqs/queue";
import type { TimeScale } from "../time-scale";

/** What deliveries reach. */
export interface DeliveryTargets {
  /**
   * Returns the queue with an ARN if SNS may send to it for a topic.
   * @throws {Error} with the reason when there is none, or when a policy does not let SNS in
   */
  queue(arn: string, topicArn: string): Queue;
  /** Hands an event to a function, which Lambda then repeats if it fails. @throws {Error} when a policy does not let SNS in */
  handTo(functionArn: string, event: unknown, topicArn: string): void;
  /** Returns where an endpoint's requests go on this machine; undefined for one outside of it, which is not called. */
  origin(endpoint: URL): string | undefined;
  readonly time: TimeScale;
  readonly log: LogSink;
}

/** A delivery that failed; SNS does not repeat one that would fail again. */
export class DeliveryFailure extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly permanent: boolean,
  ) {
    super(message);
  }
}
