import { UserError } from "../../graph/user-error";
import { emptiestZone, inFullestZones } from "../vpc/zones";
import { registerServer } from "./register-server";
import { type Fleet, rollOut } from "./rollout";
import { type Launch, type Server, type ServerView, viewOf, waitUntilHealthy } from "./server";
import type { ServerGroup } from "./server-group";
import { startProcess } from "./start-process";
import { StartRetries } from "./start-retries";
import type { SupervisorOptions } from "./supervisor-options";

/** How long processes may take to end when the platform stops. */
const stopMs = 2_000;

/** Keeps the planned number of one service's servers running, spread over its zones. */
export class Supervisor {
  private readonly servers = new Set<Server>();
  private readonly stopping = new AbortController();
  private serial = 0;
  private readonly retries: StartRetries;
  private replacing = 0;
  private kept: number;
  private rollouts = 0;
  /** Whether all planned servers were healthy once. Until then none is replaced, as a busy machine starts them slowly. */
  private ready = false;

  constructor(
    private current: ServerGroup,
    private readonly options: SupervisorOptions,
  ) {
    this.retries = new StartRetries({ ...current, ...options, signal: this.stopping.signal });
    this.kept = current.desired;
  }

  /** The revision of the group that servers are started of. */
  get group(): ServerGroup {
    return this.current;
  }

  /** How many servers are kept running: those that the plan begins with, until they are resized. */
  get desired(): number {
    return this.kept;
  }

  /** Starts the planned servers; resolves when all are healthy. @throws {UserError} when one of them ends before */
  async start(): Promise<void> {
    const servers = await Promise.all(Array.from({ length: this.kept }, () => this.launch({ ranBefore: true })));
    const up = await Promise.all(servers.map(waitUntilHealthy));
    this.ready = true;
    if (up.includes(false) && !this.stopped) {
      throw new UserError(`${this.group.service}: a server ended before it was healthy; fix what its log says`);
    }
  }

  /**
   * Keeps another number of servers from now on. Further ones start in the zones with the fewest, and the latest of those
   * with the most are removed; resolves when those have drained and these are registered.
   */
  async resize(desired: number): Promise<void> {
    const more = desired - this.kept;
    this.kept = desired;
    const enough = () => this.activeServers().length >= this.kept;
    const started = Array.from({ length: Math.max(0, more) }, () => this.retries.untilUp(() => this.launch(), enough));
    const removed = inFullestZones(this.activeServers(), -more).map((server) => {
      this.logServer(server, `is removed, as ${desired} are enough`);
      return this.retire(server);
    });
    await Promise.all([...started, ...removed]);
  }

  /**
   * Replaces all servers one by one by servers of a changed group, as a deployment does; a later rollout takes over from one
   * that is not done. Resolves when the last old server has drained.
   * @param change  what differs from now on, its artifact for example; nothing starts the same again
   * @param serves  called once, when the first new server is healthy
   * @throws {UserError} why the first new server was not healthy, or may not start; the old servers stay
   */
  async rollOut(change: Partial<ServerGroup> = {}, serves = () => {}): Promise<void> {
    const rollout = ++this.rollouts;
    await rollOut(this.fleet(serves), { ...this.current, ...change }, () => rollout === this.rollouts);
  }

  /** The processes that serve, with the time since which each does. */
  processes(): { readonly pid: number; readonly since: number }[] {
    return this.activeServers().flatMap(({ process, since }) => (process ? { pid: process.pid, since } : []));
  }

