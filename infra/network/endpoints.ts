import * as ec2 from "@pulumi/aws/ec2";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import type { PrivateEndpoint } from "../contract/layer-outputs";
import { workloadToEndpoint } from "../traffic/flows";
import { createSecurityGroup } from "../traffic/security-group";
import { dynamodbPolicy, type Owner, ownPrincipalsPolicy, s3Policy } from "./endpoint-policies";

/**
 * Policy of the interface endpoint of each AWS service that servers, functions and their agents call, by the last part
 * of the endpoint's service name. `account` admits principals of this account only. `default` is AWS's own policy,
 * which admits all: agents (Systems Manager, cfn, Beanstalk health) may sign with other credentials than the role's.
 */
export const interfaceEndpointPolicies = {
  cloudformation: "default",
  // DiscoverInstances has a host name of its own, the rest of Cloud Map is `servicediscovery`.
  "data-servicediscovery": "account",
  ec2messages: "default",
  "ecr.api": "account",
  "ecr.dkr": "account",
  elasticbeanstalk: "default",
  "elasticbeanstalk-health": "default",
  "execute-api": "account",
  logs: "account",
  secretsmanager: "account",
  servicediscovery: "account",
  ssm: "account",
  ssmmessages: "default",
  sts: "account",
} as const satisfies Record<string, "account" | "default">;
/** Name of an AWS service that has an interface endpoint. */
type InterfaceEndpointName = keyof typeof interfaceEndpointPolicies;
const interfaceEndpointNames = Object.keys(interfaceEndpointPolicies) as InterfaceEndpointName[];

const privateApiService = "execute-api" satisfies InterfaceEndpointName;

/** Arguments of `Endpoints`. */
export interface EndpointsArgs {
  readonly region: string;
  readonly vpcId: pulumi.Input<string>;
  /** Block of the VPC, the only one that interface endpoints accept connections from. */
  readonly cidr: string;
  /** Ids of the route tables that must reach S3 and DynamoDB without NAT. */
  readonly routeTableIds: pulumi.Input<string[]>;
  /** One private subnet per zone. */
  readonly privateSubnetIds: pulumi.Input<string[]>;
  /** Whether to make the interface endpoints of AWS APIs; each costs money per hour and zone. */
  readonly interfaces: boolean;
  /** Whether to make the one of the private API, also without the others. */
  readonly privateApi: boolean;
  /** Account and region that the endpoints' policies are limited to. */
  readonly owner: pulumi.Input<Owner>;
}

/**
 * VPC endpoints, through which AWS APIs are reached without NAT: gateway endpoints for S3 and DynamoDB, interface
 * endpoints for the rest.
 */
export class Endpoints extends pulumi.ComponentResource {
  /** The interface endpoint that a private API is reached through. */
  readonly privateApi?: PrivateEndpoint;
  /** Ids of the prefix lists of the gateway endpoints. */
  readonly storagePrefixLists: { readonly s3: pulumi.Output<string>; readonly dynamodb: pulumi.Output<string> };

  constructor(name: string, args: EndpointsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:network:Endpoints", name, {}, opts);
    this.storagePrefixLists = {
      s3: this.createGateway(name, args, "s3", s3Policy).prefixListId,
      dynamodb: this.createGateway(name, args, "dynamodb", dynamodbPolicy).prefixListId,
    };
    const interfaces = this.createInterfaces(name, args);
    const api = interfaces.get(privateApiService);
    if (args.privateApi) this.privateApi = privateEndpoint(api!);
    this.registerOutputs({});
  }

  private createGateway(name: string, args: EndpointsArgs, service: string, policy: (owner: Owner) => string) {
    return new ec2.VpcEndpoint(
      `${name}-${service}`,
      {
        vpcId: args.vpcId,
        vpcEndpointType: "Gateway",
        serviceName: `com.amazonaws.${args.region}.${service}`,
        routeTableIds: args.routeTableIds,
        policy: pulumi.output(args.owner).apply(policy),
      },
      { parent: this },
    );
  }

  private createInterfaces(name: string, args: EndpointsArgs): ReadonlyMap<InterfaceEndpointName, ec2.VpcEndpoint> {
    const made = interfaceEndpointNames.filter((service) =>
      service === privateApiService ? args.privateApi : args.interfaces,
    );
    if (made.length === 0) return new Map();
    const group = this.createInterfaceGroup(name, args);
    return new Map(made.map((service) => [service, this.createInterface(name, args, service, group)]));
  }

  private createInterfaceGroup(name: string, args: EndpointsArgs): ec2.SecurityGroup {
    const { vpcId, cidr } = args;
    const flow = workloadToEndpoint();
    const group = createSecurityGroup(
      `${name}-group`,
      { vpcId, description: "AWS interface endpoints" },
      { parent: this },
    );
    new vpc.SecurityGroupIngressRule(
      `${name}-https`,
      {
        securityGroupId: group.id,
        cidrIpv4: cidr,
        ipProtocol: flow.protocol,
        fromPort: flow.fromPort,
        toPort: flow.toPort,
        description: flow.description,
      },
      { parent: this },
    );
    return group;
  }

  private createInterface(name: string, args: EndpointsArgs, service: InterfaceEndpointName, group: ec2.SecurityGroup) {
    const restricted = interfaceEndpointPolicies[service] === "account";
    return new ec2.VpcEndpoint(
      `${name}-${service.replace(".", "-")}`,
      {
        vpcId: args.vpcId,
        vpcEndpointType: "Interface",
        serviceName: `com.amazonaws.${args.region}.${service}`,
        subnetIds: args.privateSubnetIds,
        securityGroupIds: [group.id],
        // With private DNS, the default names of all public APIs would lead to the endpoint of private ones.
        privateDnsEnabled: service !== privateApiService,
        ...(restricted ? { policy: pulumi.output(args.owner).apply(ownPrincipalsPolicy) } : {}),
      },
      { parent: this },
    );
  }
}

/** The first name of an endpoint is the one of all its zones. */
function privateEndpoint({ id, dnsEntries }: ec2.VpcEndpoint): PrivateEndpoint {
  const first = dnsEntries.apply((entries) => entries[0]!);
  return { id, dnsName: first.dnsName, dnsZoneId: first.hostedZoneId };
}
