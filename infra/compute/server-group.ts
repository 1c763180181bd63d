import type * as ec2 from "@pulumi/aws/ec2";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { ComputeArgs } from "../core/compute";
import { balancerToServer, serverToHttps } from "../core/flows";
import { allowHttpsOut, connect, createGroup } from "../core/security-group";
import { balancerOf } from "./shared";

/** Security group of a service's servers: out by HTTPS, and in from nobody until somebody is connected. */
export function createServerGroup(name: string, args: ComputeArgs, opts: CustomResourceOptions): ec2.SecurityGroup {
  const group = createGroup(
    `${name}-group`,
    { vpcId: args.network.vpcId, description: `Servers of ${args.service.name}` },
    opts,
  );
  allowHttpsOut(`${name}-https`, group.id, serverToHttps(), opts);
  return group;
}

/** Lets the shared balancer, and nobody else, call the servers. @param port default the service's own */
export function admitBalancer(
  name: string,
  args: ComputeArgs,
  group: Pick<ec2.SecurityGroup, "id">,
  opts: CustomResourceOptions,
  port = args.service.port,
): void {
  const from = balancerOf(args).securityGroupId;
  connect(`${name}-from-balancer`, { flow: balancerToServer(args.service, port), from, to: group.id }, opts);
}
