import * as pulumi from "@pulumi/pulumi";
import type { ComputeOutputs, EdgeOutputs } from "../infra/contract/layer-outputs";
import { PrivateName } from "../infra/dns/private-name";
import { grantCalls } from "../infra/gateway/private/call-grants";
import { type Caller, calledServices } from "../infra/gateway/private/callers";
import { admittedEndpoints, callersPolicy } from "../infra/gateway/private/resource-policy";
import { MAIN_STAGE } from "../infra/gateway/rest/main-stage";
import { RestApi } from "../infra/gateway/rest/rest-api";
import { outsideCallers } from "./config/outside-callers";
import { privateDomain } from "./config/private-domain";
import type { ConfiguredService } from "./config/services";
import { failoverRole, type RestContext } from "./edge-context";

/**
 * Makes the private API of a region, through which services call each other: the routes that others call, the name that
 * the VPC knows it by, and what the roles of the callers may request.
 */
export function createPrivateApi(edge: RestContext): Pick<EdgeOutputs, "privateUrl"> {
  const { context, upstream, link, hostedZoneId, forwarder, alarmTopicArn } = edge;
  const { config, region, services, parent } = context;
  const { vpcId, privateApiEndpoint: endpoint } = upstream.network;
  if (endpoint === undefined) throw new Error(`${region.name}: the network has no endpoint of the private API`);
  const callers = services
    .filter(({ calls }) => calls.length > 0)
    .map((service) => callerOf(service, upstream.backends));
  const outside = outsideCallers(config, services, region.name);
  const name = `${region.name}-private`;
  const gateway = new RestApi(
    name,
    {
      region: region.name,
      tables: {},
      title: `Private API of ${context.environment}`,
      services: calledServices(services, outside),
      backends: upstream.backends,
      integrations: { link, ...(forwarder ? { forwarder } : {}) },
      authorizer: { kind: "iam" },
      private: { endpointId: endpoint.id, policy: callersPolicy({ callers, outside, endpointId: endpoint.id }) },
      corsOrigins: [],
      throttle: config.throttle,
      logRetentionDays: config.logRetentionDays,
      alarmTopicArn,
    },
    { parent },
  );
  const { api, stages } = gateway;
  forwarder?.permit(`${name}-forwarder`, pulumi.interpolate`${api.executionArn}/${MAIN_STAGE}`);
  const domainName = privateDomain(config);
  new PrivateName(
    `${name}-name`,
    {
      domainName,
      hostedZoneId,
      validates: failoverRole(context) !== "secondary",
      vpcId,
      endpoint,
      admittedEndpoints: admittedEndpoints(endpoint.id, outside),
      apiId: api.id,
      stage: stages.get("")!.stageName,
      protection: config.protection,
    },
    { parent },
  );
  // The policies were directly below the region cell.
  const opts = { parent: gateway, aliases: [{ parent }] };
  grantCalls(name, { callers, executionArn: api.executionArn }, opts);
  return { privateUrl: `https://${domainName}` };
}

function callerOf({ name, calls }: ConfiguredService, backends: ComputeOutputs): Caller {
  const { role } = backends[name]!;
  if (role === undefined) throw new Error(`${name}: the compute layer says no role of the service`);
  return { name, calls, roleName: role.name, roleArn: role.arn };
}
