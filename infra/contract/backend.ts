import type { Input } from "@pulumi/pulumi";

/**
 * An HTTP listener on a private load balancer (`ec2`, `beanstalk`, `ecs` with ALB ingress).
 * Only ARNs, names and numbers, so that the record survives a StackReference unchanged.
 */
export interface ListenerBackend {
  readonly kind: "listener";
  /** HTTP APIs integrate with the listener. */
  readonly listenerArn: Input<string>;
  /** REST APIs integrate with the balancer (VPC link v2). */
  readonly loadBalancerArn: Input<string>;
  /** Host name of the balancer, without scheme or port. */
  readonly dnsName: Input<string>;
  /** Listener port, 1-65535. */
  readonly port: Input<number>;
  /** Group on the balancer; a gateway adds its own ingress rule to it. */
  readonly securityGroupId: Input<string>;
}

/** Servers registered in Cloud Map (`ecs` with Cloud Map ingress). */
export interface DiscoveryBackend {
  readonly kind: "discovery";
  /** Cloud Map service ARN; an HTTP API integrates with it directly. */
  readonly serviceArn: Input<string>;
  readonly namespaceName: Input<string>;
  readonly serviceName: Input<string>;
  /** Port the servers listen on, 1-65535. */
  readonly port: Input<number>;
  /** Group on the servers; a gateway adds its own ingress rule to it. */
  readonly securityGroupId: Input<string>;
}

/** A function invoked by API Gateway directly (`lambda`). */
export interface FunctionBackend {
  readonly kind: "function";
  readonly functionArn: Input<string>;
  /** The alias that takes traffic; gateways invoke it and are permitted on it, never on the function. */
  readonly aliasArn: Input<string>;
  /** `arn:…:path/2015-03-31/functions/<alias ARN>/invocations`, the form REST APIs need. */
  readonly invokeArn: Input<string>;
  /** `…/2021-11-15/functions/<alias ARN>/response-streaming-invocations`, for REST responses that stream. */
  readonly streamingInvokeArn: Input<string>;
}

/** A legacy endpoint outside the platform. */
export interface UrlBackend {
  readonly kind: "url";
  /** Absolute URL, `https://` outside tests; the gateway calls it over the internet. */
  readonly url: Input<string>;
}

/** The target of a gateway's integration. There are few kinds, however many compute patterns exist. */
export type Backend = ListenerBackend | DiscoveryBackend | FunctionBackend | UrlBackend;
/** A backend that a compute pattern makes. */
export type ComputeBackend = Exclude<Backend, UrlBackend>;
