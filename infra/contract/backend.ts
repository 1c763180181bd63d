import type { Input } from "@pulumi/pulumi";

/** What the backends of services have in common. */
interface ServiceBackend {
  /**
   * Role that the service's code runs as, which the private API admits.
   * @default unset, for a service that calls no other
   */
  readonly role?: { readonly name: Input<string>; readonly arn: Input<string> };
  /**
   * Queues of its routes that take work on, by route id.
   * @default unset, for a service without such routes
   */
  readonly work?: Readonly<Record<string, WorkQueue>>;
  /**
   * The topic of changes of its items in this region, and the key that encrypts it.
   * @default unset, for a service that publishes none
   */
  readonly changes?: { readonly topicArn: Input<string>; readonly keyArn: Input<string> };
  /**
   * URLs of the queues that have what could not be delivered to the service or published of it, and scheduled runs that
   * failed. `npm run dead-letters` reads them; no gateway does.
   * @default unset, for a service without messages and schedules
   */
  readonly deadLetters?: readonly Input<string>[];
}

/**
 * The backend of a service behind a listener on the internal load balancer (`ec2`, `beanstalk`, `ecs` with `alb`).
 * It has only ARNs, names and numbers, so that it passes through a StackReference unchanged.
 */
export interface ListenerBackend extends ServiceBackend {
  readonly kind: "listener";
  /** Target of an HTTP API's integration. */
  readonly listenerArn: Input<string>;
  /** Target of a REST API's integration (VPC link v2). */
  readonly loadBalancerArn: Input<string>;
  /** Host name of the balancer, without scheme or port. */
  readonly dnsName: Input<string>;
  /** Listener port, 1-65535. */
  readonly port: Input<number>;
  /** Security group of the balancer; a gateway adds its own inbound rule to it. */
  readonly securityGroupId: Input<string>;
  /**
   * The only host that the listener's rules answer to, so that a gateway must send it as the Host of every request.
   * @default unset: the listener answers to every host
   */
  readonly host?: Input<string>;
}

/** The backend of a service whose servers are registered in Cloud Map (`ecs` with `cloudmap`). */
export interface DiscoveryBackend extends ServiceBackend {
  readonly kind: "discovery";
  /** ARN of the Cloud Map service, the target of an HTTP API's integration. */
  readonly serviceArn: Input<string>;
  readonly namespaceName: Input<string>;
  readonly serviceName: Input<string>;
  /** Port the servers listen on, 1-65535. */
  readonly port: Input<number>;
  /** Security group of the servers; a gateway adds its own inbound rule to it. */
  readonly securityGroupId: Input<string>;
}

/** The backend of a service that API Gateway invokes as a Lambda function (`lambda`). */
export interface FunctionBackend extends ServiceBackend {
  readonly kind: "function";
  readonly functionArn: Input<string>;
  /** The alias that takes traffic; gateways invoke it and are permitted on it, never on the function. */
  readonly aliasArn: Input<string>;
  /** `arn:…:path/2015-03-31/functions/<alias ARN>/invocations`, the form REST APIs need. */
  readonly invokeArn: Input<string>;
  /**
   * The alias of the function that streams answers, which is another one; `aliasArn` where no route of the service
   * streams.
   */
  readonly streamingAliasArn: Input<string>;
}

/** The backend of a legacy route: an HTTPS endpoint outside the platform. */
interface UrlBackend {
  readonly kind: "url";
  /** Absolute URL, `https://` outside tests; the gateway calls it over the internet. */
  readonly url: Input<string>;
}

/** A queue of a service that takes work on. */
export interface WorkQueue {
  readonly url: Input<string>;
  readonly arn: Input<string>;
  /** Key that encrypts it. */
  readonly keyArn: Input<string>;
}

/** The backend of a route by which a gateway takes work on: it puts the body into a queue, as a role. */
interface QueueBackend extends Pick<WorkQueue, "url"> {
  readonly kind: "queue";
  readonly region: string;
  readonly roleArn: Input<string>;
}

/** What a gateway sends a service's requests to: plain data of few kinds, however many patterns exist. */
export type Backend = ListenerBackend | DiscoveryBackend | FunctionBackend | UrlBackend | QueueBackend;
/** A backend that a pattern makes. */
export type ComputeBackend = Exclude<Backend, UrlBackend | QueueBackend>;
/** Name of a field that some backends of a kind have; the pattern says whether its own have it. */
export type OptionalBackendField = "host";
