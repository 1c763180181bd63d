import { readCaseFiles } from "./case-files";
import type { Grade } from "./cases";
import type { Behaviour } from "./events/function";
import type { JsonValue } from "./match";

/** One thing that SQS, SNS, event sources, streams or pipes do, with its source. */
export interface EventsCase {
  readonly id: string;
  readonly grade: Grade;
  readonly source: string;
  readonly note?: string;
  /** How many times faster than planned time passes. @default 1 */
  readonly timeScale?: number;
  /** Properties of planned pipes. */
  readonly pipes?: readonly Readonly<Record<string, JsonValue>>[];
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
 * `(stream)` the ARN of the stream of `things`, `(function)` that of `f`,
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
  /** An operation of DynamoDB or its streams with its input, of the table `things`; `records` reads its stream. */
  readonly dynamodb?: string;
  /** What the function `f` does from now on, one invocation after the other; the last is done again. */
  readonly function?: readonly Behaviour[];
  /** Input of CreateEventSourceMapping, for the function `f`. */
  readonly mapping?: Readonly<Record<string, JsonValue>>;
  /** Waits for so many invocations of the function. */
  readonly invocations?: number;
  /** Waits, so that what should not happen can happen. */
  readonly waitMs?: number;
  /** Seconds that pass. */
  readonly pass?: number;
  /** Done at the same time, milliseconds after the step before began. */
  readonly meanwhileMs?: number;
}

/** Reads every case of events by area. */
export function readEventsCases(): ReadonlyMap<string, readonly EventsCase[]> {
  return readCaseFiles<EventsCase>("events-cases");
}
