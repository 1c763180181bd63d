import type * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import type { DiscoveryBackend } from "../../contract/backend";
import type { NetworkOutputs } from "../../contract/layer-outputs";
import type { ServiceSpec } from "../../contract/service";
import { PlatformFunction, type PlatformFunctionArgs } from "../../functions/platform-function";
import { allow, type Statement } from "../../security/iam";
import { forwarderToServer } from "../../traffic/flows";
import { allowHttpsToApis, connectGroups, createSecurityGroup } from "../../traffic/security-group";
import { timeouts } from "../../traffic/timeouts";
import type { InvokedFunction } from "./integration";

const description = "Sends requests of the REST API to servers in Cloud Map";

/** A service whose requests the forwarder sends on, and where its servers are registered. */
export interface ForwardedService {
  readonly service: Pick<ServiceSpec, "name" | "port" | "routes">;
  readonly backend: DiscoveryBackend;
}

/** Arguments of `Forwarder`. */
export interface ForwarderArgs
  extends Pick<PlatformFunctionArgs, "account" | "artifact" | "logRetentionDays" | "alarmTopicArn"> {
  readonly region: string;
  /** Origins whose pages may read the forwarder's own refusals. */
  readonly corsOrigins: readonly string[];
  /** At least one. */
  readonly services: readonly ForwardedService[];
  readonly network: Pick<
    NetworkOutputs,
    "vpcId" | "cidr" | "storagePrefixLists" | "privateSubnetIds" | "functionSecurityGroupId"
  >;
}

/**
 * The function in the VPC, in every zone, through which a REST API reaches servers in Cloud Map: a VPC link of REST APIs
 * leads to balancers only. It may connect to the servers of its services and, for Cloud Map, to the VPC's endpoints; to any
 * address by HTTPS where there are none.
 */
export class Forwarder extends pulumi.ComponentResource implements InvokedFunction {
  readonly invokeArn: pulumi.Output<string>;
  readonly streamingAliasArn: pulumi.Output<string>;
  /** By what their names add to the component's. */
  private readonly functions: ReadonlyMap<string, PlatformFunction>;

  constructor(name: string, args: ForwarderArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:gateway:Forwarder", name, {}, opts);
    const group = this.createGroup(name, args);
    const whole = this.createFunction(`${name}-forwarder`, args, group, {
      timeoutSeconds: timeouts.forwarderSeconds,
    });
    const streams = args.services.some(({ service }) => service.routes.some(({ stream }) => stream));
    const streaming = streams
      ? this.createFunction(`${name}-forwarder-stream`, args, group, {
          handler: "handler.streamingHandler",
          timeoutSeconds: timeouts.streamSeconds,
        })
      : undefined;
    this.functions = new Map([["", whole], ...(streaming ? [["-stream", streaming] as const] : [])]);
    this.invokeArn = whole.invokeArn;
    this.streamingAliasArn = (streaming ?? whole).aliasArn;
    this.registerOutputs({ functionArn: whole.functionArn });
  }

  private createFunction(
    name: string,
    { account, artifact, logRetentionDays, alarmTopicArn, network, services, region, corsOrigins }: ForwarderArgs,
    group: ec2.SecurityGroup,
    runs: Pick<PlatformFunctionArgs, "handler" | "timeoutSeconds">,
  ): PlatformFunction {
    return new PlatformFunction(
      name,
      {
        ...runs,
        description,
        account,
        artifact,
        logRetentionDays,
        alarmTopicArn,
        memory: 512,
        variables: {
          TARGETS: targetsOf(services),
          ADDRESS_RANGES: network.cidr,
          ...(corsOrigins.length === 0 ? {} : { CORS_ORIGINS: corsOrigins.join(",") }),
        },
        statements: [discoveryStatement(services)],
        network: {
          region,
          subnetIds: network.privateSubnetIds,
          securityGroupId: group.id,
          groupAfterDeletion: network.functionSecurityGroupId,
        },
      },
      { parent: this },
    );
  }

  /**
   * Makes the permissions that let one stage of one API invoke the functions. It is one for all routes, whose paths the
   * forwarder itself checks: a policy of 20 KB has no place for one per route.
   */
  permit(name: string, stageArn: pulumi.Input<string>): void {
    for (const [suffix, each] of this.functions) {
      each.permit(`${name}${suffix}`, {
        awsService: "apigateway.amazonaws.com",
        sourceArn: pulumi.interpolate`${stageArn}/*`,
      });
    }
  }

  private createGroup(name: string, { network, services }: ForwarderArgs): ec2.SecurityGroup {
    const group = createSecurityGroup(`${name}-group`, { vpcId: network.vpcId, description }, { parent: this });
    for (const { service, backend } of services) {
      const ends = { flow: forwarderToServer(service), from: group.id, to: backend.securityGroupId };
      connectGroups(`${name}-${service.name}`, ends, { parent: this });
    }
    allowHttpsToApis(`${name}-https`, group.id, network, { parent: this });
    return group;
  }
}

/**
 * Returns the services by the first segment of their routes' paths, as the forwarder reads them; by the whole of a path that
 * clients of an existing gateway know, as several services may share its first segment.
 */
function targetsOf(services: readonly ForwardedService[]): pulumi.Output<string> {
  const targets = services.flatMap(({ service, backend }) => {
    const keys = new Set(service.routes.map(({ path, former }) => (former ? path : path.split("/")[1]!)));
    return [...keys].map((key) => [key, { namespace: backend.namespaceName, service: backend.serviceName }]);
  });
  return pulumi.jsonStringify(Object.fromEntries(targets));
}

/**
 * Returns the statement about Cloud Map. It names the Cloud Map services by conditions: AWS's pages disagree on whether
 * DiscoverInstances takes an ARN (docs/not-known.md).
 */
function discoveryStatement(services: readonly ForwardedService[]): Statement {
  const names = {
    "servicediscovery:NamespaceName": services[0]!.backend.namespaceName,
    "servicediscovery:ServiceName": services.map(({ backend }) => backend.serviceName),
  };
  return allow(["servicediscovery:DiscoverInstances"], "*", { StringEquals: names });
}
