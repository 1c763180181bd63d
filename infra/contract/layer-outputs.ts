import type { Input } from "@pulumi/pulumi";
import type { ComputeBackend } from "./backend";

/*
 * Outputs of each layer that other layers read. They are serialisable data, as a stack that does not own a layer gets
 * the same type from a StackReference. Names of regions and zones are plain values, as they decide what exists.
 */

/** Outputs of the network layer of one region. */
export interface NetworkOutputs {
  readonly vpcId: Input<string>;
  /** IPv4 block of the VPC, from config. */
  readonly cidr: string;
  /** Zone names, from config; every list of subnets below is in this order. */
  readonly zones: readonly string[];
  readonly publicSubnetIds: Input<Input<string>[]>;
  readonly privateSubnetIds: Input<Input<string>[]>;
  readonly isolatedSubnetIds: Input<Input<string>[]>;
  /**
   * Ids of AWS's prefix lists of S3 and DynamoDB, which gateway endpoints lead to.
   * @default unset, where there are no interface endpoints: other AWS APIs then have any address on the internet
   */
  readonly storagePrefixLists?: { readonly s3: Input<string>; readonly dynamodb: Input<string> };
  /** Cloud Map private DNS namespace. */
  readonly namespace: { readonly id: Input<string>; readonly arn: Input<string>; readonly name: Input<string> };
  /**
   * Security group of functions in the VPC. It belongs to the network, as Lambda keeps a function's network interfaces
   * for up to 45 minutes after the function is deleted.
   */
  readonly functionSecurityGroupId: Input<string>;
  /** Endpoint of the private API. @default unset, where no service calls another */
  readonly privateApiEndpoint?: PrivateEndpoint;
}

/** A VPC interface endpoint, and its name in all zones for an alias record. */
export interface PrivateEndpoint {
  readonly id: Input<string>;
  readonly dnsName: Input<string>;
  readonly dnsZoneId: Input<string>;
}

/** Outputs of the identity layer: the Cognito user pool, which is in the primary region only. */
export interface IdentityOutputs {
  readonly userPoolId: Input<string>;
  /** `https://cognito-idp.<region>.amazonaws.com/<pool>`: the `iss` of every token. */
  readonly issuer: Input<string>;
  /** Clients whose tokens the gateways accept, in the order they are created. */
  readonly clientIds: Input<Input<string>[]>;
  /** URL of the hosted sign-in page: its own name, or `https://<prefix>.auth.<region>.amazoncognito.com`. */
  readonly signInUrl: Input<string>;
  /** Name of the table of the tenants' members, which `npm run tenant` writes. @default unset, without tenants */
  readonly memberTable?: Input<string>;
  /** Names of the records by which SES verifies the domain of messages. @default unset, without mail of its own */
  readonly mailTokens?: Input<Input<string>[]>;
  /**
   * Name, in both regions, of the table of the keys that both pools had last, which the gateways' authorizers read and
   * write. @default unset, with one user pool
   */
  readonly keyTable?: Input<string>;
  /** @default unset, with one user pool */
  readonly otherRegion?: OtherPoolOutputs;
}

/** The user pool of the other region, where each has one. */
export interface OtherPoolOutputs extends Omit<IdentityOutputs, "otherRegion" | "memberTable" | "keyTable"> {
  /** @example "eu-central-1" */
  readonly region: string;
}

/** A DynamoDB table, as seen from one region. */
export interface TableOutputs {
  readonly name: Input<string>;
  /** ARN of the table, or of its replica, in the region that reads this. */
  readonly arn: Input<string>;
  /** ARN of the customer key in that region that encrypts the table. Unset: AWS's own key. */
  readonly keyArn?: Input<string>;
}
/** One more table of a service. */
export interface MoreTableOutputs extends TableOutputs {
  /** The table of its home region, which the service uses from every region. @default unset, for a table without one */
  readonly home?: Omit<TableOutputs, "name"> & { readonly region: string };
}

/** The tables of one service: its own, and those that it needs in addition. */
export interface ServiceTables extends TableOutputs {
  /** ARN of the stream of its own table in the region that reads this. @default unset, of a service that does not publish */
  readonly streamArn?: Input<string>;
  /** By their names in the service's contract. @default none */
  readonly more?: Readonly<Record<string, MoreTableOutputs>>;
}
/** Outputs of the data layer: the tables of each service, by the service's name. */
export type DataOutputs = Readonly<Record<string, ServiceTables>>;

/** Outputs of the compute layer: the backend of each service, by the service's name. */
export type ComputeOutputs = Readonly<Record<string, ComputeBackend>>;

/** Outputs of the edge layer of one region. */
export interface EdgeOutputs {
  /** URL that clients use, failed over between regions by Route 53: `https://api.example.com`. */
  readonly url: Input<string>;
  /** URL of this region alone: `https://eu-west-1.api.example.com`. */
  readonly regionalUrl: Input<string>;
  /** URL of the REST API. @default unset, without one @example "https://rest.api.example.com" */
  readonly restUrl?: Input<string>;
  /** URLs of services that fail over by themselves, by service. @default unset, without such services */
  readonly serviceUrls?: Readonly<Record<string, Input<string>>>;
  /** URL of the web app. @default unset, without one, and in other regions than the primary one */
  readonly webUrl?: Input<string>;
  /** Live changes of items. @default unset, without them */
  readonly live?: LiveOutputs;
  /**
   * Ids of the templates of experiments by the experiment's name.
   * @default unset, without experiments
   * @example { "zone-eu-west-1a": "EXT..." }
   */
  readonly experiments?: Readonly<Record<string, Input<string>>>;
  /** URL of the private API, in the VPC only. @default unset, where no service calls another */
  readonly privateUrl?: Input<string>;
  /** What `npm run tenant` writes to in the region. @default unset, without tenants */
  readonly tenants?: TenantOutputs;
  /** Id of the HTTP API, for diagnosis; its execute-api endpoint is disabled. */
  readonly apiId: Input<string>;
  readonly hostedZoneId: Input<string>;
}

/** The WebSocket API of a region, and the queue of the changes that it posts. */
export interface LiveOutputs {
  /** URL that clients open connections at, failed over as the API's is: `wss://live.example.com`. */
  readonly url: Input<string>;
  readonly queueArn: Input<string>;
  /** Queue of changes that a topic of this region could not hand to the queue of a region. */
  readonly deadLettersArn: Input<string>;
  /** URLs of the queues of dead letters: of changes, and of endings. */
  readonly deadLetters: readonly Input<string>[];
}

/** The tenants' part of a region's REST API. */
export interface TenantOutputs {
  /** Ids of the usage plans by tier. */
  readonly plans: Readonly<Record<string, Input<string>>>;
  /** ARN of the secret that the tenants' API keys are derived from. */
  readonly secretArn: Input<string>;
}
