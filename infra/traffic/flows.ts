/** Tiers of a VPC's subnets, in the order of their quarters of its block. */
export const tiers = ["public", "private", "isolated"] as const;
/** Name of one tier of subnets. */
export type Tier = (typeof tiers)[number];

/** Place where a packet starts or ends: outside the VPC, or in one tier of its subnets. */
export type Place = "internet" | Tier;

/**
 * One kind of connection, in the direction it is opened; answers are implied. Security group rules and network ACL
 * rules are both made from flows, so that a port is written once.
 */
export interface Flow {
  /** Unique, kebab-case. */
  readonly id: string;
  /** Becomes the description of rules: at most 255 of the characters EC2 allows, no quotes. */
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
export interface FlowService {
  readonly name: string;
  /** Port of the server, and of its listener on the shared balancer. */
  readonly port: number;
}

/** Data stores of the isolated tier and the port each listens on. */
export const stores = { postgresql: 5432, redis: 6379 } as const;
export type StoreName = keyof typeof stores;

export interface FlowOptions {
  /** A NAT gateway exists: anything but AWS's own endpoints can be reached by HTTPS. */
  readonly nat: boolean;
  /** Interface endpoints exist in the private subnets. */
  readonly interfaceEndpoints: boolean;
  /** Default: all of them, so that turning one on changes no network ACL. */
  readonly stores?: readonly StoreName[];
}

/** Port of nginx on a Beanstalk instance, in front of the service. */
export const beanstalkPort = 80;

/** A gateway's VPC link calls a server it found in Cloud Map. */
export function linkToServer(service: FlowService): Flow {
  return inside(`link-to-${service.name}`, `VPC link to ${service.name} servers`, service.port);
}

/** A gateway's VPC link calls the service's listener on the shared balancer. */
export function linkToBalancer(service: FlowService): Flow {
  return inside(`link-to-balancer-${service.name}`, `VPC link to ${service.name} listener`, service.port);
}

/**
 * The shared balancer calls a server, health checks included.
 * @param port  where the server listens, default the service's own; 80 on Beanstalk
 */
export function balancerToServer(service: FlowService, port = service.port): Flow {
  return inside(`balancer-to-${service.name}-${port}`, `Balancer to ${service.name} servers`, port);
}

/** The forwarder function calls a server it found in Cloud Map. */
export function forwarderToServer(service: FlowService): Flow {
  return inside(`forwarder-to-${service.name}`, `Forwarder to ${service.name} servers`, service.port);
}

/** A server or function calls an AWS API or another HTTPS endpoint outside the VPC, through NAT. */
export function serverToHttps(): Flow {
  return { ...https("server-to-https", "HTTPS to AWS APIs and beyond"), to: "internet", via: "nat" };
}

/** A server or function calls S3 or DynamoDB: public addresses, reached by gateway endpoints straight from the subnet. */
export function workloadToStorage(): Flow {
  return { ...https("workload-to-storage", "HTTPS to S3 and DynamoDB"), to: "internet" };
}

/** A server or function calls an AWS API at its interface endpoint. */
export function workloadToEndpoint(): Flow {
  return https("workload-to-endpoint", "HTTPS to interface endpoints");
}

/** A server or function calls a data store of the isolated tier. */
export function serverToStore(store: StoreName): Flow {
  return { ...inside(`server-to-${store}`, `Servers to ${store}`, stores[store]), to: "isolated" };
}

/**
 * Every flow of one region. A service gets the flows of all compute patterns, so that the network layer stays as it
 * is when config moves a service to another pattern.
 * @returns ids are unique; the order follows `services`
 */
export function declaredFlows(services: readonly FlowService[], options: FlowOptions): readonly Flow[] {
  const flows = [
    ...services.flatMap((service) => [
      linkToServer(service),
      linkToBalancer(service),
      balancerToServer(service),
      balancerToServer(service, beanstalkPort),
      forwarderToServer(service),
    ]),
    ...(options.stores ?? storeNames).map(serverToStore),
    workloadToStorage(),
    ...(options.interfaceEndpoints ? [workloadToEndpoint()] : []),
    ...(options.nat ? [serverToHttps()] : []),
  ];
  return [...new Map(flows.map((flow) => [flow.id, flow])).values()];
}

const storeNames = Object.keys(stores) as StoreName[];

function inside(id: string, description: string, port: number): Flow {
  return { id, description, from: "private", to: "private", protocol: "tcp", fromPort: port, toPort: port };
}

function https(id: string, description: string): Flow {
  return inside(id, description, 443);
}
