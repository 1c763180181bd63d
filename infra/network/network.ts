import * as ec2 from "@pulumi/aws/ec2";
import * as servicediscovery from "@pulumi/aws/servicediscovery";
import { Vpc } from "@pulumi/awsx/ec2";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkOutputs } from "../contract/layer-outputs";
import { type Flow, serverToHttps, type Tier, tiers, workloadToEndpoint, workloadToStorage } from "../traffic/flows";
import { type Acls, compileAcls, type TierBlocks } from "../traffic/network-acl";
import { obstacle } from "../traffic/reachability";
import { allowHttpsOut, createGroup } from "../traffic/security-group";
import { Endpoints } from "./endpoints";
import { FlowLogs } from "./flow-logs";
import { allocate, type VpcPlan } from "./vpc-plan";

/** NAT gateways: one in every zone, one for all, or none. */
export const natStrategies = { zone: "OnePerAz", single: "Single", none: "None" } as const;
export type NatStrategy = keyof typeof natStrategies;

export interface NetworkArgs {
  /** `eu-west-1`; the provider's, needed in names of AWS services. */
  readonly region: string;
  /** Private IPv4 block, large enough for `allocate`. */
  readonly cidr: string;
  /** Zone names, 2-6; the order is that of every list of subnets. */
  readonly zones: readonly string[];
  readonly nat: NatStrategy;
  readonly interfaceEndpoints: boolean;
  /** `declaredFlows(...)` of all services. */
  readonly flows: readonly Flow[];
  /** Cloud Map namespace, unique in the VPC: `dev.platform.internal`. */
  readonly namespaceName: string;
  readonly logRetentionDays: number;
  /** Tags of the VPC's parts, which another process makes, out of reach of this program's transformations. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The network of one region: a VPC of three tiers over the given zones, closed but for the declared flows.
 * @throws {RangeError} before the first resource when the block does not fit or a flow the network itself needs is
 *   missing
 */
export class Network extends pulumi.ComponentResource implements NetworkOutputs {
  readonly vpcId: pulumi.Output<string>;
  readonly cidr: string;
  readonly zones: readonly string[];
  readonly publicSubnetIds: pulumi.Output<string[]>;
  readonly privateSubnetIds: pulumi.Output<string[]>;
  readonly isolatedSubnetIds: pulumi.Output<string[]>;
  readonly namespace: NetworkOutputs["namespace"];
  readonly functionSecurityGroupId: pulumi.Output<string>;
  /** The interface endpoint that private APIs are called through; unset without interface endpoints. */
  readonly executeApiEndpointId: pulumi.Output<string> | undefined;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = allocate(args.cidr, args.zones.length);
    const acls = planAcls(name, args, plan);
    super("platform:network:Network", name, {}, opts);
    this.cidr = args.cidr;
    this.zones = args.zones;
    const vpc = this.createVpc(name, args, plan);
    this.vpcId = vpc.vpcId;
    this.publicSubnetIds = vpc.publicSubnetIds;
    this.privateSubnetIds = vpc.privateSubnetIds;
    this.isolatedSubnetIds = vpc.isolatedSubnetIds;
    this.closeDefaultGroup(name);
    this.createAcls(name, acls);
    const flowLogs = this.createFlowLogs(name, args);
    this.executeApiEndpointId = this.createEndpoints(name, args, vpc, flowLogs).interfaceIds["execute-api"];
    this.namespace = this.createNamespace(name, args);
    this.functionSecurityGroupId = this.createFunctionGroup(name);
    this.registerOutputs({ vpcId: this.vpcId, namespaceId: this.namespace.id });
  }

  private createVpc(name: string, args: NetworkArgs, plan: VpcPlan): Vpc {
    return new Vpc(
      `${name}-vpc`,
      {
        cidrBlock: args.cidr,
        availabilityZoneNames: [...args.zones],
        // Explicit blocks need a strategy that is not the default one, which would move them.
        subnetStrategy: "Auto",
        subnetSpecs: [
          { type: "Public", name: "public", cidrBlocks: [...plan.public.subnets] },
          { type: "Private", name: "private", cidrBlocks: [...plan.private.subnets] },
          { type: "Isolated", name: "isolated", cidrBlocks: [...plan.isolated.subnets] },
        ],
        natGateways: { strategy: natStrategies[args.nat] },
        // Private DNS of interface endpoints and Cloud Map need both.
        enableDnsHostnames: true,
        enableDnsSupport: true,
        tags: args.tags,
      },
      { parent: this },
    );
  }

