import type * as pulumi from "@pulumi/pulumi";
import type { DiscoveryBackend } from "../infra/contract/backend";
import type { EdgeOutputs } from "../infra/contract/layer-outputs";
import { HostedZone } from "../infra/dns/hosted-zone";
import { RegionalNames, regionalDomainName } from "../infra/dns/regional-names";
import { HttpApi } from "../infra/gateway/http/http-api";
import { Forwarder } from "../infra/gateway/rest/forwarder";
import { VpcLink } from "../infra/gateway/vpc-link";
import { AlarmTopic } from "../infra/observability/alarm-topic";
import { accountIdOf } from "../infra/security/iam";
import { type ConfiguredService, callsAnother } from "./config/services";
import { type EdgeContext, type EdgeUpstream, failoverOf, failoverRole, type RestContext } from "./edge-context";
import { createIssuerAuthorizer } from "./issuer-authorizer";
import type { LayerContext } from "./layers";
import { forwardedServices } from "./platform-apps";
import { createPrivateApi } from "./private-gateway";
import { createRestApi } from "./rest-gateway";

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
  const hasRest = config.gateways.rest !== undefined || callsAnother(context.services);
  const alarmed = hasRest || config.issuers !== undefined ? withAlarms(edge) : undefined;
  const apiId = createHttpApi(edge, alarmed);
  const rest = hasRest ? createRestContext(alarmed!) : undefined;
  const outputs = {
    url: `https://${config.domain.api}`,
    regionalUrl: `https://${regionalDomainName(config.domain.api, region.name)}`,
    ...serviceUrls(context),
    ...(rest && config.gateways.rest ? createRestApi(rest, config.gateways.rest) : {}),
    ...(rest && callsAnother(context.services) ? createPrivateApi(rest) : {}),
    apiId,
    hostedZoneId,
  };
  return { edge: outputs, ...(zone ? { nameServers: zone.nameServers } : {}) };
}

/** Returns the URLs of the services that have a name of their own. */
function serviceUrls({ services }: LayerContext): Pick<EdgeOutputs, "serviceUrls"> {
  const urls = services.flatMap(({ name, failoverName }) => (failoverName ? [[name, `https://${failoverName}`]] : []));
  return urls.length > 0 ? { serviceUrls: Object.fromEntries(urls) } : {};
}

/** Makes the topic of the alarms of a region's gateways. */
function withAlarms(edge: EdgeContext): RestContext {
  const { context, upstream } = edge;
  const { config, region, parent } = context;
  const account = accountIdOf(upstream.network.namespace.arn);
  const { arn: alarmTopicArn } = new AlarmTopic(
    `${region.name}-gateway-alarms`,
    { account, emails: config.alarms.emails },
    { parent },
  );
  return { ...edge, account, alarmTopicArn };
}

/** Adds what the REST APIs of a region have in common. */
function createRestContext(shared: RestContext): RestContext {
  const forwarded = forwardedServices(shared.context.services);
  return forwarded.length === 0 ? shared : { ...shared, forwarder: createForwarder(shared, forwarded) };
}

/** Makes the function through which the REST APIs of a region reach servers in Cloud Map. */
function createForwarder(
  { context, upstream, account, alarmTopicArn }: RestContext,
  forwarded: readonly ConfiguredService[],
): Forwarder {
  const { config, region, platformApps, parent } = context;
  const services = forwarded.map((service) => ({
    service: service.gateways.rest ? service : withoutStreams(service),
    backend: upstream.backends[service.name] as DiscoveryBackend,
  }));
  return new Forwarder(
    `${region.name}-rest`,
    {
      account,
      alarmTopicArn,
      logRetentionDays: config.logRetentionDays,
      region: region.name,
      artifact: platformApps["forwarder"]!,
      network: upstream.network,
      services,
      // Services that call each other are no pages of browsers.
      corsOrigins: config.gateways.rest ? config.cors.origins : [],
    },
    { parent },
  );
}

/** Returns a service as others call it, whose streams are for clients only. */
function withoutStreams(service: ConfiguredService): ConfiguredService {
  return { ...service, routes: service.routes.filter(({ stream }) => !stream) };
}

/**
 * Makes the HTTP API of a region and its domain names.
 * @param alarmed  what the authorizer of several issuers needs
 * @returns the id of the API
 */
function createHttpApi(
  { context, upstream, link, hostedZoneId }: EdgeContext,
  alarmed: RestContext | undefined,
): pulumi.Output<string> {
  const { config, region, parent } = context;
  const services = context.services.filter(({ gateways }) => gateways.http);
  const issuers =
    alarmed && config.issuers
      ? createIssuerAuthorizer(
          alarmed,
          "http",
          services.flatMap(({ routes, legacyRoutes }) => [...routes, ...legacyRoutes]),
        )
      : undefined;
  const { api, stage } = new HttpApi(
    `${region.name}-http`,
    {
      services,
      linkedServices: context.services,
      backends: upstream.backends,
      link,
      authorizer: issuers
        ? { kind: "issuers", invokeArn: issuers.invokeArn }
        : { kind: "jwt", issuer: upstream.identity.issuer, clientIds: upstream.identity.clientIds },
      corsOrigins: config.cors.origins,
      throttle: config.throttle,
      logRetentionDays: config.logRetentionDays,
    },
    { parent },
  );
  issuers?.permit(`${region.name}-http-issuers-api`, api.executionArn);
  new RegionalNames(
    `${region.name}-names`,
    {
      region: region.name,
      apiName: config.domain.api,
      hostedZoneId,
      apiId: api.id,
      stage: stage.id,
      ...failoverOf(context, "http"),
      role: failoverRole(context),
    },
    { parent },
  );
  return api.id;
}

function createZone({ config, region, parent }: LayerContext): HostedZone {
  const { zone } = config.domain;
  return new HostedZone(`${region.name}-dns`, { zoneName: zone, protection: config.protection }, { parent });
}
