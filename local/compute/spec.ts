import type { GraphIndex, PlannedResource } from "../../graph/model";
import { unsupported } from "../unsupported";

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
  readonly pattern: "ec2" | "ecs" | "beanstalk";
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

/** One function behind an alias. */
export interface FunctionSpec {
  readonly aliasArn: string;
  readonly invokeArn: string;
  readonly functionName: string;
  readonly service: string;
  readonly region: string;
  readonly zones: readonly string[];
  /** `handler.cjs` in the artifact, and what it exports. */
  readonly file: string;
  readonly export: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  /** Most concurrent executions. */
  readonly reserved: number;
  /** Executions kept initialised. */
  readonly provisioned: number;
}

/** The folder an archive input was made of. */
export function archiveOf(resource: PlannedResource, property: string): string {
  return (
    resource.outputs[property]?.archive ??
    unsupported(resource, property, "an archive of a folder", resource.outputs[property])
  );
}

/** The folder that was uploaded to an S3 object. */
export function uploadedFolder(index: GraphIndex, owner: PlannedResource, bucket: string, key: string): string {
  const [object] = index.where("aws:s3/bucketObjectv2:BucketObjectv2", { bucket, key });
  if (object === undefined) unsupported(owner, "artifact", "a planned S3 object", `s3://${bucket}/${key}`);
  return archiveOf(object, "source");
}
