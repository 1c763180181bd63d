import type { ComponentResource, ComponentResourceOptions, Input } from "@pulumi/pulumi";
import type { ComputeBackend } from "./backend";
import type { NetworkOutputs, TableOutputs } from "./outputs";
import type { Artifact, ServiceSpec } from "./service";

/** The shared internal balancer of a region, for patterns that need one. */
export interface SharedBalancer {
  readonly loadBalancerArn: Input<string>;
  /** `app/<name>/<id>`: the part of CloudWatch dimensions and request-count resource labels. */
  readonly arnSuffix: Input<string>;
  readonly dnsName: Input<string>;
  readonly securityGroupId: Input<string>;
}

/** Everything a pattern may use to run one service in one region. */
export interface ComputeArgs {
  readonly region: string;
  readonly service: ServiceSpec;
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
  /** SNS topic of this region that alarms notify; unset leaves them to roll deployments back only. */
  readonly alarmTopicArn?: Input<string>;
}

/** What a pattern is: a component with a backend, and what config must know about it before it exists. */
export interface Compute extends ComponentResource {
  readonly backend: ComputeBackend;
  /** Role the service's own code runs as, so that a gateway can let it call other services. */
  readonly roleName: Input<string>;
}

/** How a pattern is made. The statics are known without awaiting anything, so they can decide what exists. */
export interface ComputePattern {
  new (name: string, args: ComputeArgs, opts?: ComponentResourceOptions): Compute;
  /** Kind of backend this pattern makes for a service; a StackReference consumer relies on it. */
  backendKind(service: Pick<ServiceSpec, "ingress">): ComputeBackend["kind"];
  /** Shared resources of the region that a service needs under this pattern. */
  needs(service: Pick<ServiceSpec, "ingress">): { readonly balancer: boolean; readonly artifactBucket: boolean };
}
