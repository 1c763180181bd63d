import type { ComponentResource, ComponentResourceOptions, Input } from "@pulumi/pulumi";
import type { SharedBalancer } from "../balancer/private-alb";
import type { ComputeBackend, OptionalBackendField } from "../contract/backend";
import type { NetworkOutputs, TableOutputs } from "../contract/layer-outputs";
import type { ServerSpec } from "../contract/service";
import type { Artifact } from "./artifact";
import type { Capacity } from "./capacity";
import type { ServiceGrants } from "./service-grants";

/** Names of the ingresses, the ways a gateway reaches an `ecs` service; the other patterns have one way each. */
export const ingressNames = ["cloudmap", "alb"] as const;
/** Name of an ingress. */
export type Ingress = (typeof ingressNames)[number];

/** Names of the sizes of one server or function; each pattern's folder says what a size is. */
export const sizeNames = ["small", "medium", "large"] as const;
/** Name of a size. */
export type Size = (typeof sizeNames)[number];

/**
 * Concurrent executions of a function. AWS refuses reserved and provisioned concurrency that leave an account fewer than
 * 100 unreserved executions, so a new account, which has 10, can have neither.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
export interface FunctionConcurrency {
  /** Executions that only this function may use, and its most. @default it shares the account's with other functions */
  readonly reservedConcurrency?: number;
  /** Executions kept warm, at least. @default none */
  readonly provisionedConcurrency?: number;
}

/** Settings of one service from configuration. Each pattern reads the ones it needs. */
export interface RunSettings {
  readonly ingress: Ingress;
  readonly size: Size;
  /** Share of `ecs` tasks above the minimum that run on Fargate Spot, 0-99; with 100 all tasks, also the minimum. */
  readonly spotPercent: number;
  readonly scaling: {
    /** Target average CPU, percent. */
    readonly cpuPercent: number;
    /** Target average memory, percent (`ecs`). */
    readonly memoryPercent: number;
    /** Target requests per second and server, where a balancer counts them (`ec2`). */
    readonly requestsPerSecond: number;
  };
  /** Concurrency of the function (`lambda`). */
  readonly functions: FunctionConcurrency;
}

/**
 * What the compute layer gives to the pattern that runs one service in one region. Each pattern reads what it needs.
 */
export interface PatternInputs {
  readonly region: string;
  readonly service: ServerSpec;
  readonly settings: RunSettings;
  /** Fewest and most servers in this region. */
  readonly capacity: Capacity;
  readonly artifact: Artifact;
  readonly network: NetworkOutputs;
  readonly table: TableOutputs;
  /** Whether a REST API passes answers of the service on as they are made. @default false */
  readonly streams?: boolean;
  /** What the service gets for its needs. @default nothing */
  readonly grants?: ServiceGrants;
  /** Name of the region's private bucket of artifacts. @default unset, where no service of the region needs it */
  readonly artifactBucket?: Input<string>;
  /** The region's shared balancer. @default unset, where no service of the region needs one */
  readonly balancer?: SharedBalancer;
  readonly logRetentionDays: number;
  /** Whether what cannot be rebuilt is protected from deletion. */
  readonly protection: boolean;
  /**
   * Exact solution stack to pin for `beanstalk`. @example "64bit Amazon Linux 2023 v6.6.2 running Node.js 22"
   * @default the newest one at creation; from then on Beanstalk's managed updates install newer ones
   */
  readonly beanstalkPlatform?: string;
  /** Release of Amazon Linux 2023 that `ec2` servers start from, in every region. @example "2023.12.20261012.0" */
  readonly imageRelease: string;
  /** Image of `ec2` servers in this region, `ami-...` (Amazon Linux 2023, arm64). @default the release's image */
  readonly machineImage?: string;
  /** ARN of the region's SNS topic that alarms notify. @default none: alarms only roll deployments back */
  readonly alarmTopicArn?: Input<string>;
}

/** A component that runs one service in one region. */
export interface RunningService extends ComponentResource {
  readonly backend: ComputeBackend;
  /**
   * Name of the role that the service's own code runs as; a gateway can give it permission to send requests to other
   * services.
   */
  readonly roleName: Input<string>;
}

/** Which of the resources that services of a region share a service needs. */
interface SharedNeeds {
  readonly balancer: boolean;
  readonly artifactBucket: boolean;
}

/**
 * A pattern: a way to run a service. `backendKind` and `needs` return plain values from configuration alone, as they
 * decide which resources exist, and that must not depend on outputs.
 */
export interface ComputePattern {
  /**
   * Returns the kind of backend that this pattern makes; stacks that read the backend from another stack rely on it.
   */
  backendKind(settings: Pick<RunSettings, "ingress">): ComputeBackend["kind"];
  /** Optional fields of the backend that this pattern always sets. @default none */
  readonly optionalFields?: readonly OptionalBackendField[];
  /** What its servers are, which an experiment takes away one of. @default none: a function has no server to lose */
  readonly servers?: "instances" | "tasks";
  /** Returns the shared resources that a service needs under this pattern. */
  needs(settings: Pick<RunSettings, "ingress">): SharedNeeds;
  /** Makes the component that runs the service, and passes it only the inputs that it uses. */
  create(name: string, inputs: PatternInputs, opts?: ComponentResourceOptions): RunningService;
}

interface NeedsBalancer extends Pick<PatternInputs, "balancer"> {
  readonly service: Pick<ServerSpec, "name">;
}

/** Returns the region's shared balancer. @throws {Error} when the region has none */
export function requireBalancer({ balancer, service }: NeedsBalancer): SharedBalancer {
  return balancer ?? refuse(service.name, "balancer");
}

/** Returns the region's bucket of artifacts. @throws {Error} when the region has none */
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
