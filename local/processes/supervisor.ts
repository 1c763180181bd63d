import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../graph/user-error";
import type { TimeScale } from "../time-scale";
import { emptiestZone } from "../vpc/zones";
import { startContainerChecks } from "./health-command";
import type { LogSink } from "./lines";
import type { Reaper } from "./reaper";
import type { Registration, Registry, ServerHealth } from "./registration";
import type { ServerGroup } from "./server-group";
import { ServerProcess, serverVariables } from "./server-process";

/** Options of `Supervisor`. */
export interface SupervisorOptions {
  /** Project root: artifact folders are relative to it. */
  readonly root: string;
  /** Returns the registry with a key of `registersWith`. @throws {Error} on an unknown key */
  readonly registry: (key: string) => Registry;
  /** Environment variables that replace planned ones: endpoints and made-up credentials. */
  readonly overrides: Readonly<Record<string, string>>;
  readonly time: TimeScale;
  readonly log: LogSink;
  readonly reaper: Reaper;
  /** Longest time that a server may take from its start to the log line `listening`. */
  readonly startSeconds: number;
}

/** A server as the console shows it. */
interface ServerView {
  readonly zone: string;
  readonly pid?: number;
  readonly health: ServerHealth;
}

interface Server {
  readonly id: string;
  readonly zone: string;
  /** Time in milliseconds when it was started; once it listens, when that was. */
  since: number;
  process?: ServerProcess;
  registrations: readonly Registration[];
  stopChecks: () => void;
  /** Is being removed: not counted, and not replaced again. */
  leaving: boolean;
}

/** A server that ends within this time after its start counts as a crash, which delays the next start. */
const crashSeconds = 10;
const maxPauseSeconds = 30;
/** How long processes may take to end when the platform stops. */
const stopMs = 2_000;

/** Keeps the planned number of one service's servers running, spread over its zones. */
export class Supervisor {
  private readonly servers = new Set<Server>();
  private readonly stopping = new AbortController();
  private serial = 0;
  private crashes = 0;
  private replacing = false;

  constructor(
    readonly group: ServerGroup,
    private readonly options: SupervisorOptions,
  ) {}

  /** Starts the planned servers; resolves when all are healthy. @throws {UserError} when one of them ends before */
  async start(): Promise<void> {
    const servers = await Promise.all(Array.from({ length: this.group.desired }, () => this.launch()));
    const up = await Promise.all(servers.map(waitUntilHealthy));
    if (up.includes(false) && !this.stopped) {
      throw new UserError(`${this.group.service}: a server ended before it was healthy; fix what its log says`);
    }
  }

  views(): ServerView[] {
    return [...this.servers].map(({ zone, process, registrations, leaving }) => ({
      zone,
      ...(process === undefined ? {} : { pid: process.pid }),
      health: leaving ? "draining" : worstHealth(registrations),
    }));
  }

  /** Ends all servers, without draining, as the gateways stop too. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(
      [...this.servers].map(async (server) => {
        server.stopChecks();
        for (const registration of server.registrations) void registration.deregister();
        await server.process?.end("SIGINT", stopMs);
      }),
    );
    this.servers.clear();
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private activeServers(): Server[] {
    return [...this.servers].filter((server) => !server.leaving);
  }

  /** Starts a server. @throws {UserError} when it ends before it listens */
  private async launch(): Promise<Server> {
    const { group } = this;
    const zone = emptiestZone(group.zones, this.activeServers());
    const id = `${group.service}-${++this.serial}`;
    const server: Server = { id, zone, since: Date.now(), registrations: [], stopChecks: () => {}, leaving: false };
    this.servers.add(server);
    const { root, log, reaper, startSeconds } = this.options;
    const cwd = resolve(root, group.cwd);
    const env = this.variables();
    try {
      server.process = await ServerProcess.start({
        ...group,
        cwd,
        env,
        title: `${group.service} ${zone}`,
        log,
        reaper,
        startSeconds,
      });
    } catch (error) {
      this.servers.delete(server);
      throw error;
    }
    if (this.stopped) {
      await server.process.end("SIGKILL", stopMs);
    } else {
      server.since = Date.now();
      this.register(server, server.process);
      server.process.onExit((reason) => void this.onExit(server, reason));
    }
    return server;
  }

