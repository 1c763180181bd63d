import type { Input } from "@pulumi/pulumi";
import type { ComputeBackend } from "./backend";

/*
 * What each layer tells the layers above it. Serialisable data only: a stack that does not own a layer
 * gets the same type from a StackReference. Region names and zones are plain because they decide what exists.
 */

/** One region's network. */
export interface NetworkOutputs {
  readonly vpcId: Input<string>;
  /** IPv4 block of the VPC, from config. */
  readonly cidr: string;
  /** Zone names, from config; every list of subnets below is in this order. */
  readonly zones: readonly string[];
  readonly publicSubnetIds: Input<Input<string>[]>;
  readonly privateSubnetIds: Input<Input<string>[]>;
  readonly isolatedSubnetIds: Input<Input<string>[]>;
  /** Cloud Map private DNS namespace. */
  readonly namespace: { readonly id: Input<string>; readonly arn: Input<string>; readonly name: Input<string> };
  /** Security group that VPC functions use; here because its interfaces outlive a function by up to 45 minutes. */
  readonly functionSecurityGroupId: Input<string>;
}

/** Cognito, in the primary region only. */
export interface IdentityOutputs {
  readonly userPoolId: Input<string>;
  /** `https://cognito-idp.<region>.amazonaws.com/<pool>`: the `iss` of every token. */
  readonly issuer: Input<string>;
  /** Clients whose tokens the gateways accept, in the order they are created. */
  readonly clientIds: Input<Input<string>[]>;
  /** Hosted sign-in, `https://<prefix>.auth.<region>.amazoncognito.com`. */
  readonly signInUrl: Input<string>;
}

/** Where a service keeps its data, as seen from one region. */
export interface TableOutputs {
  readonly name: Input<string>;
  /** ARN of the table, or of its replica, in the region that reads this. */
  readonly arn: Input<string>;
}
export type DataOutputs = Readonly<Record<string, TableOutputs>>;

/** One backend per service. */
export type ComputeOutputs = Readonly<Record<string, ComputeBackend>>;

/** One region's public front door. */
export interface EdgeOutputs {
  /** Name that Route 53 fails over between regions: `https://api.example.com`. */
  readonly url: Input<string>;
  /** Name of this region alone: `https://eu-west-1.api.example.com`. */
  readonly regionalUrl: Input<string>;
  /** Execute-api endpoint; disabled, shown for diagnosis. */
  readonly apiId: Input<string>;
  readonly hostedZoneId: Input<string>;
}
