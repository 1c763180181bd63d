import { readCaseFiles } from "./case-files";
import type { Grade } from "./cases";
import type { JsonValue } from "./match";

/** One thing that SQS, SNS, event sources, streams or pipes do, with its source. */
export interface EventsCase {
  readonly id: string;
  readonly grade: Grade;
  readonly source: string;
  readonly note?: string;
  /** What is done, one after the other. */
  readonly steps: readonly EventsStep[];
  /** What is observed, in part: see `observeEvents`. */
  readonly expected: JsonValue;
  /** Why the local platform does something else; docs/local.md names the case. */
  readonly deviation?: string;
}

/**
 * A step of a case. Texts may name what earlier steps have made: `(url orders)` and `(arn orders)` of a queue,
 * `(topic news)` the ARN of a topic, `(endpoint)` the URL of an HTTP endpoint,
 * `(handle one)` of the message with the body `one` that was received last.
 */
export interface EventsStep {
  /** Name of the step in what is observed. @default "last" */
  readonly as?: string;
  /** An operation of SQS with its input; `queue` is the queue's name in place of its URL. */
  readonly sqs?: string;
  readonly queue?: string;
  readonly input?: Readonly<Record<string, JsonValue>>;
  /** `query` is the older protocol. */
  readonly protocol?: "json" | "query";
  /** An operation of SNS with its input; `topic` is the topic's name in place of its ARN. */
  readonly sns?: string;
  readonly topic?: string;
  /** Waits for so many requests to the HTTP endpoint, or events of the function, and shows the last one. */
  readonly gets?: { readonly what: "requests" | "events"; readonly count: number };
  /** Seconds that pass. */
  readonly pass?: number;
  /** Done at the same time, milliseconds after the step before began. */
  readonly meanwhileMs?: number;
}

/** Reads every case of events by area. */
export function readEventsCases(): ReadonlyMap<string, readonly EventsCase[]> {
  return readCaseFiles<EventsCase>("events-cases");
}
