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
import type { FailedRuns } from "./failed-runs";

/** Arguments of `ScheduleCaller`. */
export interface ScheduleCallerArgs {
  readonly region: string;
  readonly account: pulumi.Input<string>;
  readonly service: Pick<ServiceSpec, "name" | "port">;
  readonly backend: ListenerBackend | DiscoveryBackend;
  readonly network: Pick<
    NetworkOutputs,
    "vpcId" | "cidr" | "storagePrefixLists" | "privateSubnetIds" | "functionSecurityGroupId"
  >;
  readonly caller: Artifact;
  readonly failed: FailedRuns;
  readonly logRetentionDays: number;
}

/**
 * A function in the VPC that sends the requests of a service's schedules to its servers. To find servers in Cloud Map it may
 * also connect to the VPC's endpoints; to any address by HTTPS where there are none.
 */
export class ScheduleCaller extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  /** Permissions of the function's role, also that to keep failed runs. */
  readonly mayKeep: pulumi.Resource;

  constructor(name: string, args: ScheduleCallerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:compute:ScheduleCaller", name, {}, opts);
    const logs = createLogGroup(`${name}-logs`, args, { parent: this });
    const { role, policy } = createRole(
      `${name}-role`,
      {
        awsService: "lambda.amazonaws.com",
        account: args.account,
        description: `Calls ${args.service.name} by the clock`,
        statements: [
          ...logStatements(logs.arn),
          ...interfaceStatements(args),
          ...discoveryStatements(args.backend),
          args.failed.maySend,
        ],
      },
      { parent: this },
    );
    const group = this.createGroup(name, args);
    const caller = new lambda.Function(
      logicalName(`${name}-function`, "lambdaFunction"),
      {
        description: `Calls ${args.service.name} by the clock`,
        role: role.arn,
        code: new pulumi.asset.FileArchive(args.caller.directory),
        handler: "handler.handler",
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        memorySize: 256,
        // Longer than the request, which is given longer than the service's own limit.
        timeout: timeouts.integrationMilliseconds / 1_000,
        environment: { variables: variablesOf(args.backend) },
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
    this.mayKeep = policy;
    this.registerOutputs({ arn: this.arn });
  }

  /** Makes the function's group: it may connect to the servers or their balancer, and to Cloud Map to find servers. */
  private createGroup(name: string, { service, backend, network }: ScheduleCallerArgs): ec2.SecurityGroup {
    const description = `Calls ${service.name} by the clock`;
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
function discoveryStatements(backend: ScheduleCallerArgs["backend"]): readonly Statement[] {
  if (backend.kind !== "discovery") return [];
  const names = {
    "servicediscovery:NamespaceName": backend.namespaceName,
    "servicediscovery:ServiceName": backend.serviceName,
  };
  return [allow(["servicediscovery:DiscoverInstances"], "*", { StringEquals: names })];
}

function variablesOf(backend: ScheduleCallerArgs["backend"]): Readonly<Record<string, pulumi.Input<string>>> {
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
