import type { Choice } from "../backends";
import { matches, probe } from "../ports/probe";
import type { Health, Registrant, Registration, Registry } from "../processes/registration";
import type { TimeScale } from "../time-scale";

export interface TargetGroupSpec {
  /** ARN, or the key of a Beanstalk process. */
  readonly key: string;
  readonly algorithm: "round_robin" | "least_outstanding_requests";
  readonly path: string;
  readonly matcher: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  readonly deregistrationSeconds: number;
  /** With fewer healthy targets than this, requests go to all of them: the balancer fails open. */
  readonly minimumHealthy: number;
}

/** One target group of an Application Load Balancer, cross-zone. */
export class TargetGroup implements Registry {
  private readonly targets = new Set<Target>();
  /** Targets that take requests now; computed again on every change, not on every request. */
  private rotation: readonly Target[] = [];
  private next = 0;

  constructor(
    readonly spec: TargetGroupSpec,
    private readonly time: TimeScale,
  ) {}

  register(server: Registrant, _selfReported: boolean, onUnhealthy: () => void): Registration {
    const target = new Target(server, this.spec, this.time, {
      changed: () => this.rotate(),
      unhealthy: onUnhealthy,
      released: () => this.targets.delete(target),
    });
    this.targets.add(target);
    this.rotate();
    target.startChecks();
    return target;
  }

  pick(): Choice {
    const target = this.spec.algorithm === "round_robin" ? this.inTurn() : this.leastBusy();
    if (target === undefined) return { kind: "none", via: "balancer" };
    target.inFlight++;
    let open = true;
    const done = () => {
      if (open) target.requestEnded();
      open = false;
    };
    return { kind: "server", via: "balancer", origin: target.server.origin, done };
  }

  private inTurn(): Target | undefined {
    const { rotation } = this;
    if (rotation.length === 0) return undefined;
    this.next = (this.next + 1) % rotation.length;
    return rotation[this.next];
  }

  /** Of equally busy ones the next in turn. */
  private leastBusy(): Target | undefined {
    const { rotation } = this;
    let best = this.inTurn();
    for (let i = 1; i < rotation.length; i++) {
      const target = rotation[(this.next + i) % rotation.length]!;
      if (target.inFlight < best!.inFlight) best = target;
    }
    return best;
  }

  private rotate(): void {
    const registered = [...this.targets].filter((target) => target.health !== "draining");
    const healthy = registered.filter((target) => target.health === "healthy");
    this.rotation = healthy.length < this.spec.minimumHealthy ? registered : healthy;
  }
}

interface TargetEvents {
  changed(): void;
  unhealthy(): void;
  released(): void;
}

class Target implements Registration {
  health: Health = "initial";
  inFlight = 0;
  readonly healthy: Promise<void>;
  private becameHealthy = () => {};
  private streak = 0;
  private timer: NodeJS.Timeout | undefined;
  private release: (() => void) | undefined;

  constructor(
    readonly server: Registrant,
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
      const status = await probe(`${this.server.origin}${spec.path}`, time.timeoutMs(spec.timeoutSeconds));
      if (this.health === "draining") return;
      this.judge(matches(spec.matcher, status));
      this.timer = setTimeout(round, time.ms(spec.intervalSeconds));
    };
    void round();
  }

  /** Target groups make up their own mind. */
  report(): void {}

  async deregister(): Promise<void> {
    if (this.health === "draining") return;
    this.enter("draining");
    clearTimeout(this.timer);
    if (this.inFlight > 0) {
      await new Promise<void>((resolve) => {
        this.release = resolve;
        this.timer = setTimeout(resolve, this.time.ms(this.spec.deregistrationSeconds)).unref();
      });
      clearTimeout(this.timer);
    }
    this.events.released();
  }

  requestEnded(): void {
    this.inFlight--;
    if (this.inFlight === 0) this.release?.();
  }

  /** A new target needs one pass; later, consecutive results up to a threshold change its health. */
  private judge(passed: boolean): void {
    const { spec, health } = this;
    const wanted: Health = passed ? "healthy" : "unhealthy";
    const threshold = passed ? (health === "initial" ? 1 : spec.healthyThreshold) : spec.unhealthyThreshold;
    this.streak = wanted === health ? 0 : this.streak + 1;
    if (this.streak >= threshold) this.enter(wanted);
    if (this.health === "unhealthy") this.events.unhealthy();
  }

  private enter(health: Health): void {
    this.health = health;
    this.streak = 0;
    if (health === "healthy") this.becameHealthy();
    this.events.changed();
  }
}
