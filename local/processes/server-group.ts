/** A check that the container runtime runs inside a task. */
export interface ContainerCheck {
  readonly command: readonly string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** Consecutive failures that make the task unhealthy. */
  readonly retries: number;
  /** Failures so soon after the start do not count. */
  readonly startPeriodSeconds: number;
}

/** Identical servers of one service in one region, whatever pattern planned them. */
export interface ServerGroup {
  /** URN of the resource that owns the servers. */
  readonly id: string;
  readonly service: string;
  readonly region: string;
  /** Name of the pattern, as configuration writes it. */
  readonly pattern: string;
  /** Zones the servers may be in; the desired number is spread evenly. */
  readonly zones: readonly string[];
  readonly desired: number;
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /** Folder of the artifact, as planned: relative to the project root or absolute. */
  readonly cwd: string;
  readonly containerCheck?: ContainerCheck;
  /** The balancer's verdict replaces a server that is older than this; unset where nothing listens to it. */
  readonly balancerGraceSeconds?: number;
  /** From the end of a process to the next one: systemd's RestartSec, or how long an agent needs to notice. */
  readonly restartSeconds: number;
  /** From SIGTERM to SIGKILL. */
  readonly stopTimeoutSeconds: number;
  /** Target groups (ARN, or the key that readBalancers gave) or Cloud Map services (ARN). */
  readonly registersWith: readonly string[];
}
