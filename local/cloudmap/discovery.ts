import type { GraphIndex } from "../../graph/model";
import type { Choice } from "../backends";
import type { Health, Registrant, Registration, Registry } from "../processes/registration";

/** Which instances DiscoverInstances returns; the last one, its default, fails open. */
export type HealthFilter = "HEALTHY" | "UNHEALTHY" | "ALL" | "HEALTHY_OR_ELSE_ALL";

/** One Cloud Map service. */
export class DiscoveryService implements Registry {
  private readonly instances = new Set<Instance>();
  private answer: readonly Instance[] = [];

  /** @param customHealth  whether instances start unhealthy until their own platform reports them healthy */
  constructor(readonly customHealth: boolean) {}

  register(server: Registrant, selfReported: boolean): Registration {
    const instance: Instance = new Instance(server, {
      ignored: !this.customHealth,
      changed: () => this.refresh(),
      released: () => this.instances.delete(instance),
    });
    this.instances.add(instance);
    // ECS registers a task without a container check as healthy.
    if (!this.customHealth || !selfReported) instance.enter("healthy");
    else this.refresh();
    return instance;
  }

  discover(filter: HealthFilter = "HEALTHY_OR_ELSE_ALL"): readonly Registrant[] {
    return this.matching(filter).map((instance) => instance.server);
  }

  /** As the gateway's VPC link chooses: any of the discovered instances, at random. */
  pick(): Choice {
    const { answer } = this;
    const chosen = answer[Math.floor(Math.random() * answer.length)];
    if (chosen === undefined) return { kind: "none", via: "discovery" };
    return { kind: "server", via: "discovery", origin: chosen.server.origin, done: nothing };
  }

  private matching(filter: HealthFilter): readonly Instance[] {
    const all = [...this.instances];
    const healthy = all.filter((each) => each.health === "healthy");
    switch (filter) {
      case "ALL":
        return all;
      case "HEALTHY":
        return healthy;
      case "UNHEALTHY":
        return all.filter((each) => each.health !== "healthy");
      case "HEALTHY_OR_ELSE_ALL":
        return healthy.length > 0 ? healthy : all;
    }
  }

  private refresh(): void {
    this.answer = this.matching("HEALTHY_OR_ELSE_ALL");
  }
}

/** Every planned Cloud Map service by ARN. */
export function readDiscovery(index: GraphIndex): ReadonlyMap<string, DiscoveryService> {
  return new Map(
    index
      .ofType("aws:servicediscovery/service:Service")
      .map(({ outputs }) => [outputs["arn"], new DiscoveryService(outputs["healthCheckCustomConfig"] !== undefined)]),
  );
}

interface InstanceEvents {
  /** Cloud Map has no health for this service: reports are lost. */
  readonly ignored: boolean;
  changed(): void;
  released(): void;
}

class Instance implements Registration {
  health: Health = "initial";
  readonly healthy: Promise<void>;
  private becameHealthy = () => {};

  constructor(
    readonly server: Registrant,
    private readonly events: InstanceEvents,
  ) {
    this.healthy = new Promise((resolve) => {
      this.becameHealthy = resolve;
    });
  }

  report(healthy: boolean): void {
    if (!this.events.ignored && this.health !== "draining") this.enter(healthy ? "healthy" : "unhealthy");
  }

  /** Cloud Map forgets at once; the server itself serves on for those who have not noticed. */
  async deregister(): Promise<void> {
    this.health = "draining";
    this.events.released();
    this.events.changed();
  }

  enter(health: Health): void {
    this.health = health;
    if (health === "healthy") this.becameHealthy();
    this.events.changed();
  }
}

function nothing(): void {}
