import type * as pulumi from "@pulumi/pulumi";
import type { ComputeOutputs, EdgeOutputs, IdentityOutputs, NetworkOutputs } from "../infra/contract/layer-outputs";
import { HostedZone } from "../infra/dns/hosted-zone";
import { RegionalNames, regionalDomainName } from "../infra/dns/regional-names";
import { HttpApi } from "../infra/gateway/http/http-api";
import { VpcLink } from "../infra/gateway/vpc-link";
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
  const { config, services, region, parent } = context;
  const primary = config.regions[0]!.name === region.name;
  const zone = upstream.hostedZoneId === undefined ? createZone(context) : undefined;
  const hostedZoneId = upstream.hostedZoneId ?? zone!.zoneId;
  const link = new VpcLink(`${region.name}-link`, { network: upstream.network }, { parent });
  const http = new HttpApi(
    `${region.name}-http`,
    {
      services,
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
      apiId: http.api.id,
      stage: http.stage.id,
      services,
      role: config.regions.length === 1 ? "only" : primary ? "primary" : "secondary",
    },
    { parent },
  );
  const edge = {
    url: `https://${config.domain.api}`,
    regionalUrl: `https://${regionalDomainName(config.domain.api, region.name)}`,
    apiId: http.api.id,
    hostedZoneId,
  };
  return { edge, ...(zone ? { nameServers: zone.nameServers } : {}) };
}

function createZone({ config, region, parent }: LayerContext): HostedZone {
  const { zone } = config.domain;
  return new HostedZone(`${region.name}-dns`, { zoneName: zone, protection: config.protection }, { parent });
}
