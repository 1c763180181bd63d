import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { FunctionFailure } from "../backends";
import { type LogSink, moreTelling, onLines } from "../processes/lines";
import type { Reaper } from "../processes/reaper";
import type { TimeScale } from "../time-scale";
import { emptiestZone } from "../vpc/zones";
import type { FunctionSpec } from "./function-spec";

export interface FunctionPoolOptions {
  readonly root: string;
  readonly overrides: Readonly<Record<string, string>>;
  readonly time: TimeScale;
  readonly log: LogSink;
  readonly reaper: Reaper;
}

interface Job {
  readonly event: unknown;
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
 * Most processes per function. What exceeds them, up to the reserved concurrency, waits for a free one: two cores run
 * no more at a time anyway.
 */
export const mostWorkers = 16;
/** An execution environment lives on without work for minutes; Lambda does not say how many. */
const idleSeconds = 300;
/** Lambda's limit for the initialisation of an execution environment. */
const initialiseMs = 10_000;

/** One function's execution environments: processes, each with one event at a time. */
export class FunctionPool {
  private readonly workers = new Set<Worker>();
  private readonly queue: Job[] = [];
  private inFlight = 0;
  private stopped = false;

  constructor(
    readonly spec: FunctionSpec,
    private readonly options: FunctionPoolOptions,
  ) {}

  /** Kept initialised: what is provisioned, one per zone at least, so that a first request never waits. */
  get minimum(): number {
    return Math.min(mostWorkers, this.spec.reserved, Math.max(this.spec.provisioned, this.spec.zones.length));
  }

  /** @throws {FunctionFailure} when the handler cannot be loaded */
  async start(): Promise<void> {
    await Promise.all(Array.from({ length: this.minimum }, () => this.launch()));
  }

  /** @throws {FunctionFailure} when the function failed, timed out or is at its reserved concurrency */
  async invoke(event: unknown): Promise<unknown> {
    if (this.inFlight >= this.spec.reserved) {
      throw new FunctionFailure(
        "throttled",
        `${this.spec.service}: rate exceeded, ${this.spec.reserved} executions run`,
      );
    }
    this.inFlight++;
    try {
      return await new Promise((resolve, reject) => {
        this.queue.push({ event, resolve, reject });
        this.pump();
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
    const exits = [...this.workers].map(async ({ child }) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    });
    for (const job of this.queue.splice(0)) job.reject(this.failure("error", "the platform stops"));
    await Promise.all(exits);
  }

  /** Hands waiting events to idle workers, and starts workers for those that still wait. */
  private pump(): void {
    const idle = [...this.workers].filter((worker) => worker.state === "idle");
    // The last one first, so that the others can become old.
    for (let worker = idle.pop(); worker !== undefined && this.queue.length > 0; worker = idle.pop()) {
      this.run(worker, this.queue.shift()!);
    }
    const starting = [...this.workers].filter((worker) => worker.state === "starting").length;
    const wanted = Math.min(this.queue.length - starting, mostWorkers - this.workers.size);
    for (let i = 0; i < wanted && !this.stopped; i++) {
      // Whoever waited the longest learns that the handler cannot be loaded.
      this.launch().catch((error: FunctionFailure) => this.queue.shift()?.reject(error));
    }
  }

  private run(worker: Worker, job: Job): void {
    const { timeoutSeconds, functionName, aliasArn, memoryMegabytes } = this.spec;
    clearTimeout(worker.timer);
    Object.assign(worker, { state: "busy", job });
    worker.timer = setTimeout(() => {
      job.reject(this.failure("timeout", `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`));
      worker.child.kill("SIGKILL");
    }, timeoutSeconds * 1_000);
    const context = {
      functionName,
      invokedFunctionArn: aliasArn,
      memoryLimitInMB: String(memoryMegabytes),
      awsRequestId: randomUUID(),
    };
    // A worker that is just ending shows in its exit.
    worker.child.send({ event: job.event, context, deadline: Date.now() + timeoutSeconds * 1_000 }, () => {});
  }

  /** @throws {FunctionFailure} when the worker ends before it is ready */
  private launch(): Promise<void> {
    const { spec, options } = this;
    const zone = emptiestZone(spec.zones, this.workers);
    const cwd = resolve(options.root, spec.cwd);
    const child = fork(join(projectRoot, "local/lambda/function-runtime.cjs"), [join(cwd, spec.file), spec.export], {
      cwd,
      detached: true,
      env: {
        PATH: process.env["PATH"],
        ...spec.env,
        ...options.overrides,
        AWS_REGION: spec.region,
        AWS_LAMBDA_FUNCTION_NAME: spec.functionName,
      },
      execArgv: [`--max-old-space-size=${spec.memoryMegabytes}`],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    options.reaper.watch(child);
    const worker: Worker = { child, zone, state: "starting" };
    this.workers.add(worker);
    let lastWords = "";
    onLines(child.stdout!, (line) => options.log(`${spec.service} ${zone}`, line));
    onLines(child.stderr!, (line) => {
      lastWords = moreTelling(lastWords, line);
      options.log(`${spec.service} ${zone}`, line);
    });
    worker.timer = setTimeout(() => child.kill("SIGKILL"), initialiseMs);
    return new Promise((ready, reject) => {
      child.on("message", (message: any) =>
        message.ready ? this.becameReady(worker, ready) : this.answered(worker, message),
      );
      child.once("close", () => {
        reject(this.failure("error", `the handler could not be loaded, see its log${lastWords && ` (${lastWords})`}`));
        this.ended(worker);
      });
    });
  }

  private becameReady(worker: Worker, ready: () => void): void {
    ready();
    this.becameIdle(worker);
  }

  private answered(
    worker: Worker,
    { result, error }: { result?: unknown; error?: { errorType: string; errorMessage: string } },
  ): void {
    const { job } = worker;
    delete worker.job;
    if (error === undefined) job?.resolve(result);
    else job?.reject(this.failure("error", `${error.errorType}: ${error.errorMessage}`));
    this.becameIdle(worker);
  }

  private becameIdle(worker: Worker): void {
    clearTimeout(worker.timer);
    worker.state = "idle";
    if (this.workers.size > this.minimum) {
      const expire = () => this.workers.size > this.minimum && worker.child.kill("SIGKILL");
      worker.timer = setTimeout(expire, this.options.time.ms(idleSeconds)).unref();
    }
    this.pump();
  }

  private ended(worker: Worker): void {
    clearTimeout(worker.timer);
    this.workers.delete(worker);
    worker.job?.reject(this.failure("error", "Runtime exited before it answered"));
    if (this.stopped) return;
    // One that never became ready is not tried again before somebody asks: it would fail for ever.
    if (worker.state !== "starting" && this.workers.size < this.minimum) this.launch().catch(() => {});
    this.pump();
  }

  private failure(reason: FunctionFailure["reason"], message: string): FunctionFailure {
    return new FunctionFailure(reason, `${this.spec.service}: ${message}`);
  }
}
