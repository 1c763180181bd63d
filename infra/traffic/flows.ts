/** Tiers of a VPC's subnets, in the order of their quarters of the VPC's block. */
export const tiers = ["public", "private", "isolated"] as const;
/** Name of one tier of subnets. */
export type Tier = (typeof tiers)[number];

/** Place where a packet starts or ends: outside the VPC, or in one tier of its subnets. */
export type Place = "internet" | Tier;

/**
 * One kind of connection, in the direction in which it is opened; answers are implied. Rules of security groups and of
 * network ACLs are both made from flows, so that each port is written once.
 */
export interface Flow {
  /** Unique, kebab-case. */
  readonly id: string;
  /** Description of the rules, at most 255 of the characters that EC2 allows, no quotes. */
  readonly description: string;
  readonly from: Place;
  /** `internet` is any address outside the VPC; without `via` it is reached by a gateway endpoint. */
  readonly to: Place;
  readonly protocol: "tcp";
  /** Destination ports, both ends included, 1-65535. */
  readonly fromPort: number;
  readonly toPort: number;
  /** Set when the connection leaves through a NAT gateway in the public tier. */
  readonly via?: "nat";
}

/** The part of a service that flows are made from. */
interface FlowService {
  readonly name: string;
  /** Port of the server, and of its listener on the shared balancer. */
  readonly port: number;
}

/** Port of each data store that the isolated tier may have. */
export const storePorts = { postgresql: 5432, redis: 6379 } as const;
/** Name of a data store. */
type StoreName = keyof typeof storePorts;

/** Options of `declaredFlows`. */
interface FlowOptions {
  /** Whether a NAT gateway exists, through which HTTPS endpoints on the internet can be reached. */
  readonly nat: boolean;
  /** Whether interface endpoints exist in the private subnets. */
  readonly interfaceEndpoints: boolean;
  /** Data stores that servers may connect to. @default all, so that adding one changes no network ACL */
  readonly stores?: readonly StoreName[];
}

/** Port of nginx on a Beanstalk instance, in front of the service. */
export const beanstalkPort = 80;

/** Returns the flow from a gateway's VPC link to a server that it found in Cloud Map. */
export function linkToServer(service: FlowService): Flow {
  return inside(`link-to-${service.name}`, `VPC link to ${service.name} servers`, service.port);
}

/** Returns the flow from a gateway's VPC link to the service's listener on the shared balancer. */
export function linkToBalancer(service: FlowService): Flow {
  return inside(`link-to-balancer-${service.name}`, `VPC link to ${service.name} listener`, service.port);
}

/**
 * Returns the flow from the shared balancer to a server, health checks included.
 * @param port  port that the server listens on; 80 on Beanstalk
 * @default port is the service's own
 */
export function balancerToServer(service: FlowService, port = service.port): Flow {
  return inside(`balancer-to-${service.name}-${port}`, `Balancer to ${service.name} servers`, port);
}

/** Returns the flow from a forwarder function in the VPC to a server that it found in Cloud Map. */
export function forwarderToServer(service: FlowService): Flow {
  return inside(`forwarder-to-${service.name}`, `Forwarder to ${service.name} servers`, service.port);
}

/** Returns the flow from a forwarder function in the VPC to the service's listener on the shared balancer. */
export function forwarderToBalancer(service: FlowService): Flow {
  return inside(`forwarder-to-balancer-${service.name}`, `Forwarder to ${service.name} listener`, service.port);
}

/** Returns the flow from a server or function to an AWS API or another HTTPS endpoint outside the VPC, through NAT. */
export function serverToHttps(): Flow {
  return { ...https("server-to-https", "HTTPS to AWS APIs and beyond"), to: "internet", via: "nat" };
}

/**
 * Returns the flow from a server or function to S3 or DynamoDB. Their addresses are public and are reached through
 * gateway endpoints, directly from the subnet.
 */
export function workloadToStorage(): Flow {
  return { ...https("workload-to-storage", "HTTPS to S3 and DynamoDB"), to: "internet" };
}

/** Returns the flow from a server or function to an AWS API at its interface endpoint. */
export function workloadToEndpoint(): Flow {
  return https("workload-to-endpoint", "HTTPS to interface endpoints");
}

/** Returns the flow from a server or function to a data store of the isolated tier. */
export function serverToStore(store: StoreName): Flow {
  return { ...inside(`server-to-${store}`, `Servers to ${store}`, storePorts[store]), to: "isolated" };
}

/**
 * Returns every flow of one region. A service gets the flows of all patterns, so that the network layer does not change
 * when configuration moves a service to another pattern.
 * @returns flows with unique ids, in the order of `services`
 */
export function declaredFlows(services: readonly FlowService[], options: FlowOptions): readonly Flow[] {
  const flows = [
    ...services.flatMap((service) => [
      linkToServer(service),
      linkToBalancer(service),
      balancerToServer(service),
      balancerToServer(service, beanstalkPort),
      forwarderToServer(service),
      forwarderToBalancer(service),
    ]),
    ...(options.stores ?? storeNames).map(serverToStore),
    workloadToStorage(),
    ...(options.interfaceEndpoints ? [workloadToEndpoint()] : []),
    ...(options.nat ? [serverToHttps()] : []),
  ];
  return [...new Map(flows.map((flow) => [flow.id, flow])).values()];
}

const storeNames = Object.keys(storePorts) as StoreName[];

function inside(id: string, description: string, port: number): Flow {
  return { id, description, from: "private", to: "private", protocol: "tcp", fromPort: port, toPort: port };
}

function https(id: string, description: string): Flow {
  return inside(id, description, 443);
}
