import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { type FunctionError, FunctionFailure } from "../local-compute";
import { chooseErrorLine, type LogSink, onLines } from "../processes/lines";
import { smallHeapArguments, smallHeapVariables } from "../processes/memory";
import { hasEnded, type Reaper } from "../processes/reaper";
import type { TimeScale } from "../time-scale";
import { emptiestZone } from "../vpc/zones";
import type { FunctionSpec } from "./function-spec";

/** Options of `FunctionPool`. */
export interface FunctionPoolOptions {
  /** Project root: artifact folders are relative to it. */
  readonly root: string;
  /** Returns the environment variables that replace planned ones when a process starts: addresses and credentials. */
  readonly overrides: (of: FunctionSpec) => Readonly<Record<string, string>>;
  /** URLs of this machine that take the place of planned URLs in environment variables. @default none */
  readonly addresses?: ReadonlyMap<string, string>;
  readonly time: TimeScale;
  readonly log: LogSink;
  readonly reaper: Reaper;
}

interface Job {
  readonly event: unknown;
  /** Gets each part of a streamed result. */
  readonly onChunk: ((chunk: Buffer) => void) | undefined;
  /** Milliseconds on the monotonic clock. */
  readonly queuedAt: number;
  resolve(result: unknown): void;
  reject(error: FunctionFailure): void;
}

interface Worker {
  readonly child: ChildProcess;
  readonly zone: string;
  state: "starting" | "idle" | "busy";
  job?: Job;
  timer?: NodeJS.Timeout;
}

/**
 * Most processes per function. Further invocations, up to the reserved concurrency, wait for a free one, as a machine
 * with few cores would not run more at a time.
 */
export const maxWorkers = 16;
/**
 * How long a process is kept without work. Lambda keeps execution environments for minutes and does not say how many; each
 * takes memory, of which a machine has less.
 */
const idleSeconds = 30;
/** How long an event waits for a free process before another one is started. Lambda starts one at once. */
const growMs = 100;
/** Lambda's limit for the initialisation of an execution environment. */
const initialiseMs = 10_000;

/**
 * The execution environments of one function: processes that handle one event at a time each. The first one starts with
 * the first event, and each ends when it has been idle; concurrency is not provisioned here.
 */
export class FunctionPool {
  private readonly workers = new Set<Worker>();
  private readonly queue: Job[] = [];
  /** When a process became ready last: events that waited for it have waited for nothing else. */
  private grownAt = Number.NEGATIVE_INFINITY;
  private growTimer: NodeJS.Timeout | undefined;
  private inFlight = 0;
  private stopped = false;

  constructor(
    readonly spec: FunctionSpec,
    private readonly options: FunctionPoolOptions,
  ) {}

  /**
   * Invokes the function.
   * @param onChunk  gets the parts of its result while they come; the result itself is then null
   * @throws {FunctionFailure} when it failed, timed out or is at its reserved concurrency
   */
  async invoke(event: unknown, onChunk?: (chunk: Buffer) => void): Promise<unknown> {
    if (this.stopped) throw this.failure("error", "the platform stops");
    if (this.inFlight >= this.spec.reservedConcurrency) {
      throw new FunctionFailure(
        "throttled",
        `${this.spec.service}: rate exceeded, ${this.spec.reservedConcurrency} executions run`,
      );
    }
    this.inFlight++;
    try {
      return await new Promise((resolve, reject) => {
        this.queue.push({ event, onChunk, queuedAt: performance.now(), resolve, reject });
        this.assignJobs();
      });
    } finally {
      this.inFlight--;
    }
  }

