import * as pulumi from "@pulumi/pulumi";
import type { ComputeOutputs, EdgeOutputs, LiveOutputs } from "../infra/contract/layer-outputs";
import { RegionalNames, regionalDomainName } from "../infra/dns/regional-names";
import { WebSocketApi } from "../infra/gateway/websocket/websocket-api";
import { ChangeExchange } from "../infra/live/change-exchange";
import { Connections } from "../infra/live/connections";
import { LiveChanges } from "../infra/live/live-changes";
import { admittedIssuers } from "./config/issuers";
import type { ConfiguredService } from "./config/services";
import { type EdgeContext, failoverRole } from "./edge-context";

/** The app of the functions of live changes: a folder in apps/, and no service. */
export const liveApp = "live";

/** What the later region of two needs of the primary one, so that each hears of the other's changes. */
export interface PrimaryLive {
  readonly region: string;
  readonly backends: ComputeOutputs;
  readonly live: LiveOutputs | pulumi.Output<LiveOutputs>;
}

/**
 * Makes the WebSocket API of a region, its names, and what posts changes to its connections.
 * @param names  those of the HTTP API, whose health check moves this API's name too
 */
export function createLiveChanges(
  edge: EdgeContext,
  domain: string,
  names: Pick<RegionalNames, "healthCheckId">,
): Pick<EdgeOutputs, "live"> {
  const { context, upstream, account, alarmTopicArn } = edge;
  const { config, environment, region, services, platformApps, parent } = context;
  const { logRetentionDays } = config;
  const name = `${region.name}-live`;
  const published = services.filter(({ publishes }) => publishes).map((service) => service.name);
  const topicArns = topicsOf(published, upstream.backends);
  const { keyArn } = upstream.backends[published[0]!]!.changes!;
  const functions = { account, artifact: platformApps[liveApp]!, logRetentionDays, alarmTopicArn };
  const connections = new Connections(
    `${name}-connections`,
    {
      ...functions,
      region: region.name,
      identity: upstream.identity,
      issuers: admittedIssuers(config),
      readers: readersOf(services),
      keyArn,
      protection: config.protection,
    },
    { parent },
  );
  const api = new WebSocketApi(
    `${name}-api`,
    {
      title: `WebSocket API of ${environment}`,
      authorizer: connections.authorizer,
      handler: connections.registrar,
      throttle: config.throttle,
      logRetentionDays,
      alarmTopicArn,
    },
    { parent },
  );
  createNames(edge, domain, api, names);
  const { queue } = new LiveChanges(
    name,
    {
      ...functions,
      region: region.name,
      regions: config.regions.map((each) => each.name),
      connections,
      api,
      postUrl: `https://${regionalDomainName(domain, region.name)}`,
      topicArns,
      keyArn,
    },
    { parent },
  );
  const live: LiveOutputs = {
    url: liveUrlOf({ domain }),
    queueArn: queue.arn,
    deadLettersArn: queue.deadLetters.arn,
    deadLetters: [queue.deadLetters.url, connections.endings.deadLetters.url],
  };
  const primary = upstream.primaryLive?.();
  if (primary !== undefined) {
    new ChangeExchange(
      `${name}-exchange`,
      {
        own: { region: region.name, topicArns, live },
        other: {
          region: primary.region,
          topicArns: topicsOf(published, primary.backends),
          live: queuesOf(primary.live),
        },
      },
      { parent },
    );
  }
  return { live };
}

/** Returns the URL that clients open connections at. */
export function liveUrlOf({ domain }: { readonly domain: string }): string {
  return `wss://${domain}`;
}

/** Returns the queues of a region alone: a subscription must not depend on everything that its outputs name. */
function queuesOf(live: PrimaryLive["live"]): Pick<LiveOutputs, "queueArn" | "deadLettersArn"> {
  if (!pulumi.Output.isInstance(live)) return live;
  const found = pulumi.output(live);
  return { queueArn: found.apply((each) => each.queueArn), deadLettersArn: found.apply((each) => each.deadLettersArn) };
}

/** Returns the topics of the changes of services. */
function topicsOf(published: readonly string[], backends: ComputeOutputs): Record<string, pulumi.Input<string>> {
  return Object.fromEntries(published.map((service) => [service, backends[service]!.changes!.topicArn]));
}

/**
 * Returns who may see the changes of each service: those who may read one of its items. A service without such a route
 * shows no changes.
 */
export function readersOf(services: readonly Pick<ConfiguredService, "name" | "publishes" | "routes">[]) {
  const readers = services
    .filter(({ publishes }) => publishes)
    .map(
      ({ name, routes }) =>
        [name, routes.filter(({ method, path }) => method === "GET" && path.includes("{"))] as const,
    )
    .filter(([, reading]) => reading.length > 0)
    .map(([name, reading]): [string, string[]] => [
      name,
      reading.some(({ scopes }) => scopes.length === 0)
        ? []
        : [...new Set(reading.flatMap(({ scopes }) => scopes))].sort(),
    ]);
  return Object.fromEntries(readers);
}

function createNames(
  { context, hostedZoneId }: EdgeContext,
  domain: string,
  { api, stage }: WebSocketApi,
  { healthCheckId }: Pick<RegionalNames, "healthCheckId">,
): void {
  const { region, parent } = context;
  new RegionalNames(
    `${region.name}-live-names`,
    {
      region: region.name,
      apiName: domain,
      hostedZoneId,
      apiId: api.id,
      stage: stage.id,
      services: [],
      ...(healthCheckId === undefined ? {} : { healthCheckId }),
      role: failoverRole(context),
    },
    { parent },
  );
}
