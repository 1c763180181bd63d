import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { ControlPlanes } from "../control-planes";
import { type FunctionError, FunctionFailure } from "../local-compute";
import { chooseErrorLine, onLines } from "../processes/lines";
import { hasEnded } from "../processes/reaper";
import { emptiestZone } from "../vpc/zones";
import { forkWorker } from "./fork-worker";
import type { FunctionSpec } from "./function-spec";
import type { FunctionPoolOptions } from "./pool-options";

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
/** Most processes per function that are started before they are needed. */
const maxProvisioned = 4;
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
  /** How many processes stay when they are idle. */
  private kept = 0;
  private readonly planes: ControlPlanes;

  constructor(
    readonly spec: FunctionSpec,
    private readonly options: FunctionPoolOptions,
  ) {
    this.planes = options.planes ?? new ControlPlanes();
  }

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

  /** Starts the planned provisioned concurrency, as far as this machine runs so many processes. */
  async provision(): Promise<void> {
    this.kept = Math.min(this.spec.provisionedConcurrency ?? 0, maxProvisioned);
    while (this.workers.size < this.kept && !this.stopped) this.launch();
    while (!this.stopped && [...this.workers].some(({ state }) => state === "starting")) await sleep(growMs);
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
    else if (this.mayLaunch()) this.launch();
    else if (this.workers.size === 0) this.rejectQueue(this.failure("throttled", "no execution environment is left"));
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

  private mayLaunch(): boolean {
    const { service, region } = this.spec;
    try {
      this.planes.ask({ by: "scale", what: `start an execution environment of ${service}`, where: region });
      return true;
    } catch {
      return false;
    }
  }

  private launch(): void {
    const { spec, options } = this;
    const zone = emptiestZone(this.planes.zonesOf(spec.zones), this.workers);
    const child = forkWorker(spec, options, zone);
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
    this.endWhenIdle(worker);
    this.assignJobs();
  }

  private endWhenIdle(worker: Worker): void {
    worker.timer = setTimeout(() => {
      if (this.planes.dark || this.workers.size <= this.kept) this.endWhenIdle(worker);
      else worker.child.kill("SIGKILL");
    }, this.options.time.ms(idleSeconds)).unref();
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
