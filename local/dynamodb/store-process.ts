import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { UserError } from "../../graph/user-error";
import { type LogSink, onLines } from "../processes/lines";
import { smallHeapArguments, smallHeapVariables } from "../processes/memory";
import { hasEnded, type Reaper } from "../processes/reaper";
import type { ReplicaLag } from "./engine/replication";
import type { StoreAnswer, StoreMessage } from "./engine/store-host";

/**
 * The process of the store, which is apart so that it does not take the gateways' core. When it ends, it starts again with
 * the same items, at the same ports, as servers were given these.
 */
export class StoreProcess {
  /** As the process said last. */
  lags: readonly ReplicaLag[] = [];
  private child: ChildProcess | undefined;
  /** What a process that starts again has to be told. */
  private told: StoreMessage = {};
  private readonly waiting = new Map<number, (answer: StoreAnswer) => void>();
  private count = 0;
  private ready = false;
  private stopped = false;

  constructor(
    private readonly log: LogSink,
    private readonly reaper: Reaper,
  ) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Starts the process. @returns the port of the address of all regions @throws {UserError} when it does not start */
  async start(): Promise<number> {
    this.fork();
    const { port } = await this.tell({ listen: { path: this.reaper.temporaryFolder, port: 0 } });
    this.told = { ...this.told, listen: { path: this.reaper.temporaryFolder, port: port! } };
    this.ready = true;
    return port!;
  }

  /** Opens the tables of regions. @returns the port of each */
  async open(regions: readonly string[], settings: Omit<NonNullable<StoreMessage["open"]>, "ports">) {
    const free = Object.fromEntries(regions.map((region) => [region, 0]));
    const { ports } = await this.tell({ open: { ...settings, ports: free } });
    this.told = { ...this.told, open: { ...settings, ports: ports! } };
    return ports!;
  }

  /** Tells the process, and every one that follows it. @throws {UserError} when it cannot do it */
  async tell(message: StoreMessage): Promise<StoreAnswer> {
    this.told = { ...this.told, ...message };
    return this.send(message);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    const { child } = this;
    if (child === undefined || hasEnded(child)) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  private async send(message: StoreMessage): Promise<StoreAnswer> {
    this.count += 1;
    const id = this.count;
    const answer = await new Promise<StoreAnswer>((resolve) => {
      this.waiting.set(id, resolve);
      this.child!.send({ id, message });
    });
    if (answer.failed !== undefined) throw new UserError(`dynamodb: the store ${answer.failed}; see its log`);
    return answer;
  }

  private fork(): void {
    const child = fork(join(projectRoot, "local/dynamodb/dynalite.cjs"), {
      detached: true,
      env: { ...process.env, ...smallHeapVariables },
      execArgv: [...smallHeapArguments],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.child = child;
    this.reaper.watch(child);
    for (const output of [child.stdout!, child.stderr!]) onLines(output, (line) => this.log("dynamodb", line));
    child.on("error", () => {}); // a message that no longer reached it
    child.on("message", (answer: StoreAnswer) => {
      if (answer.lags !== undefined) this.lags = answer.lags;
      if (answer.id !== undefined) this.settle(answer.id, answer);
    });
    child.once("exit", () => this.ended());
  }

  private ended(): void {
    const again = this.ready && !this.stopped;
    const failed = this.stopped ? "is stopped" : again ? "ended" : "did not start";
    for (const id of this.waiting.keys()) this.settle(id, { failed });
    if (!again) return;
    this.log("dynamodb", "the store ended; it starts again with the same items");
    this.fork();
    const { listen, open, access, replicate, isolate, fail } = this.told;
    for (const part of Object.entries({ listen, open, access, replicate, isolate, fail })) {
      // When this process ends as well, the next one is told.
      if (part[1] !== undefined) this.send(Object.fromEntries([part])).catch(() => {});
    }
  }

  private settle(id: number, answer: StoreAnswer): void {
    this.waiting.get(id)?.(answer);
    this.waiting.delete(id);
  }
}
