import type { ComponentResource, ComponentResourceOptions, Input } from "@pulumi/pulumi";
import type { SharedBalancer } from "../balancer/private-alb";
import type { ComputeBackend } from "../contract/backend";
import type { NetworkOutputs, TableOutputs } from "../contract/layer-outputs";
import type { ServiceSpec } from "../contract/service";
import type { Artifact } from "./artifact";
import type { Capacity } from "./capacity";

/** Ways a gateway reaches an `ecs` service; the other patterns have one way each. */
export const ingressNames = ["cloudmap", "alb"] as const;
/** Name of a way to reach an `ecs` service. */
export type Ingress = (typeof ingressNames)[number];

/** Sizes of one server or function; each pattern's folder says what it gives for a size. */
export const sizeNames = ["small", "medium", "large"] as const;
/** Name of a size. */
export type Size = (typeof sizeNames)[number];

/** Settings of one service from configuration. A pattern reads the ones it has a use for. */
export interface RunSettings {
  readonly ingress: Ingress;
  readonly size: Size;
  /** Share of `ecs` tasks above the minimum that run on Fargate Spot, 0-100. */
  readonly spotPercent: number;
  readonly scaling: {
    /** Target average CPU, percent. */
    readonly cpuPercent: number;
    /** Target average memory, percent (`ecs`). */
    readonly memoryPercent: number;
    /** Target requests per second and server, where a balancer counts them (`ec2`). */
    readonly requestsPerSecond: number;
  };
  readonly functions: {
    /** Most concurrent executions (`lambda`). */
    readonly reservedConcurrency: number;
    /** Executions kept warm (`lambda`); 0 for none. */
    readonly provisionedConcurrency: number;
  };
}

/** What the compute layer knows when it runs one service in one region. A pattern takes from it what it uses. */
export interface PatternInputs {
  readonly region: string;
  readonly service: Pick<ServiceSpec, "name" | "port">;
  readonly settings: RunSettings;
  /** Fewest and most servers in this region. */
  readonly capacity: Capacity;
  readonly artifact: Artifact;
  readonly network: NetworkOutputs;
  readonly table: TableOutputs;
  /** Private bucket of the region that holds artifacts; unset where no service needs it. */
  readonly artifactBucket?: Input<string>;
  /** Unset where no service of the region needs a balancer. */
  readonly balancer?: SharedBalancer;
  readonly logRetentionDays: number;
  /** Deletion protection and retention of what cannot be rebuilt. */
  readonly protection: boolean;
  /** Exact Beanstalk solution stack, `64bit Amazon Linux 2023 v6.x.y running Node.js 22`. */
  readonly beanstalkPlatform: string;
  /**
   * Image of `ec2` servers in this region, `ami-...` (Amazon Linux 2023, arm64). Unset takes the newest by its public
   * parameter, but then AWS refuses to roll an instance refresh back: name one wherever a bad deployment must undo itself.
   */
  readonly machineImage?: string;
  /** SNS topic of this region that alarms notify; without it they only roll deployments back. */
  readonly alarmTopicArn?: Input<string>;
}

/** A component that runs one service in one region. */
export interface RunningService extends ComponentResource {
  readonly backend: ComputeBackend;
  /** Role that the service's own code runs as, so that a gateway can let it call other services. */
  readonly roleName: Input<string>;
}

/** Resources of a region that several services share. */
export interface SharedNeeds {
  readonly balancer: boolean;
  readonly artifactBucket: boolean;
}

/**
 * A way to run a service. `backendKind` and `needs` are plain functions of configuration: what they answer decides
 * which resources exist, so no output may be awaited for it.
 */
export interface ComputePattern {
  /** Returns the kind of backend this pattern makes; a stack that reads it from another stack relies on it. */
  backendKind(settings: Pick<RunSettings, "ingress">): ComputeBackend["kind"];
  /** Returns the shared resources that a service needs under this pattern. */
  needs(settings: Pick<RunSettings, "ingress">): SharedNeeds;
  /** Makes the component; it passes on what the component uses, and nothing else. */
  create(name: string, inputs: PatternInputs, opts?: ComponentResourceOptions): RunningService;
}

/** Returns the shared balancer. @throws {Error} when the region made none */
export function requireBalancer({ balancer, service }: Pick<PatternInputs, "balancer" | "service">): SharedBalancer {
  return balancer ?? refuse(service.name, "balancer");
}

/** Returns the region's artifact bucket. @throws {Error} when the region made none */
export function requireArtifactBucket({
  artifactBucket,
  service,
}: Pick<PatternInputs, "artifactBucket" | "service">): Input<string> {
  return artifactBucket ?? refuse(service.name, "artifactBucket");
}

function refuse(service: string, what: keyof SharedNeeds): never {
  throw new Error(
    `service "${service}": its pattern requires ${what}, got none; create it where needs(settings).${what} is true`,
  );
}