  views(): { readonly zone: string; readonly pid?: number; readonly health: "initial" | "healthy" }[] {
    return [...this.workers].map(({ child, zone, state }) => ({
      zone,
      ...(child.pid === undefined ? {} : { pid: child.pid }),
      health: state === "starting" ? "initial" : "healthy",
    }));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.growTimer);
    const exits = [...this.workers].map(async ({ child }) => {
      if (hasEnded(child)) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    });
    this.rejectQueue(this.failure("error", "the platform stops"));
    await Promise.all(exits);
  }

  private rejectQueue(failure: FunctionFailure): void {
    for (const job of this.queue.splice(0)) job.reject(failure);
  }

  /** Hands waiting events to idle workers, and starts a worker for those that wait too long. */
  private assignJobs(): void {
    const idle = [...this.workers].filter((worker) => worker.state === "idle");
    // Uses the last one first, so that the others stay idle long enough to be ended.
    for (let worker = idle.pop(); worker !== undefined && this.queue.length > 0; worker = idle.pop()) {
      this.run(worker, this.queue.shift()!);
    }
    this.grow();
  }

  /**
   * Starts a worker when there is none, or when the oldest event has waited; one at a time, as each slows down the others
   * while it starts, and short events soon find a free one.
   */
  private grow(): void {
    clearTimeout(this.growTimer);
    const [oldest] = this.queue;
    const starts = [...this.workers].some((worker) => worker.state === "starting");
    if (oldest === undefined || starts || this.stopped || this.workers.size >= maxWorkers) return;
    const waitMs = growMs - (performance.now() - Math.max(oldest.queuedAt, this.grownAt));
    if (this.workers.size > 0 && waitMs > 0) this.growTimer = setTimeout(() => this.grow(), waitMs);
    else this.launch();
  }

  private run(worker: Worker, job: Job): void {
    const { timeoutSeconds, functionName, aliasArn, memoryMegabytes } = this.spec;
    clearTimeout(worker.timer);
    Object.assign(worker, { state: "busy", job });
    worker.timer = setTimeout(() => {
      const errorMessage = `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
      job.reject(this.failure("timeout", errorMessage, { errorType: "Sandbox.Timedout", errorMessage }));
      worker.child.kill("SIGKILL");
    }, timeoutSeconds * 1_000);
    const context = {
      functionName,
      invokedFunctionArn: aliasArn,
      memoryLimitInMB: String(memoryMegabytes),
      awsRequestId: randomUUID(),
    };
    // A worker that ends at this moment is handled when it exits.
    const message = { event: job.event, context, streaming: job.onChunk !== undefined };
    worker.child.send({ ...message, deadline: Date.now() + timeoutSeconds * 1_000 }, () => {});
  }

  private launch(): void {
    const { spec, options } = this;
    const zone = emptiestZone(spec.zones, this.workers);
    const cwd = resolve(options.root, spec.cwd);
    const child = fork(join(projectRoot, "local/lambda/function-runtime.cjs"), [join(cwd, spec.file), spec.export], {
      cwd,
      detached: true,
      env: {
        PATH: process.env["PATH"],
        ...smallHeapVariables,
        ...this.environment(),
        ...options.overrides(spec),
        AWS_REGION: spec.region,
        AWS_LAMBDA_FUNCTION_NAME: spec.functionName,
      },
      execArgv: [...smallHeapArguments, `--max-old-space-size=${spec.memoryMegabytes}`],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    options.reaper.watch(child);
    const worker: Worker = { child, zone, state: "starting" };
    this.workers.add(worker);
    let lastErrorLine = "";
    onLines(child.stdout!, (line) => options.log(`${spec.service} ${zone}`, line));
    onLines(child.stderr!, (line) => {
      lastErrorLine = chooseErrorLine(lastErrorLine, line);
      options.log(`${spec.service} ${zone}`, line);
    });
    worker.timer = setTimeout(() => child.kill("SIGKILL"), initialiseMs);
    child.on("message", (message: any) => {
      if (message.ready) this.markReady(worker);
      else if (message.chunk === undefined) this.finishJob(worker, message);
      else worker.job?.onChunk?.(Buffer.from(message.chunk, "base64"));
    });
    child.once("close", () => {
      if (worker.state === "starting") {
        const why = `the handler could not be loaded, see its log${lastErrorLine && ` (${lastErrorLine})`}`;
        this.rejectQueue(this.failure("error", why));
      }
      this.removeWorker(worker);
    });
  }

  /** Returns the planned variables, with the addresses of this machine. */
  private environment(): Record<string, string> {
    const { addresses } = this.options;
    return Object.fromEntries(
      Object.entries(this.spec.env).map(([name, value]) => [name, addresses?.get(value) ?? value]),
    );
  }

  private markReady(worker: Worker): void {
    this.grownAt = performance.now();
    this.markIdle(worker);
  }

  private finishJob(worker: Worker, { result, error }: { result?: unknown; error?: FunctionError }): void {
    const { job } = worker;
    delete worker.job;
    if (error === undefined) job?.resolve(result);
    else job?.reject(this.failure("error", `${error.errorType}: ${error.errorMessage}`, error));
    this.markIdle(worker);
  }

  private markIdle(worker: Worker): void {
    clearTimeout(worker.timer);
    worker.state = "idle";
    worker.timer = setTimeout(() => worker.child.kill("SIGKILL"), this.options.time.ms(idleSeconds)).unref();
    this.assignJobs();
  }

  private removeWorker(worker: Worker): void {
    clearTimeout(worker.timer);
    this.workers.delete(worker);
    worker.job?.reject(this.failure("error", "Runtime exited before it answered"));
    if (!this.stopped) this.assignJobs();
  }

  private failure(reason: FunctionFailure["reason"], message: string, error?: FunctionError): FunctionFailure {
    return new FunctionFailure(reason, `${this.spec.service}: ${message}`, error);
  }
}
