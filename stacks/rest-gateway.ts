import * as pulumi from "@pulumi/pulumi";
import type { DiscoveryBackend } from "../infra/contract/backend";
import type { EdgeOutputs } from "../infra/contract/layer-outputs";
import { RegionalNames } from "../infra/dns/regional-names";
import { Forwarder, type ForwarderArgs } from "../infra/gateway/rest/forwarder";
import { RestApi } from "../infra/gateway/rest/rest-api";
import { TenantAuthorizerFunction } from "../infra/gateway/rest/tenants/tenant-authorizer";
import { UsagePlans, type UsagePlansArgs } from "../infra/gateway/rest/tenants/usage-plans";
import { userPoolArn } from "../infra/identity/user-pool-arn";
import { AlarmTopic } from "../infra/observability/alarm-topic";
import { accountIdOf } from "../infra/security/iam";
import type { PlatformConfig } from "./config/schema";
import type { ConfiguredService } from "./config/services";
import { type EdgeContext, failoverRole } from "./edge-context";
import type { LayerContext } from "./layers";
import { forwardedServices } from "./platform-apps";

/** Makes the REST API of a region, its functions and domain names, and what its tenants need. @returns its outputs */
export function createRestApi(
  edge: EdgeContext,
  { domain, cache, waf, stages: moreStages }: NonNullable<PlatformConfig["gateways"]["rest"]>,
): Pick<EdgeOutputs, "restUrl" | "tenants"> {
  const { context, upstream, link, hostedZoneId } = edge;
  const { config, region, parent } = context;
  const services = context.services.filter(({ gateways }) => gateways.rest);
  const account = accountIdOf(upstream.network.namespace.arn);
  const alarms = new AlarmTopic(`${region.name}-gateway-alarms`, { account, emails: config.alarms.emails }, { parent });
  const shared = { account, alarmTopicArn: alarms.arn, logRetentionDays: config.logRetentionDays };
  const { authorizer: tenants, forwarder } = createFunctions(edge, shared);
  const readsItems = services.some(({ gatewayRoutes }) => gatewayRoutes.some(({ answer }) => answer.kind === "item"));
  const { api, stages } = new RestApi(
    `${region.name}-rest`,
    {
      region: region.name,
      tables: readsItems ? upstream.tables() : {},
      title: `REST API of ${context.environment}`,
      ...(moreStages ? { moreStages } : {}),
      services,
      backends: upstream.backends,
      integrations: { link, ...(forwarder ? { forwarder } : {}) },
      authorizer: tenants ?? { kind: "user-pool", userPoolArn: userPoolArn(upstream.identity, account) },
      corsOrigins: config.cors.origins,
      throttle: config.throttle,
      ...(cache ? { cache } : {}),
      ...(waf ? { waf } : {}),
      logRetentionDays: config.logRetentionDays,
      alarmTopicArn: alarms.arn,
    },
    { parent },
  );
  const stageNames = Object.fromEntries([...stages].map(([path, { stageName }]) => [path, stageName]));
  const { "": stage, ...others } = stageNames;
  for (const [path, name] of Object.entries(stageNames)) {
    const stageArn = pulumi.interpolate`${api.executionArn}/${name}`;
    forwarder?.permit(`${region.name}-rest${path && `-${path}`}-forwarder`, stageArn);
  }
  new RegionalNames(
    `${region.name}-rest-names`,
    {
      region: region.name,
      apiName: domain,
      hostedZoneId,
      apiId: api.id,
      stage: stage!,
      moreStages: others,
      services,
      role: failoverRole(context),
    },
    { parent },
  );
  const plans = tenants && createPlans(context, { api, stageNames: Object.values(stageNames), tenants });
  return { restUrl: `https://${domain}`, ...plans };
}

/** The functions of a region's REST API. */
interface RestFunctions {
  /** Admits the tenants. @default unset, without tenants */
  readonly authorizer?: TenantAuthorizerFunction;
  /** Reaches the servers in Cloud Map. @default unset, without such servers */
  readonly forwarder?: Forwarder;
}

/** Makes the functions that the REST API of a region needs. */
function createFunctions(edge: EdgeContext, shared: SharedArgs): RestFunctions {
  const { config, services } = edge.context;
  const forwarded = forwardedServices(services);
  return {
    ...(config.tenants === undefined ? {} : { authorizer: createAuthorizer(edge, shared) }),
    ...(forwarded.length === 0 ? {} : { forwarder: createForwarder(edge, forwarded, shared) }),
  };
}

/** What the functions of a REST API have in common. */
type SharedArgs = Pick<ForwarderArgs, "account" | "alarmTopicArn" | "logRetentionDays">;

/** Makes the function that admits the tenants of a region. */
function createAuthorizer({ context, upstream }: EdgeContext, shared: SharedArgs): TenantAuthorizerFunction {
  const { config, region, platformApps, parent } = context;
  return new TenantAuthorizerFunction(
    `${region.name}-authorizer`,
    {
      ...shared,
      artifact: platformApps["authorizer"]!,
      identity: upstream.identity,
      services: context.services.filter(({ gateways }) => gateways.rest),
      protection: config.protection,
    },
    { parent },
  );
}

/** Makes the function through which the REST API of a region reaches servers in Cloud Map. */
function createForwarder(
  { context, upstream }: EdgeContext,
  forwarded: readonly ConfiguredService[],
  shared: SharedArgs,
): Forwarder {
  const { config, region, platformApps, parent } = context;
  const services = forwarded.map((service) => ({
    service,
    backend: upstream.backends[service.name] as DiscoveryBackend,
  }));
  return new Forwarder(
    `${region.name}-rest`,
    {
      ...shared,
      region: region.name,
      artifact: platformApps["forwarder"]!,
      network: upstream.network,
      services,
      corsOrigins: config.cors.origins,
    },
    { parent },
  );
}

/** Makes the usage plans of the tenants' tiers. */
function createPlans(
  { config, services, region, parent }: LayerContext,
  {
    api,
    stageNames,
    tenants,
  }: Pick<RestApi, "api"> & Pick<UsagePlansArgs, "stageNames"> & { readonly tenants: TenantAuthorizerFunction },
): Pick<EdgeOutputs, "tenants"> {
  tenants.permit(`${region.name}-authorizer-api`, api.executionArn);
  const plans = new UsagePlans(
    `${region.name}-plans`,
    {
      tiers: config.tenants!.tiers,
      services: services.filter(({ gateways }) => gateways.rest),
      apiId: api.id,
      stageNames,
    },
    { parent },
  );
  return { tenants: { plans: plans.ids, secretArn: tenants.secretArn } };
}
