/** A server that is registered with a balancer or Cloud Map. */
export interface RegisteredServer {
  readonly id: string;
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  /** Its zone, which a zonal shift can take from a balancer's targets. */
  readonly zone?: string;
}

/** Health of a registered server; `initial` until the first result, `draining` while it is deregistered. */
export type ServerHealth = "initial" | "healthy" | "unhealthy" | "draining";

/** A target group or a Cloud Map service: servers are registered with it, and it decides whether they are healthy. */
export interface Registry {
  /**
   * Registers a server.
   * @param reportsOwnHealth  whether the server has a container check, whose results `report` gets
   * @param onUnhealthy   called after every check that leaves the server unhealthy
   */
  register(server: RegisteredServer, reportsOwnHealth: boolean, onUnhealthy: () => void): Registration;
}

/** The registration of one server with a target group or Cloud Map service. */
export interface Registration {
  readonly health: ServerHealth;
  /** Resolves once, when the server is healthy for the first time. */
  readonly healthy: Promise<void>;
  /** Takes the result of the server's container check; only Cloud Map uses it. */
  report(healthy: boolean): void;
  /** Stops new requests to the server; resolves when it has drained. */
  deregister(): Promise<void>;
}
