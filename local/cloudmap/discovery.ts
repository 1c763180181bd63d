import type { GraphIndex } from "../../graph/model";
import type { ServerChoice } from "../local-compute";
import type { RegisteredServer, Registration, Registry, ServerHealth } from "../processes/registration";

/** `HealthStatus` of DiscoverInstances. `HEALTHY_OR_ELSE_ALL`, its default, returns all when none is healthy. */
export type HealthStatusFilter = "HEALTHY" | "UNHEALTHY" | "ALL" | "HEALTHY_OR_ELSE_ALL";

/** A registered server as DiscoverInstances describes it. */
export interface DiscoveredInstance {
  readonly server: RegisteredServer;
  readonly healthy: boolean;
}

/** A Cloud Map service: the instances registered in it, and their health. */
export class CloudMapService implements Registry {
  /** Number of the current set of instances and their health; becomes higher with each change. */
  revision = 1;
  private readonly registered = new Set<Instance>();
  private discovered: readonly Instance[] = [];

  /** @param customHealth  whether instances start unhealthy until their own platform reports them healthy */
  constructor(readonly customHealth: boolean) {}

  register(server: RegisteredServer, reportsOwnHealth: boolean): Registration {
    const instance: Instance = new Instance(server, {
      reportsIgnored: !this.customHealth,
      changed: () => this.refresh(),
      removed: () => this.registered.delete(instance),
    });
    this.registered.add(instance);
    // ECS registers a task without a container check as healthy.
    if (!this.customHealth || !reportsOwnHealth) instance.setHealth("healthy");
    else this.refresh();
    return instance;
  }

  /** Returns the registered servers as DiscoverInstances does. */
  discover(filter: HealthStatusFilter = "HEALTHY_OR_ELSE_ALL"): readonly RegisteredServer[] {
    return this.matching(filter).map((instance) => instance.server);
  }

  /** Returns the same with their health. */
  instances(filter: HealthStatusFilter): readonly DiscoveredInstance[] {
    return this.matching(filter).map(({ server, health }) => ({ server, healthy: health === "healthy" }));
  }

  /** Chooses one of the discovered instances at random, as the gateway's VPC link does. */
  pick(): ServerChoice {
    const { discovered } = this;
    const chosen = discovered[Math.floor(Math.random() * discovered.length)];
    if (chosen === undefined) return { kind: "none", via: "discovery" };
    return { kind: "server", via: "discovery", origin: chosen.server.origin, requestEnded: doNothing };
  }

  private matching(filter: HealthStatusFilter): readonly Instance[] {
    const all = [...this.registered];
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
    this.revision++;
    this.discovered = this.matching("HEALTHY_OR_ELSE_ALL");
  }
}

/** Makes a service for each planned Cloud Map service, by ARN. */
export function readCloudMapServices(index: GraphIndex): ReadonlyMap<string, CloudMapService> {
  return new Map(
    index
      .ofType("aws:servicediscovery/service:Service")
      .map(({ outputs }) => [outputs["arn"], new CloudMapService(outputs["healthCheckCustomConfig"] !== undefined)]),
  );
}

interface InstanceOptions {
  /** Whether reports have no effect, as the Cloud Map service has no custom health check. */
  readonly reportsIgnored: boolean;
  changed(): void;
  removed(): void;
}

class Instance implements Registration {
  health: ServerHealth = "initial";
  readonly healthy: Promise<void>;
  private becameHealthy = () => {};

  constructor(
    readonly server: RegisteredServer,
    private readonly options: InstanceOptions,
  ) {
    this.healthy = new Promise((resolve) => {
      this.becameHealthy = resolve;
    });
  }

  report(healthy: boolean): void {
    if (!this.options.reportsIgnored && this.health !== "draining") this.setHealth(healthy ? "healthy" : "unhealthy");
  }

  /** Removes the instance at once. The server itself continues for clients that still use its address. */
  async deregister(): Promise<void> {
    this.health = "draining";
    this.options.removed();
    this.options.changed();
  }

  setHealth(health: ServerHealth): void {
    this.health = health;
    if (health === "healthy") this.becameHealthy();
    this.options.changed();
  }
}

function doNothing(): void {}