  views(): ServerView[] {
    return [...this.servers].map(viewOf);
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

  private fleet(serves: () => void): Fleet {
    return {
      startSeconds: this.options.startSeconds,
      kept: () => (this.stopped ? 0 : this.kept),
      active: () => this.activeServers(),
      // Its first check is made at once: the new code is to serve before a check's interval has passed.
      launch: (revision, zone) => this.launch({ ranBefore: true, revision, zone }),
      retire: (server) => this.retire(server),
      adopt: (revision) => {
        if (this.current !== revision) serves();
        this.current = revision;
      },
      refill: () => {
        void this.retries.untilUp(
          () => this.launch(),
          () => this.activeServers().length >= this.kept,
        );
      },
    };
  }

  private activeServers(): Server[] {
    return [...this.servers].filter((server) => !server.leaving);
  }

  /** Starts a server. @throws {UserError} when it ends before it listens */
  private async launch({ ranBefore = false, revision = this.current, zone: wanted }: Launch = {}): Promise<Server> {
    const zones = this.options.planes?.zonesOf(revision.zones) ?? revision.zones;
    const zone = zones.find((each) => each === wanted) ?? emptiestZone(zones, this.activeServers());
    this.ask("start", zone);
    const id = `${revision.service}-${++this.serial}`;
    const since = Date.now();
    const registered = { registrations: [], stopChecks: () => {}, leaving: false };
    const server: Server = { id, revision, zone, since, processSince: since, ...registered };
    this.servers.add(server);
    try {
      server.process = await startProcess(server, this.options);
      this.ask("register", zone);
    } catch (error) {
      this.servers.delete(server);
      await server.process?.end("SIGKILL", stopMs);
      throw error;
    }
    if (this.stopped || server.leaving) {
      await server.process.end("SIGKILL", stopMs);
    } else {
      server.since = server.processSince = Date.now();
      const replace = (why: string) => void this.replace(server, why);
      registerServer(server, server.process, { ...this.options, ranBefore, replace });
      server.process.onExit((reason) => void this.onExit(server, reason));
    }
    return server;
  }

  /** @throws {ControlPlaneRefused} */
  private ask(verb: string, where: string): void {
    if (this.ready)
      this.options.planes?.ask({ by: "replace", what: `${verb} a server of ${this.group.service}`, where });
  }

  /** Replaces an unhealthy server in the planned order; a few at a time, so that not all unhealthy servers end at once. */
  private async replace(server: Server, reason: string): Promise<void> {
    const { atATime, newServer } = this.group.replacement ?? { atATime: 1, newServer: "before" };
    if (!this.ready || this.replacing >= atATime || server.leaving || this.stopped) return;
    this.replacing++;
    server.leaving = true;
    this.logServer(server, `${reason}; it is replaced`);
    if (newServer === "after") await this.retire(server);
    const retired = newServer === "together" ? this.retire(server) : undefined;
    const successor = await this.launchUntilUp();
    if (successor !== undefined) await waitUntilHealthy(successor);
    await (newServer === "before" ? this.retire(server) : retired);
    this.replacing--;
  }

  private async retire(server: Server): Promise<void> {
    server.leaving = true;
    server.stopChecks();
    await Promise.all(server.registrations.map((each) => each.deregister()));
    await server.process?.end("SIGTERM", this.options.time.ms(this.group.stopTimeoutSeconds));
    this.servers.delete(server);
  }

  /**
   * Starts the process of a server again that ended, or another server. Its address gets requests until `restartSeconds`
   * passed, as it does on AWS.
   */
  private async onExit(server: Server, reason: string): Promise<void> {
    if (server.leaving || this.stopped) return;
    this.retries.recordEnd(server.processSince);
    if (this.group.restartsInPlace) {
      this.logServer(server, `ended with ${reason}; its process starts again`);
      await this.retries.pause(this.group.restartSeconds);
      await this.restart(server);
      return;
    }
    server.stopChecks();
    this.logServer(server, `ended with ${reason}; a new one starts`);
    await this.retries.pause(this.group.restartSeconds);
    // Others have removed it meanwhile.
    if (server.leaving) return;
    server.leaving = true;
    await Promise.all(server.registrations.map((each) => each.deregister()));
    this.servers.delete(server);
    await this.launchUntilUp();
  }

  /** Starts the process of a server again, whose registrations stay until it is replaced. */
  private async restart(server: Server): Promise<void> {
    const process = await this.retries.untilUp(
      async () => {
        // systemd asks no control plane, but has no power in a zone that is lost.
        if (this.options.planes?.isLost(server.zone))
          throw new UserError(`${server.zone} is lost; nothing starts in it`);
        return startProcess(server, this.options);
      },
      () => server.leaving,
    );
    if (process === undefined) return;
    if (this.stopped || server.leaving) {
      await process.end("SIGKILL", stopMs);
      return;
    }
    server.process = process;
    server.processSince = Date.now();
    server.registrant!.origin = process.origin;
    process.onExit((reason) => void this.onExit(server, reason));
  }

  private launchUntilUp(): Promise<Server | undefined> {
    return this.retries.untilUp(
      () => this.launch(),
      () => false,
    );
  }

  private logServer(server: Server, what: string): void {
    this.options.log(this.group.service, `server ${server.process?.pid ?? server.id} in ${server.zone} ${what}`);
  }
}
