import { randomUUID } from "node:crypto";
import type { GraphIndex, PlannedResource } from "../../graph/model";
import type { LocalCompute } from "../local-compute";
import type { LogSink } from "../processes/lines";
import type { TimeScale } from "../time-scale";
import { oneOf, required, unsupported } from "../unsupported";
import { readExpression, type Timetable } from "./expression";

/** Options of `Schedules`. */
export interface SchedulesOptions {
  readonly compute: Pick<LocalCompute, "invoke">;
  readonly time: TimeScale;
  readonly log: LogSink;
}

/** A planned schedule: when it runs, what it invokes, and how often a run that failed is repeated. */
interface Schedule {
  readonly name: string;
  readonly timetable: Timetable;
  /** ARN of a function or of an alias. */
  readonly target: string;
  /** JSON in which AWS replaces its context attributes. */
  readonly input: string;
  readonly maximumRetryAttempts: number;
}

/** Longest time of a timer in Node.js, 24.8 days. */
const longestTimerMs = 2 ** 31 - 1;
/** Delays before Lambda repeats a run: one minute, then two. */
const retrySeconds = [60, 120];

/**
 * EventBridge Scheduler: invokes functions by the clock, which runs as fast as the time scale says. A rate counts from the
 * start of the platform, and a run begins at the beginning of its flexible window. A run that failed is repeated as Lambda
 * repeats it; when it failed for good, the log says which planned queue it would be in.
 */
export class Schedules {
  private readonly schedules: readonly Schedule[];
  private readonly timers = new Set<NodeJS.Timeout>();
  private stopped = false;

  /** @throws {UserError} when a planned schedule cannot be run here */
  constructor(
    index: GraphIndex,
    private readonly options: SchedulesOptions,
  ) {
    this.schedules = index.ofType("aws:scheduler/schedule:Schedule").map((schedule) => readSchedule(index, schedule));
  }

  start(): void {
    for (const schedule of this.schedules) this.startSchedule(schedule);
  }

  /** Starts no more runs; those that have begun end with their functions. */
  stop(): void {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private startSchedule(schedule: Schedule): void {
    const { timetable } = schedule;
    if (timetable.kind === "rate") {
      this.every(timetable.seconds, () => void this.run(schedule));
      return;
    }
    const { time } = this.options;
    const started = Date.now();
    // Minutes of the scaled clock, each looked at once.
    this.every(
      60,
      (count) => {
        const minute = new Date(Math.floor(started / 60_000) * 60_000 + count * 60_000);
        if (timetable.matches(minute)) void this.run(schedule);
      },
      time.ms(60 - (started % 60_000) / 1_000),
    );
  }

  /** Calls back at a rate of the scaled clock, with the number of the call from 1. */
  private every(seconds: number, call: (count: number) => void, firstMs = this.options.time.ms(seconds)): void {
    const started = Date.now();
    const next = (count: number) => {
      const due = started + firstMs + (count - 1) * this.options.time.ms(seconds);
      this.after(due - Date.now(), () => {
        next(count + 1);
        call(count);
      });
    };
    next(1);
  }

  private after(ms: number, call: () => void): void {
    if (this.stopped) return;
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        if (ms > longestTimerMs) this.after(ms - longestTimerMs, call);
        else call();
      },
      Math.min(Math.max(ms, 0), longestTimerMs),
    );
    this.timers.add(timer);
  }

  private async run(schedule: Schedule, attempt = 0, event: unknown = eventOf(schedule)): Promise<void> {
    const { compute, time, log } = this.options;
    try {
      await compute.invoke(schedule.target, event);
      log("scheduler", `${schedule.name} ran`);
    } catch (error) {
      if (this.stopped) return;
      const { message } = error as Error;
      if (attempt < schedule.maximumRetryAttempts) {
        const seconds = retrySeconds[Math.min(attempt, retrySeconds.length - 1)]!;
        log("scheduler", `${schedule.name} failed and is repeated in ${seconds} s: ${message}`);
        this.after(time.ms(seconds), () => void this.run(schedule, attempt + 1, event));
      } else {
        log("scheduler", `${schedule.name} failed for good, AWS would keep it in the queue of failed runs: ${message}`);
      }
    }
  }
}

function readSchedule(index: GraphIndex, schedule: PlannedResource): Schedule {
  const { outputs } = schedule;
  const target = required<any>(schedule, "target", outputs["target"]);
  oneOf(schedule, "state", [undefined, "ENABLED"], outputs["state"]);
  oneOf(schedule, "scheduleExpressionTimezone", [undefined, "UTC"], outputs["scheduleExpressionTimezone"]);
  for (const property of ["startDate", "endDate"]) oneOf(schedule, property, [undefined], outputs[property]);
  return {
    name: outputs["name"],
    timetable:
      readExpression(outputs["scheduleExpression"]) ??
      unsupported(schedule, "scheduleExpression", "a rate, or a cron of numbers", outputs["scheduleExpression"]),
    target: target.arn,
    input: target.input ?? "{}",
    maximumRetryAttempts: invokeConfigOf(index, target.arn)?.outputs["maximumRetryAttempts"] ?? retrySeconds.length,
  };
}

/** Returns Lambda's settings for events that a function, or an alias of one, gets without its caller waiting. */
function invokeConfigOf(index: GraphIndex, arn: string): PlannedResource | undefined {
  const [functionName, qualifier] = arn.split(":").slice(6);
  return index
    .ofType("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")
    .find(({ outputs }) => outputs["functionName"] === functionName && outputs["qualifier"] === qualifier);
}

/** Returns the event of a new run, with AWS's context attributes replaced. */
function eventOf({ input }: Schedule): unknown {
  const values: Readonly<Record<string, string>> = {
    "execution-id": randomUUID(),
    "scheduled-time": new Date().toISOString(),
    "attempt-number": "1",
  };
  return JSON.parse(input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (whole, name) => values[name] ?? whole));
}
