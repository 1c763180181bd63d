import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TimeScale } from "../time-scale";
import { emptiestZone } from "../vpc/zones";
import { watchContainer } from "./health-command";
import type { LogSink } from "./lines";
import type { Reaper } from "./reaper";
import type { Health, Registration, Registry } from "./registration";
import type { ServerGroup } from "./server-group";
import { localEnvironment, ServerProcess } from "./server-process";

export interface SupervisorOptions {
  /** Project root: artifact folders are relative to it. */
  readonly root: string;
  /** Resolves `registersWith`. @throws on an unknown one */
  readonly registry: (key: string) => Registry;
  /** Environment that this machine adds to every server: endpoints and made-up credentials. */
  readonly overrides: Readonly<Record<string, string>>;
  readonly time: TimeScale;
  readonly log: LogSink;
  readonly reaper: Reaper;
}

export interface ServerView {
  readonly zone: string;
  readonly pid?: number;
  readonly health: Health;
}

interface Server {
  readonly id: string;
  readonly zone: string;
  /** When it was started, later when it listened. */
  since: number;
  process?: ServerProcess;
  registrations: readonly Registration[];
  endChecks: () => void;
  /** On its way out: not counted, not replaced again. */
  leaving: boolean;
}

/** A server that ends so soon after its start makes the next start later. */
const crashSeconds = 10;
const longestPauseSeconds = 30;
/** Processes get so long to end when the platform stops. */
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

  /** Starts the planned servers; resolves when all are healthy. @throws when one of them does not come up */
  async start(): Promise<void> {
    const servers = await Promise.all(Array.from({ length: this.group.desired }, () => this.launch()));
    const up = await Promise.all(servers.map(becomesHealthy));
    if (up.includes(false) && !this.stopped) {
      throw new Error(`${this.group.service}: a server ended before it was healthy; see its log`);
    }
  }

  views(): ServerView[] {
    return [...this.servers].map(({ zone, process, registrations, leaving }) => ({
      zone,
      ...(process === undefined ? {} : { pid: process.pid }),
      health: leaving ? "draining" : worst(registrations),
    }));
  }

  /** Ends all servers, without draining: nobody is left to call them. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(
      [...this.servers].map(async (server) => {
        server.endChecks();
        for (const registration of server.registrations) void registration.deregister();
        await server.process?.end("SIGINT", stopMs);
      }),
    );
    this.servers.clear();
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private present(): Server[] {
    return [...this.servers].filter((server) => !server.leaving);
  }

  /** @throws {Error} when the server does not come as far as listening */
  private async launch(): Promise<Server> {
    const { group } = this;
    const zone = emptiestZone(group.zones, this.present());
    const id = `${group.service}-${++this.serial}`;
    const server: Server = { id, zone, since: Date.now(), registrations: [], endChecks: () => {}, leaving: false };
    this.servers.add(server);
    const { root, log, reaper } = this.options;
    const cwd = resolve(root, group.cwd);
    const env = this.environment();
    try {
      server.process = await ServerProcess.start({
        ...group,
        cwd,
        env,
        title: `${group.service} ${zone}`,
        log,
        reaper,
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
      server.process.onExit((reason) => void this.exited(server, reason));
    }
    return server;
  }

  private environment(): Record<string, string> {
    const { time, overrides } = this.options;
    return localEnvironment(this.group, (seconds) => time.ms(seconds), overrides);
  }

  private register(server: Server, process: ServerProcess): void {
    const { group, options } = this;
    const { containerCheck: check } = group;
    const registrant = { id: server.id, zone: server.zone, origin: process.origin };
    server.registrations = group.registersWith.map((key) =>
      options.registry(key).register(registrant, check !== undefined, () => this.judged(server)),
    );
    if (check === undefined) return;
    server.endChecks = watchContainer({
      ...options,
      check,
      cwd: resolve(options.root, group.cwd),
      env: { ...this.environment(), PORT: String(process.port) },
      verdict: (healthy) => {
        for (const registration of server.registrations) registration.report(healthy);
        if (!healthy) void this.replace(server, "failed its container health check");
      },
    });
  }

  /** The balancer found a server unhealthy once more. */
  private judged(server: Server): void {
    const grace = this.group.balancerGraceSeconds;
    if (grace === undefined || Date.now() - server.since < this.options.time.ms(grace)) return;
    void this.replace(server, "is unhealthy to its balancer");
  }

  /** Starts a successor, then lets the server go; one at a time, so that all unhealthy servers do not go at once. */
  private async replace(server: Server, reason: string): Promise<void> {
    if (this.replacing || server.leaving || this.stopped) return;
    this.replacing = true;
    server.leaving = true;
    this.say(server, `${reason}; it is replaced`);
    const successor = await this.launchUntilUp();
    if (successor !== undefined) await becomesHealthy(successor);
    await this.retire(server);
    this.replacing = false;
  }

  private async retire(server: Server): Promise<void> {
    server.endChecks();
    await Promise.all(server.registrations.map((each) => each.deregister()));
    await server.process?.end("SIGTERM", this.options.time.ms(this.group.stopTimeoutSeconds));
    this.servers.delete(server);
  }

  /** A process ended. Until that is noticed its address stays in rotation, as it does on AWS. */
  private async exited(server: Server, reason: string): Promise<void> {
    if (server.leaving || this.stopped) return;
    const { time } = this.options;
    const young = Date.now() - server.since < time.ms(crashSeconds);
    this.crashes = young ? this.crashes + 1 : 0;
    server.endChecks();
    this.say(server, `ended with ${reason}; a new one starts`);
    await this.pause(this.group.restartSeconds);
    server.leaving = true;
    await Promise.all(server.registrations.map((each) => each.deregister()));
    this.servers.delete(server);
    await this.launchUntilUp();
  }

  /** Launches until it works, later each time it does not. */
  private async launchUntilUp(): Promise<Server | undefined> {
    while (!this.stopped) {
      if (this.crashes > 1) {
        const seconds = Math.min(longestPauseSeconds, this.group.restartSeconds * 2 ** (this.crashes - 1));
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

  private say(server: Server, what: string): void {
    this.options.log(this.group.service, `server ${server.process?.pid ?? server.id} in ${server.zone} ${what}`);
  }
}

/** @returns false when the server ended first */
function becomesHealthy({ registrations, process }: Server): Promise<boolean> {
  return new Promise((resolve) => {
    process?.onExit(() => resolve(false));
    void Promise.all(registrations.map((each) => each.healthy)).then(() => resolve(true));
  });
}

function worst(registrations: readonly Registration[]): Health {
  const order: Health[] = ["unhealthy", "initial", "draining", "healthy"];
  return order.find((health) => registrations.some((each) => each.health === health)) ?? "initial";
}
