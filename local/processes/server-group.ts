import type { RoleUse } from "../workload-credentials";
import type { DeploymentOrder, ReplacementPolicy } from "./replacement";

/** A health check that the container runtime runs inside an ECS task. */
export interface ContainerCheck {
  readonly command: readonly string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** Consecutive failures that make the task unhealthy. */
  readonly retries: number;
  /** Failures within this time after the start do not count. */
  readonly startPeriodSeconds: number;
}

/** The identical servers of one service in one region, independent of the pattern that planned them. */
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
  /** Environment variables. */
  readonly env: Readonly<Record<string, string>>;
  /** The planned role that the servers run as. @default none, and no credentials */
  readonly role?: RoleUse;
  readonly command: readonly string[];
  /** Folder of the artifact, as planned: relative to the project root or absolute. */
  readonly cwd: string;
  readonly containerCheck?: ContainerCheck;
  /** Age from which a server that fails its container check is replaced; unset replaces it at any age. */
  readonly containerGraceSeconds?: number;
  /** Age from which a server that its balancer finds unhealthy is replaced; unset where it is not replaced for that. */
  readonly balancerGraceSeconds?: number;
  /** How unhealthy servers are replaced; unset replaces one at a time, the new one first. */
  readonly replacement?: ReplacementPolicy;
  /** In which order a deployment replaces servers. @default "before" */
  readonly deployment?: DeploymentOrder;
  /**
   * Whether a process that ended starts again on the same server, which stays registered meanwhile: on an instance, by
   * systemd. Unset starts another server, as ECS does.
   */
  readonly restartsInPlace?: boolean;
  /** From the end of a process to its replacement: systemd's RestartSec, or the time until an agent reports the end. */
  readonly restartSeconds: number;
  /** From SIGTERM to SIGKILL. */
  readonly stopTimeoutSeconds: number;
  /** Target groups (ARN or `beanstalkTargetGroupKey`) and Cloud Map services (ARN). */
  readonly registersWith: readonly string[];
}
