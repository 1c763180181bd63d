import { UserError } from "../graph/user-error";
import type { RecentLines } from "./log/recent-lines";

/** A part of the platform that is not ready yet. */
export interface Awaited {
  /** What it is for people: `food-store in eu-west-1`. */
  readonly subject: string;
  /** Sources of its log lines: `food-store eu-west-1a`. */
  readonly sources: readonly string[];
}

/** Parts that have begun to start and are not ready yet, so that a start which takes too long can name them. */
export class StartingParts {
  private readonly names = new Set<string>();

  /** Runs what starts a part. */
  async run(name: string, work: Promise<unknown>): Promise<void> {
    this.names.add(name);
    await work;
    this.names.delete(name);
  }

  awaited(): Awaited[] {
    return [...this.names].map((subject) => ({ subject, sources: [subject] }));
  }
}

/** Options of `becomeReady`. */
export interface ReadinessOptions {
  /** Longest time that the start may take. */
  readonly seconds: number;
  /** Ends the wait when it aborts. */
  readonly signal: AbortSignal | undefined;
  /** Returns what is not ready at this moment. */
  readonly awaited: () => readonly Awaited[];
  readonly recent: RecentLines;
}

/**
 * Waits until the platform has started.
 * @throws {UserError} when it is not ready in time or a part fails: one sentence, and the last log lines of that part
 * @throws the reason of the signal when it aborts
 */
export async function becomeReady(start: Promise<void>, options: ReadinessOptions): Promise<void> {
  const { seconds, signal, awaited, recent } = options;
  signal?.throwIfAborted();
  // When the wait ends before the start does, its failure is that of parts that were stopped.
  start.catch(() => {});
  let timer: NodeJS.Timeout | undefined;
  let interrupt = () => {};
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(lateness(seconds, awaited(), recent)), seconds * 1_000);
    interrupt = () => reject(signal?.reason);
    signal?.addEventListener("abort", interrupt);
  });
  try {
    await Promise.race([start, late]);
  } catch (error) {
    throw error instanceof UserError ? withLines(error, recent.mentioned(error.message)) : error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", interrupt);
  }
}

function lateness(seconds: number, awaited: readonly Awaited[], recent: RecentLines): UserError {
  const subjects = awaited.map(({ subject }) => subject).join(", ");
  const sentence = `${subjects || "the platform"} did not get ready within ${seconds} s; fix what the log says, or allow more time with --ready-seconds`;
  const lines = awaited.flatMap(({ sources }) => sources.flatMap((source) => recent.of(source)));
  return withLines(new UserError(sentence), lines);
}

function withLines(error: UserError, lines: readonly string[]): UserError {
  if (lines.length === 0 || error.message.includes("\n")) return error;
  return new UserError([error.message, ...lines.map((line) => `  ${line}`)].join("\n"), { cause: error });
}
