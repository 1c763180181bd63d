import type { ServerChoice } from "../local-compute";
import { probe, statusMatches } from "../ports/probe";
import type { RegisteredServer, Registration, Registry, ServerHealth } from "../processes/registration";
import type { TimeScale } from "../time-scale";

/** Settings of a planned target group. */
export interface TargetGroupSpec {
  /** ARN, or `beanstalkTargetGroupKey` of an environment process. */
  readonly key: string;
  readonly algorithm: "round_robin" | "least_outstanding_requests";
  /** Path of the health check. */
  readonly path: string;
  /** HTTP codes of a passed check: `200`, `200,202` or `200-399`. */
  readonly matcher: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** Deregistration delay: longest time a target drains. */
  readonly deregistrationSeconds: number;
  /** With fewer healthy targets than this, requests go to all of them: the balancer fails open. */
  readonly minimumHealthyTargets: number;
}

/**
 * A target group of an Application Load Balancer with cross-zone load balancing: checks targets and chooses among them.
 */
export class TargetGroup implements Registry {
  private readonly targets = new Set<Target>();
  /** Targets that get requests now; updated on every change of health, not on every request. */
  private inService: readonly Target[] = [];
  private next = 0;
  private requests = 0;
  private shiftedZone: string | undefined;

  constructor(
    readonly spec: TargetGroupSpec,
    private readonly time: TimeScale,
  ) {}

  register(server: RegisteredServer, _reportsOwnHealth: boolean, onUnhealthy: () => void): Registration {
    const target = new Target(server, this.spec, this.time, {
      changed: () => this.updateInService(),
      unhealthy: onUnhealthy,
      removed: () => this.targets.delete(target),
    });
    this.targets.add(target);
    this.updateInService();
    target.startChecks();
    return target;
  }

  /** Requests since the start, and the targets that are healthy now, or all where none is. */
  get counts(): { readonly requests: number; readonly targets: number } {
    const all = [...this.targets];
    const healthy = all.filter(({ health }) => health === "healthy").length;
    return { requests: this.requests, targets: healthy > 0 ? healthy : all.length };
  }

  pick(): ServerChoice {
    const target = this.spec.algorithm === "round_robin" ? this.nextInTurn() : this.leastOutstanding();
    if (target === undefined) return { kind: "none", via: "balancer" };
    target.inFlight++;
    this.requests++;
    let open = true;
    const requestEnded = () => {
      if (open) target.endRequest();
      open = false;
    };
    return { kind: "server", via: "balancer", origin: target.server.origin, requestEnded };
  }

  /** Gives no further requests to the targets of a zone, which stay registered; unset ends that. */
  shift(zone: string | undefined): void {
    this.shiftedZone = zone;
    this.updateInService();
  }

  private nextInTurn(): Target | undefined {
    const { inService } = this;
    if (inService.length === 0) return undefined;
    this.next = (this.next + 1) % inService.length;
    return inService[this.next];
  }

  /** Returns the target with the fewest requests in flight; of equals the next in turn. */
  private leastOutstanding(): Target | undefined {
    const { inService } = this;
    let best = this.nextInTurn();
    for (let i = 1; i < inService.length; i++) {
      const target = inService[(this.next + i) % inService.length]!;
      if (target.inFlight < best!.inFlight) best = target;
    }
    return best;
  }

  private updateInService(): void {
    const registered = [...this.targets].filter((target) => target.health !== "draining");
    const healthy = registered.filter((target) => target.health === "healthy");
    const failsOpen = healthy.length < this.spec.minimumHealthyTargets;
    const left = healthy.filter(({ server }) => server.zone === undefined || server.zone !== this.shiftedZone);
    // A shift has no effect on a balancer that fails open, or that has no healthy target elsewhere.
    this.inService = failsOpen ? registered : left.length > 0 ? left : healthy;
  }
}

interface TargetEvents {
  changed(): void;
  unhealthy(): void;
  removed(): void;
}

class Target implements Registration {
  health: ServerHealth = "initial";
  inFlight = 0;
  readonly healthy: Promise<void>;
  private becameHealthy = () => {};
  private consecutiveResults = 0;
  private timer: NodeJS.Timeout | undefined;
  private resolveDrained: (() => void) | undefined;

  constructor(
    readonly server: RegisteredServer,
    private readonly spec: TargetGroupSpec,
    private readonly time: TimeScale,
    private readonly events: TargetEvents,
  ) {
    this.healthy = new Promise((resolve) => {
      this.becameHealthy = resolve;
    });
  }

  startChecks(): void {
    const { spec, time } = this;
    const round = async () => {
      const started = performance.now();
      const status = await probe(`${this.server.origin}${spec.path}`, time.timeoutMs(spec.timeoutSeconds));
      if (this.health === "draining") return;
      this.recordResult(statusMatches(spec.matcher, status));
      // An interval is from one check to the next, whether or not the first is answered.
      this.timer = setTimeout(round, Math.max(0, time.ms(spec.intervalSeconds) - (performance.now() - started)));
    };
    void round();
  }

  /** Does nothing: a target group decides by its own checks only. */
  report(): void {}

  async deregister(): Promise<void> {
    if (this.health === "draining") return;
    this.setHealth("draining");
    clearTimeout(this.timer);
    if (this.inFlight > 0) {
      await new Promise<void>((resolve) => {
        this.resolveDrained = resolve;
        this.timer = setTimeout(resolve, this.time.ms(this.spec.deregistrationSeconds)).unref();
      });
      clearTimeout(this.timer);
    }
    this.events.removed();
  }

  endRequest(): void {
    this.inFlight--;
    if (this.inFlight === 0) this.resolveDrained?.();
  }

  /**
   * Records a check. One pass makes a new target healthy; later a threshold of consecutive results changes its health.
   */
  private recordResult(passed: boolean): void {
    const { spec, health } = this;
    const indicated: ServerHealth = passed ? "healthy" : "unhealthy";
    const threshold = passed ? (health === "initial" ? 1 : spec.healthyThreshold) : spec.unhealthyThreshold;
    this.consecutiveResults = indicated === health ? 0 : this.consecutiveResults + 1;
    if (this.consecutiveResults >= threshold) this.setHealth(indicated);
    if (this.health === "unhealthy") this.events.unhealthy();
  }

  private setHealth(health: ServerHealth): void {
    this.health = health;
    this.consecutiveResults = 0;
    if (health === "healthy") this.becameHealthy();
    this.events.changed();
  }
}
