import * as pulumi from "@pulumi/pulumi";
import type { DiscoveryBackend } from "../infra/contract/backend";
import type { EdgeOutputs } from "../infra/contract/layer-outputs";
import { HostedZone } from "../infra/dns/hosted-zone";
import { RegionalNames, regionalDomainName } from "../infra/dns/regional-names";
import { GatewayAlarms } from "../infra/gateway/gateway-alarms";
import { HttpApi } from "../infra/gateway/http/http-api";
import { httpRoutes } from "../infra/gateway/http/routes";
import { Reference, referenceRoutes } from "../infra/gateway/reference";
import { Forwarder } from "../infra/gateway/rest/forwarder";
import { VpcLink } from "../infra/gateway/vpc-link";
import { accountIdOf } from "../infra/security/iam";
import { hasSeveralIssuers } from "./config/issuers";
import { type ConfiguredService, callsAnother } from "./config/services";
import { type EdgeContext, type EdgeUpstream, failoverOf, failoverRole, type RestContext } from "./edge-context";
import { createExperiments } from "./experiments";
import { createIssuerAuthorizer } from "./issuer-authorizer";
import type { LayerContext } from "./layers";
import { createLiveChanges } from "./live-changes";
import { forwardedServices } from "./platform-apps";
import { createPrivateApi } from "./private-gateway";
import { createRestApi } from "./rest-gateway";
import { createSignInNames } from "./sign-in-names";
import { createWebApp } from "./web-app";

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
  const account = accountIdOf(upstream.network.namespace.arn);
  const { topicArn: alarmTopicArn } = new GatewayAlarms(
    `${region.name}-gateway`,
    { account, emails: config.alarms.emails },
    { parent },
  );
  const shared = { context, upstream, link, hostedZoneId, account, alarmTopicArn };
  const edge: EdgeContext = { ...shared, reference: createReference(shared) };
  const { api, names } = createHttpApi(edge);
  createSignInNames(edge, names);
  const rest =
    config.gateways.rest !== undefined || callsAnother(context.services) ? createRestContext(edge) : undefined;
  const webUrl = zone === undefined ? undefined : createWebApp(edge);
  const outputs = {
    url: `https://${config.domain.api}`,
    regionalUrl: `https://${regionalDomainName(config.domain.api, region.name)}`,
    ...serviceUrls(context),
    ...(webUrl === undefined ? {} : { webUrl }),
    ...(rest && config.gateways.rest ? createRestApi(rest, config.gateways.rest) : {}),
    ...(rest && callsAnother(context.services) ? createPrivateApi(rest) : {}),
    ...createExperiments(edge, api),
    ...(config.live ? createLiveChanges(edge, config.live.domain, names) : {}),
    apiId: api.api.id,
    hostedZoneId,
  };
  return { edge: outputs, ...(zone ? { nameServers: zone.nameServers } : {}) };
}

/** Returns the URLs of the services that have a name of their own. */
function serviceUrls({ services }: LayerContext): Pick<EdgeOutputs, "serviceUrls"> {
  const urls = services.flatMap(({ name, failoverName }) => (failoverName ? [[name, `https://${failoverName}`]] : []));
  return urls.length > 0 ? { serviceUrls: Object.fromEntries(urls) } : {};
}

/** Makes what the REST APIs of a region have in common. */
function createRestContext(edge: EdgeContext): RestContext {
  const forwarded = forwardedServices(edge.context.services);
  return forwarded.length === 0 ? edge : { ...edge, forwarder: createForwarder(edge, forwarded) };
}

/** Makes the function that publishes the documents of a region's gateways. */
function createReference({ context, account, alarmTopicArn }: Omit<EdgeContext, "reference">): Reference {
  const { config, region, platformApps, parent } = context;
  const { rest } = config.gateways;
  return new Reference(
    `${region.name}-reference`,
    {
      account,
      alarmTopicArn,
      logRetentionDays: config.logRetentionDays,
      artifact: platformApps["reference"]!,
      corsOrigins: rest ? config.cors.origins : [],
    },
    { parent },
  );
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

/** Makes the HTTP API of a region and its domain names. */
function createHttpApi(edge: EdgeContext) {
  const { context, upstream, link, hostedZoneId, reference, alarmTopicArn } = edge;
  const { config, region, parent } = context;
  const services = context.services.filter(({ gateways }) => gateways.http);
  const issuers = hasSeveralIssuers(config)
    ? createIssuerAuthorizer(edge, "http", services.flatMap(httpRoutes))
    : undefined;
  const http = new HttpApi(
    `${region.name}-http`,
    {
      title: `HTTP API of ${context.environment}`,
      region: region.name,
      alarmTopicArn,
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
      reference: { routes: referenceRoutes(services.map(({ name }) => name)), backend: reference.backend },
    },
    { parent },
  );
  const { api, stage } = http;
  reference.permit(`${region.name}-http-reference`, pulumi.interpolate`${api.executionArn}/${stage.name}`);
  issuers?.permit(`${region.name}-http-issuers-api`, api.executionArn);
  const names = new RegionalNames(
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
  return { api: http, names };
}

function createZone({ config, region, parent }: LayerContext): HostedZone {
  const { zone } = config.domain;
  return new HostedZone(`${region.name}-dns`, { zoneName: zone, protection: config.protection }, { parent });
}
