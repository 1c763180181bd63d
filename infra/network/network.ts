import * as ec2 from "@pulumi/aws/ec2";
import * as servicediscovery from "@pulumi/aws/servicediscovery";
import { Vpc } from "@pulumi/awsx/ec2";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkOutputs, PrivateEndpoint } from "../contract/layer-outputs";
import { type Flow, serverToHttps, type Tier, tiers, workloadToEndpoint, workloadToStorage } from "../traffic/flows";
import { compileAcls, type NetworkAcls, type TierBlocks } from "../traffic/network-acl";
import { findRefusal } from "../traffic/reachability";
import { allowHttpsOut, createSecurityGroup } from "../traffic/security-group";
import { Endpoints } from "./endpoints";
import { FlowLogs } from "./flow-logs";
import { planVpc, type VpcPlan } from "./vpc-plan";

/** What awsx calls each way to place NAT gateways: one in every zone, one for all zones, or none. */
const natStrategies = { zone: "OnePerAz", single: "Single", none: "None" } as const;
/** Where NAT gateways are: in every zone (`zone`), in one (`single`), or nowhere (`none`). */
export type NatStrategy = keyof typeof natStrategies;

/** Arguments of `Network`. */
export interface NetworkArgs {
  /** Region of the provider, part of the endpoints' service names. @example "eu-west-1" */
  readonly region: string;
  /** Private IPv4 block, large enough for `planVpc`. @example "10.0.0.0/16" */
  readonly cidr: string;
  /** Names of 2-6 zones, in the order of every list of subnets. @example ["eu-west-1a", "eu-west-1b"] */
  readonly zones: readonly string[];
  readonly nat: NatStrategy;
  readonly interfaceEndpoints: boolean;
  /** Whether services call each other, for which the VPC has an endpoint of the private API. */
  readonly privateApi: boolean;
  /** Flows that the network ACLs let through: `declaredFlows(...)` of all services. */
  readonly flows: readonly Flow[];
  /** Name of the Cloud Map namespace, unique in the VPC. @example "dev.platform.internal" */
  readonly namespaceName: string;
  readonly logRetentionDays: number;
  /** Tags of the VPC's parts. Another process (awsx) makes them, so transformations of this program do not tag them. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The network of one region: a VPC of three tiers over the given zones, whose ACLs let only the declared flows through.
 * @throws {RangeError} before the first resource, when the block does not fit or a flow that the network itself needs
 *   is missing
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
  readonly storagePrefixLists?: NonNullable<NetworkOutputs["storagePrefixLists"]>;
  readonly privateApiEndpoint?: PrivateEndpoint;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planVpc(args.cidr, args.zones.length);
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
    const { storagePrefixLists, privateApi } = this.createEndpoints(name, args, vpc, flowLogs);
    if (args.interfaceEndpoints) this.storagePrefixLists = storagePrefixLists;
    if (privateApi) this.privateApiEndpoint = privateApi;
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

  /** Removes the rules of the VPC's default group, which AWS gives to everything that has no other group. */
  private closeDefaultGroup(name: string): void {
    const args = { vpcId: this.vpcId, ingress: [], egress: [] };
    new ec2.DefaultSecurityGroup(`${name}-default-group`, args, { parent: this });
  }

  private createAcls(name: string, acls: NetworkAcls): void {
    const subnetIds: Record<Tier, pulumi.Output<string[]>> = {
      public: this.publicSubnetIds,
      private: this.privateSubnetIds,
      isolated: this.isolatedSubnetIds,
    };
    for (const tier of tiers) {
      const rules = { ingress: [...acls[tier].inbound], egress: [...acls[tier].outbound] };
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
        // The tables of all tiers: awsx does not say which tier a table is of. The public tier does not use the route.
        routeTableIds: vpc.routeTables.apply((tables) => pulumi.all(tables.map((table) => table.id))),
        privateSubnetIds: this.privateSubnetIds,
        interfaces: args.interfaceEndpoints,
        privateApi: args.privateApi,
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
    const group = createSecurityGroup(`${name}-function-group`, args, { parent: this });
    allowHttpsOut(`${name}-function-https`, group.id, serverToHttps(), { parent: this });
    return group.id;
  }
}

/**
 * Returns the network ACLs, after a check that traffic to the network's own endpoints and NAT gateways passes them.
 * @throws {RangeError} when it does not, or a flow uses NAT and there is none
 */
function planAcls(name: string, args: NetworkArgs, plan: VpcPlan): NetworkAcls {
  const blocks: TierBlocks = {
    public: plan.public.block,
    private: plan.private.block,
    isolated: plan.isolated.block,
  };
  const natFlow = args.flows.find((flow) => flow.via === "nat" && args.nat === "none");
  if (natFlow !== undefined) {
    throw new RangeError(
      `network "${name}": flow "${natFlow.id}" leaves through NAT, got nat "none"; drop the flow or set nat`,
    );
  }
  const acls = compileAcls(args.flows, blocks);
  const own = [
    workloadToStorage(),
    ...(args.interfaceEndpoints ? [workloadToEndpoint()] : []),
    ...(args.nat === "none" ? [] : [serverToHttps()]),
  ];
  for (const flow of own) {
    const refusal = findRefusal(flow, acls, blocks);
    if (refusal !== undefined) {
      throw new RangeError(
        `network "${name}": ${flow.description} must pass the network ACLs, refused at ${refusal}; declare flow "${flow.id}"`,
      );
    }
  }
  return acls;
}