  private variables(): Record<string, string> {
    const { time, overrides } = this.options;
    return serverVariables(this.group, (seconds) => time.ms(seconds), overrides);
  }

  private register(server: Server, process: ServerProcess): void {
    const { group, options } = this;
    const { containerCheck: check } = group;
    const registrant = { id: server.id, origin: process.origin };
    server.registrations = group.registersWith.map((key) =>
      options.registry(key).register(registrant, check !== undefined, () => this.onUnhealthyToBalancer(server)),
    );
    if (check === undefined) return;
    server.stopChecks = startContainerChecks({
      ...options,
      check,
      cwd: resolve(options.root, group.cwd),
      env: { ...this.variables(), PORT: String(process.port) },
      onResult: (healthy) => {
        for (const registration of server.registrations) registration.report(healthy);
        if (!healthy) void this.replace(server, "failed its container health check");
      },
    });
  }

  /** Called after each balancer check that finds a server unhealthy: replaces it after the grace period. */
  private onUnhealthyToBalancer(server: Server): void {
    const grace = this.group.balancerGraceSeconds;
    if (grace === undefined || Date.now() - server.since < this.options.time.ms(grace)) return;
    void this.replace(server, "is unhealthy to its balancer");
  }

  /** Starts a new server, then removes the old one; one at a time, so that not all unhealthy servers end at once. */
  private async replace(server: Server, reason: string): Promise<void> {
    if (this.replacing || server.leaving || this.stopped) return;
    this.replacing = true;
    server.leaving = true;
    this.logServer(server, `${reason}; it is replaced`);
    const successor = await this.launchUntilUp();
    if (successor !== undefined) await waitUntilHealthy(successor);
    await this.retire(server);
    this.replacing = false;
  }

  private async retire(server: Server): Promise<void> {
    server.stopChecks();
    await Promise.all(server.registrations.map((each) => each.deregister()));
    await server.process?.end("SIGTERM", this.options.time.ms(this.group.stopTimeoutSeconds));
    this.servers.delete(server);
  }

  /**
   * Replaces a server whose process ended. Its address gets requests until `restartSeconds` passed, as it does on AWS.
   */
  private async onExit(server: Server, reason: string): Promise<void> {
    if (server.leaving || this.stopped) return;
    const { time } = this.options;
    const young = Date.now() - server.since < time.ms(crashSeconds);
    this.crashes = young ? this.crashes + 1 : 0;
    server.stopChecks();
    this.logServer(server, `ended with ${reason}; a new one starts`);
    await this.pause(this.group.restartSeconds);
    server.leaving = true;
    await Promise.all(server.registrations.map((each) => each.deregister()));
    this.servers.delete(server);
    await this.launchUntilUp();
  }

  /** Starts a server, again after each failure, with pauses that become longer. */
  private async launchUntilUp(): Promise<Server | undefined> {
    while (!this.stopped) {
      if (this.crashes > 1) {
        const seconds = Math.min(maxPauseSeconds, this.group.restartSeconds * 2 ** (this.crashes - 1));
        this.options.log(
          this.group.service,
          `crash loop: ${this.crashes} servers in a row ended within ${crashSeconds} s of their start; the next starts in ${seconds} s`,
        );
        await this.pause(seconds);
        if (this.stopped) return undefined;
      }
      try {
        return await this.launch();
      } catch (error) {
        this.crashes++;
        this.options.log(this.group.service, (error as Error).message);
      }
    }
    return undefined;
  }

  private async pause(seconds: number): Promise<void> {
    await sleep(this.options.time.ms(seconds), undefined, { signal: this.stopping.signal }).catch(() => {});
  }

  private logServer(server: Server, what: string): void {
    this.options.log(this.group.service, `server ${server.process?.pid ?? server.id} in ${server.zone} ${what}`);
  }
}

/** Waits until a server is healthy; returns false when it ended before. */
function waitUntilHealthy({ registrations, process }: Server): Promise<boolean> {
  return new Promise((resolve) => {
    process?.onExit(() => resolve(false));
    void Promise.all(registrations.map((each) => each.healthy)).then(() => resolve(true));
  });
}

function worstHealth(registrations: readonly Registration[]): ServerHealth {
  const order: ServerHealth[] = ["unhealthy", "initial", "draining", "healthy"];
  return order.find((health) => registrations.some((each) => each.health === health)) ?? "initial";
}
