import type * as ec2 from "@pulumi/aws/ec2";
import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { assertNever } from "../contract/assert-never";
import type { DiscoveryBackend, ListenerBackend } from "../contract/backend";
import type { NetworkOutputs } from "../contract/layer-outputs";
import type { ServiceSpec } from "../contract/service";
import { logicalName } from "../naming/names";
import { createLogGroup } from "../observability/log-group";
import { allow, createRole, interfaceStatements, logStatements, type Statement } from "../security/iam";
import { forwarderToBalancer, forwarderToServer } from "../traffic/flows";
import { allowHttpsToApis, connectGroups, createSecurityGroup } from "../traffic/security-group";
import { timeouts } from "../traffic/timeouts";
import type { Artifact } from "./artifact";

/** Arguments of `RouteCaller`. */
export interface RouteCallerArgs {
  readonly region: string;
  readonly account: pulumi.Input<string>;
  readonly service: Pick<ServiceSpec, "name" | "port">;
  readonly backend: ListenerBackend | DiscoveryBackend;
  readonly network: Pick<
    NetworkOutputs,
    "vpcId" | "cidr" | "storagePrefixLists" | "privateSubnetIds" | "functionSecurityGroupId"
  >;
  readonly caller: Artifact;
  /** What it does, in a few words; in its description and its role's. @example "Calls shipping by the clock" */
  readonly description: string;
  /** What the function may do, in addition to its logs and its network. */
  readonly statements: readonly Statement[];
  /** Environment variables in addition to those that lead to the servers. @default none */
  readonly variables?: Readonly<Record<string, pulumi.Input<string>>>;
  readonly logRetentionDays: number;
}

/** Name of the app that calls servers by the clock and hands messages to them: a folder in apps/, and no service. */
export const routeCallerApp = "route-caller";

/**
 * A function in the VPC that sends the requests of a service's schedules or queues to its servers. To find servers in Cloud Map it may
 * also connect to the VPC's endpoints; to any address by HTTPS where there are none.
 */
export class RouteCaller extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  /** Permissions of the function's role. */
  readonly policy: pulumi.Resource;

  constructor(name: string, args: RouteCallerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:compute:ScheduleCaller", name, {}, opts);
    const logs = createLogGroup(`${name}-logs`, args, { parent: this });
    const { role, policy } = createRole(
      `${name}-role`,
      {
        awsService: "lambda.amazonaws.com",
        account: args.account,
        description: args.description,
        statements: [
          ...logStatements(logs.arn),
          ...interfaceStatements(args),
          ...discoveryStatements(args.backend),
          ...args.statements,
        ],
      },
      { parent: this },
    );
    const group = this.createGroup(name, args);
    const caller = new lambda.Function(
      logicalName(`${name}-function`, "lambdaFunction"),
      {
        description: args.description,
        role: role.arn,
        code: new pulumi.asset.FileArchive(args.caller.directory),
        handler: "handler.handler",
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        memorySize: 256,
        // Longer than the request, which is given longer than the service's own limit.
        timeout: timeouts.callerSeconds,
        environment: { variables: { ...variablesOf(args.backend), ...args.variables } },
        vpcConfig: { subnetIds: args.network.privateSubnetIds, securityGroupIds: [group.id] },
        // Lambda keeps interfaces with the group for up to 45 minutes, in which it could not be deleted.
        replaceSecurityGroupsOnDestroy: true,
        replacementSecurityGroupIds: [args.network.functionSecurityGroupId],
        tracingConfig: { mode: "PassThrough" },
        loggingConfig: { logFormat: "JSON", logGroup: logs.name },
      },
      { parent: this, dependsOn: [policy] },
    );
    this.arn = caller.arn;
    this.functionName = caller.name;
    this.policy = policy;
    this.registerOutputs({ arn: this.arn });
  }

  /** Makes the function's group: it may connect to the servers or their balancer, and to Cloud Map to find servers. */
  private createGroup(name: string, { service, backend, network, description }: RouteCallerArgs): ec2.SecurityGroup {
    const group = createSecurityGroup(`${name}-group`, { vpcId: network.vpcId, description }, { parent: this });
    const flow = backend.kind === "listener" ? forwarderToBalancer(service) : forwarderToServer(service);
    connectGroups(`${name}-servers`, { flow, from: group.id, to: backend.securityGroupId }, { parent: this });
    if (backend.kind === "discovery") allowHttpsToApis(`${name}-https`, group.id, network, { parent: this });
    return group;
  }
}

/**
 * Returns the statement about Cloud Map. It names the Cloud Map service by conditions: AWS's pages disagree on whether
 * DiscoverInstances takes an ARN (docs/not-known.md).
 */
function discoveryStatements(backend: RouteCallerArgs["backend"]): readonly Statement[] {
  if (backend.kind !== "discovery") return [];
  const names = {
    "servicediscovery:NamespaceName": backend.namespaceName,
    "servicediscovery:ServiceName": backend.serviceName,
  };
  return [allow(["servicediscovery:DiscoverInstances"], "*", { StringEquals: names })];
}

function variablesOf(backend: RouteCallerArgs["backend"]): Readonly<Record<string, pulumi.Input<string>>> {
  switch (backend.kind) {
    case "listener":
      return {
        BASE_URL: pulumi.interpolate`http://${backend.dnsName}:${backend.port}`,
        ...(backend.host === undefined ? {} : { HOST_NAME: backend.host }),
      };
    case "discovery":
      return { DISCOVERY_NAMESPACE: backend.namespaceName, DISCOVERY_SERVICE: backend.serviceName };
    default:
      return assertNever(backend);
  }
}
