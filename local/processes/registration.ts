/** A server as balancers and Cloud Map see it. */
export interface Registrant {
  readonly id: string;
  readonly zone: string;
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
}

export type Health = "initial" | "healthy" | "unhealthy" | "draining";

/** A target group or a Cloud Map service: where servers are registered, and who judges their health. */
export interface Registry {
  /**
   * @param selfReported  whether the server's own platform checks it too, and will `report`
   * @param onUnhealthy   called after every check that leaves the server unhealthy
   */
  register(server: Registrant, selfReported: boolean, onUnhealthy: () => void): Registration;
}

export interface Registration {
  readonly health: Health;
  /** Resolves once, when the server is healthy for the first time. */
  readonly healthy: Promise<void>;
  /** The verdict of the server's own platform; only Cloud Map listens. */
  report(healthy: boolean): void;
  /** Takes the server out of rotation; resolves when the registry lets it go. */
  deregister(): Promise<void>;
}
