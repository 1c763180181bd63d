import * as pulumi from "@pulumi/pulumi";
import type { DiscoveryBackend } from "../infra/contract/backend";
import type {
  ComputeOutputs,
  DataOutputs,
  EdgeOutputs,
  IdentityOutputs,
  NetworkOutputs,
} from "../infra/contract/layer-outputs";
import { HostedZone } from "../infra/dns/hosted-zone";
import { RegionalNames, regionalDomainName } from "../infra/dns/regional-names";
import { HttpApi } from "../infra/gateway/http/http-api";
import { Forwarder, type ForwarderArgs } from "../infra/gateway/rest/forwarder";
import { RestApi } from "../infra/gateway/rest/rest-api";
import { TenantAuthorizerFunction } from "../infra/gateway/rest/tenants/tenant-authorizer";
import { UsagePlans, type UsagePlansArgs } from "../infra/gateway/rest/tenants/usage-plans";
import { VpcLink } from "../infra/gateway/vpc-link";
import { userPoolArn } from "../infra/identity/user-pool-arn";
import { AlarmTopic } from "../infra/observability/alarm-topic";
import { accountIdOf } from "../infra/security/iam";
import type { PlatformConfig } from "./config/schema";
import type { ConfiguredService } from "./config/services";
import type { LayerContext } from "./layers";
import { forwardedServices } from "./platform-apps";

/** Outputs of the layers that the edge layer needs. */
interface EdgeUpstream {
  readonly network: NetworkOutputs;
  readonly identity: IdentityOutputs;
  readonly backends: ComputeOutputs;
  /** Returns the tables; only called where a REST API reads items itself. */
  readonly tables: () => DataOutputs;
  /**
   * Hosted zone that the primary region's edge layer has made.
   * @default a hosted zone is made
   */
  readonly hostedZoneId?: pulumi.Input<string>;
}

/** The edge layer of a region as `edgeLayer` makes it. */
interface EdgeLayer {
  readonly edge: EdgeOutputs;
  /** Name servers of the hosted zone. @default unset, where another region has made the zone */
  readonly nameServers?: pulumi.Output<string[]>;
}

/** Makes the edge layer of a region: VPC link, HTTP API, domain names and their DNS records. */
export function edgeLayer(context: LayerContext, upstream: EdgeUpstream): EdgeLayer {
  const { config, region, parent } = context;
  const zone = upstream.hostedZoneId === undefined ? createZone(context) : undefined;
  const hostedZoneId = upstream.hostedZoneId ?? zone!.zoneId;
  const link = new VpcLink(`${region.name}-link`, { network: upstream.network }, { parent });
  const edge: EdgeContext = { context, upstream, link, hostedZoneId };
  const apiId = createHttpApi(edge);
  const outputs = {
    url: `https://${config.domain.api}`,
    regionalUrl: `https://${regionalDomainName(config.domain.api, region.name)}`,
    ...(config.gateways.rest ? createRestApi(edge, config.gateways.rest) : {}),
    apiId,
    hostedZoneId,
  };
  return { edge: outputs, ...(zone ? { nameServers: zone.nameServers } : {}) };
}

/** What the gateways of a region have in common. */
interface EdgeContext {
  readonly context: LayerContext;
  readonly upstream: EdgeUpstream;
  readonly link: VpcLink;
  readonly hostedZoneId: pulumi.Input<string>;
}

/** Makes the HTTP API of a region and its domain names. @returns the id of the API */
function createHttpApi({ context, upstream, link, hostedZoneId }: EdgeContext): pulumi.Output<string> {
  const { config, region, parent } = context;
  const services = context.services.filter(({ gateways }) => gateways.http);
  const { api, stage } = new HttpApi(
    `${region.name}-http`,
    {
      services,
      linkedServices: context.services,
      backends: upstream.backends,
      link,
      identity: upstream.identity,
      corsOrigins: config.cors.origins,
      throttle: config.throttle,
      logRetentionDays: config.logRetentionDays,
    },
    { parent },
  );
  new RegionalNames(
    `${region.name}-names`,
    {
      region: region.name,
      apiName: config.domain.api,
      hostedZoneId,
      apiId: api.id,
      stage: stage.id,
      services,
      role: failoverRole(context),
    },
    { parent },
  );
  return api.id;
}

/** Makes the REST API of a region, its functions and domain names, and what its tenants need. @returns its outputs */
function createRestApi(
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

function failoverRole({ config, region }: LayerContext) {
  if (config.regions.length === 1) return "only";
  return config.regions[0]!.name === region.name ? "primary" : "secondary";
}

function createZone({ config, region, parent }: LayerContext): HostedZone {
  const { zone } = config.domain;
  return new HostedZone(`${region.name}-dns`, { zoneName: zone, protection: config.protection }, { parent });
}
