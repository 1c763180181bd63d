import type * as pulumi from "@pulumi/pulumi";
import type { ComputeOutputs, EdgeOutputs, IdentityOutputs, NetworkOutputs } from "../infra/contract/layer-outputs";
import { HostedZone } from "../infra/dns/hosted-zone";
import { RegionalNames, regionalDomainName } from "../infra/dns/regional-names";
import { HttpApi } from "../infra/gateway/http/http-api";
import { RestApi } from "../infra/gateway/rest/rest-api";
import { VpcLink } from "../infra/gateway/vpc-link";
import { userPoolArn } from "../infra/identity/user-pool-arn";
import { accountIdOf } from "../infra/security/iam";
import type { PlatformConfig } from "./config/schema";
import type { LayerContext } from "./layers";

/** Outputs of the layers that the edge layer needs. */
interface EdgeUpstream {
  readonly network: NetworkOutputs;
  readonly identity: IdentityOutputs;
  readonly backends: ComputeOutputs;
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
    ...(config.gateways.rest ? { restUrl: createRestApi(edge, config.gateways.rest) } : {}),
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

/** Makes the REST API of a region and its domain names. @returns its URL */
function createRestApi(
  { context, upstream, link, hostedZoneId }: EdgeContext,
  { domain, cache }: NonNullable<PlatformConfig["gateways"]["rest"]>,
): string {
  const { config, region, parent } = context;
  const services = context.services.filter(({ gateways }) => gateways.rest);
  const { api, stage } = new RestApi(
    `${region.name}-rest`,
    {
      title: `REST API of ${context.environment}`,
      stageName: "live",
      services,
      backends: upstream.backends,
      integrations: { link, headers: {} },
      authorizer: {
        kind: "user-pool",
        userPoolArn: userPoolArn(upstream.identity, accountIdOf(upstream.network.namespace.arn)),
      },
      corsOrigins: config.cors.origins,
      throttle: config.throttle,
      ...(cache ? { cache } : {}),
      logRetentionDays: config.logRetentionDays,
    },
    { parent },
  );
  new RegionalNames(
    `${region.name}-rest-names`,
    {
      region: region.name,
      apiName: domain,
      hostedZoneId,
      apiId: api.id,
      stage: stage.stageName,
      services,
      role: failoverRole(context),
    },
    { parent },
  );
  return `https://${domain}`;
}

function failoverRole({ config, region }: LayerContext) {
  if (config.regions.length === 1) return "only";
  return config.regions[0]!.name === region.name ? "primary" : "secondary";
}

function createZone({ config, region, parent }: LayerContext): HostedZone {
  const { zone } = config.domain;
  return new HostedZone(`${region.name}-dns`, { zoneName: zone, protection: config.protection }, { parent });
}
