import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { ControlPlanes } from "../control-planes";
import { type FunctionError, FunctionFailure } from "../local-compute";
import { hasEnded } from "../processes/reaper";
import { emptiestZone } from "../vpc/zones";
import type { FunctionSpec } from "./function-spec";
import type { FunctionPoolOptions } from "./pool-options";
import { type Job, messageOf, startWorker, viewOf, type Worker, type WorkerView } from "./worker";

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
    private current: FunctionSpec,
    private readonly options: FunctionPoolOptions,
  ) {
    this.planes = options.planes ?? new ControlPlanes();
  }

  /** The version behind the alias. */
  get spec(): FunctionSpec {
    return this.current;
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

  views(): WorkerView[] {
    return [...this.workers].map(viewOf);
  }

  /** Starts the planned provisioned concurrency, as far as this machine runs so many processes. */
  async provision(): Promise<void> {
    this.kept = Math.min(this.spec.provisionedConcurrency ?? 0, maxProvisioned);
    while (this.workers.size < this.kept && !this.stopped) this.launch();
    while (!this.stopped && [...this.workers].some(({ state }) => state === "starting")) await sleep(growMs);
  }

  /**
   * Puts another version behind the alias. Where the function has processes, one of the new version is ready before; then
   * those of the old one get no more events, and end when they have answered.
   * @throws {FunctionFailure} why the new version cannot be loaded, or may not start; the alias keeps the old one
   */
  async release(version: FunctionSpec): Promise<void> {
    if (this.workers.size > 0) {
      if (!this.mayLaunch()) throw this.failure("throttled", "no execution environment of the new version may start");
      await this.launchReady(version);
    }
    this.current = version;
    for (const worker of this.workers) if (worker.version !== version) this.end(worker);
    if (this.kept > 0) await this.provision();
  }

  private launchReady(version: FunctionSpec): Promise<void> {
    return new Promise((resolve, reject) => this.launch(version, { resolve, reject }));
  }

  /** Ends a process, one that handles an event as soon as it has answered. */
  private end(worker: Worker): void {
    worker.last = true;
    if (worker.state === "busy") return;
    worker.state = "ending";
    worker.child.kill("SIGKILL");
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
    const starts = [...this.workers].some(({ state, version }) => state === "starting" && version === this.current);
    if (oldest === undefined || starts || this.stopped || this.workers.size >= maxWorkers) return;
    const waitMs = growMs - (performance.now() - Math.max(oldest.queuedAt, this.grownAt));
    if (this.workers.size > 0 && waitMs > 0) this.growTimer = setTimeout(() => this.grow(), waitMs);
    else if (this.mayLaunch()) this.launch();
    else if (this.workers.size === 0) this.rejectQueue(this.failure("throttled", "no execution environment is left"));
  }

  private run(worker: Worker, job: Job): void {
    const { timeoutSeconds } = worker.version;
    clearTimeout(worker.timer);
    Object.assign(worker, { state: "busy", job });
    worker.timer = setTimeout(() => {
      const errorMessage = `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
      job.reject(this.failure("timeout", errorMessage, { errorType: "Sandbox.Timedout", errorMessage }));
      worker.child.kill("SIGKILL");
    }, timeoutSeconds * 1_000);
    // A worker that ends at this moment is handled when it exits.
    worker.child.send(messageOf(worker.version, job), () => {});
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

  /** @param outcome  hears whether the process gets ready; unset: the events that wait for it do */
  private launch(version = this.current, outcome?: Pick<Job, "resolve" | "reject">): void {
    const zone = emptiestZone(this.planes.zonesOf(version.zones), this.workers);
    const { child, lastErrorLine } = startWorker(version, this.options, zone);
    const worker: Worker = { child, version, zone, state: "starting" };
    this.workers.add(worker);
    worker.timer = setTimeout(() => child.kill("SIGKILL"), initialiseMs);
    child.on("message", (message: any) => {
      if (message.ready) {
        this.markReady(worker);
        outcome?.resolve(undefined);
      } else if (message.chunk === undefined) this.finishJob(worker, message);
      else worker.job?.onChunk?.(Buffer.from(message.chunk, "base64"));
    });
    child.once("close", () => {
      if (worker.state === "starting") {
        const line = lastErrorLine();
        const failure = this.failure("error", `the handler could not be loaded, see its log${line && ` (${line})`}`);
        if (outcome === undefined) this.rejectQueue(failure);
        else outcome.reject(failure);
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
    if (worker.last) this.end(worker);
    else this.endWhenIdle(worker);
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