  /** Every VPC has this group, and everything without a group lands in it: it must admit nothing. */
  private closeDefaultGroup(name: string): void {
    const args = { vpcId: this.vpcId, ingress: [], egress: [] };
    new ec2.DefaultSecurityGroup(`${name}-default-group`, args, { parent: this });
  }

  private createAcls(name: string, acls: Acls): void {
    const subnetIds: Record<Tier, pulumi.Output<string[]>> = {
      public: this.publicSubnetIds,
      private: this.privateSubnetIds,
      isolated: this.isolatedSubnetIds,
    };
    for (const tier of tiers) {
      const rules = { ingress: [...acls[tier].ingress], egress: [...acls[tier].egress] };
      new ec2.NetworkAcl(
        `${name}-${tier}-acl`,
        { vpcId: this.vpcId, subnetIds: subnetIds[tier], ...rules },
        { parent: this },
      );
    }
  }

  private createFlowLogs(name: string, args: NetworkArgs): FlowLogs {
    const retentionDays = args.logRetentionDays;
    return new FlowLogs(`${name}-flow-logs`, { vpcId: this.vpcId, retentionDays }, { parent: this });
  }

  private createEndpoints(name: string, args: NetworkArgs, vpc: Vpc, flowLogs: FlowLogs): Endpoints {
    return new Endpoints(
      `${name}-endpoints`,
      {
        region: args.region,
        vpcId: this.vpcId,
        cidr: args.cidr,
        // The tables of all tiers; awsx does not say whose is whose, and the public tier has no use for the route.
        routeTableIds: vpc.routeTables.apply((tables) => pulumi.all(tables.map((table) => table.id))),
        privateSubnetIds: this.privateSubnetIds,
        interfaces: args.interfaceEndpoints,
        owner: flowLogs.owner,
      },
      { parent: this },
    );
  }

  private createNamespace(name: string, args: NetworkArgs): servicediscovery.PrivateDnsNamespace {
    return new servicediscovery.PrivateDnsNamespace(
      `${name}-namespace`,
      { name: args.namespaceName, description: "Servers of the platform", vpc: this.vpcId },
      { parent: this },
    );
  }

  private createFunctionGroup(name: string): pulumi.Output<string> {
    const args = { vpcId: this.vpcId, description: "Functions in the VPC" };
    const group = createGroup(`${name}-function-group`, args, { parent: this });
    allowHttpsOut(`${name}-function-https`, group.id, serverToHttps(), { parent: this });
    return group.id;
  }
}

/**
 * Compiles the ACLs and sends the network's own traffic through them: what it makes (endpoints, NAT) must be usable.
 * @throws {RangeError} when it is not, or a flow uses NAT that does not exist
 */
function planAcls(name: string, args: NetworkArgs, plan: VpcPlan): Acls {
  const blocks: TierBlocks = {
    public: plan.public.block,
    private: plan.private.block,
    isolated: plan.isolated.block,
  };
  const stray = args.flows.find((flow) => flow.via === "nat" && args.nat === "none");
  if (stray !== undefined) {
    throw new RangeError(
      `network "${name}": flow "${stray.id}" leaves through NAT, got nat "none"; drop the flow or set nat`,
    );
  }
  const acls = compileAcls(args.flows, blocks);
  const own = [
    workloadToStorage(),
    ...(args.interfaceEndpoints ? [workloadToEndpoint()] : []),
    ...(args.nat === "none" ? [] : [serverToHttps()]),
  ];
  for (const flow of own) {
    const refusal = obstacle(flow, acls, blocks);
    if (refusal !== undefined) {
      throw new RangeError(
        `network "${name}": ${flow.description} must pass the network ACLs, refused at ${refusal}; declare flow "${flow.id}"`,
      );
    }
  }
  return acls;
}
