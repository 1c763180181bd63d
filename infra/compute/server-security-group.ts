import type * as ec2 from "@pulumi/aws/ec2";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { SharedBalancer } from "../balancer/private-alb";
import type { NetworkOutputs } from "../contract/layer-outputs";
import type { ServiceSpec } from "../contract/service";
import { balancerToServer, serverToHttps } from "../traffic/flows";
import { allowHttpsOut, allowHttpsToAws, connectGroups, createSecurityGroup } from "../traffic/security-group";

/** Arguments of `createServerSecurityGroup`. */
export interface ServerSecurityGroupArgs {
  readonly service: Pick<ServiceSpec, "name">;
  readonly network: Pick<NetworkOutputs, "vpcId" | "cidr" | "storagePrefixLists">;
  /** Whether the service calls hosts outside AWS. @default false */
  readonly callsOut?: boolean | undefined;
}

/**
 * Makes the security group of a service's servers. They may connect to AWS's APIs by HTTPS, and to any address where
 * the service calls hosts outside AWS or the VPC has no interface endpoints. Nothing may connect to them yet.
 */
export function createServerSecurityGroup(
  name: string,
  args: ServerSecurityGroupArgs,
  opts: CustomResourceOptions,
): ec2.SecurityGroup {
  const group = createSecurityGroup(
    `${name}-group`,
    { vpcId: args.network.vpcId, description: `Servers of ${args.service.name}` },
    opts,
  );
  const { cidr, storagePrefixLists } = args.network;
  if (args.callsOut || storagePrefixLists === undefined) {
    allowHttpsOut(`${name}-https`, group.id, serverToHttps(), opts);
  } else {
    allowHttpsToAws(`${name}-https`, group.id, { cidr, storagePrefixLists }, opts);
  }
  return group;
}

/** Arguments of `admitBalancer`. */
export interface AdmitBalancerArgs {
  readonly service: Pick<ServiceSpec, "name" | "port">;
  readonly balancer: Pick<SharedBalancer, "securityGroupId">;
  readonly group: Pick<ec2.SecurityGroup, "id">;
  /** Port the servers listen on. @default the service's own */
  readonly port?: number;
}

/** Makes the rules that let the shared balancer send requests to the servers. */
export function admitBalancer(name: string, args: AdmitBalancerArgs, opts: CustomResourceOptions): void {
  const flow = balancerToServer(args.service, args.port);
  connectGroups(`${name}-from-balancer`, { flow, from: args.balancer.securityGroupId, to: args.group.id }, opts);
}
