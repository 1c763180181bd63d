import * as pulumi from "@pulumi/pulumi";
import { PrivateAlb } from "../infra/balancer/private-alb";
import type { Artifact } from "../infra/compute/artifact";
import { serverCapacity } from "../infra/compute/capacity";
import { createConsumer, createInbox, deadLetterQueues, workQueues } from "../infra/compute/inbox";
import type { RunningService } from "../infra/compute/pattern";
import { RegionalService } from "../infra/compute/regional-service";
import { computePatterns } from "../infra/compute/registry";
import { createSchedules } from "../infra/compute/schedules";
import { createGrants } from "../infra/compute/service-grants";
import type { ComputeOutputs, DataOutputs, NetworkOutputs } from "../infra/contract/layer-outputs";
import { Data } from "../infra/data/data";
import { changeReaderApp, haveMessages, Messaging, type MessagingArgs } from "../infra/messaging/messaging";
import { Network } from "../infra/network/network";
import { AlarmTopic } from "../infra/observability/alarm-topic";
import { regionTags } from "../infra/region/region-cell";
import { accountIdOf } from "../infra/security/iam";
import { PrivateBucket } from "../infra/security/private-bucket";
import { tagTransformation } from "../infra/security/tags";
import { declaredFlows } from "../infra/traffic/flows";
import { privateDomain } from "./config/private-domain";
import type { PlatformConfig } from "./config/schema";
import { type ConfiguredService, callsAnother } from "./config/services";
import { subscribersOf } from "./config/subscribers";

/** Arguments that every layer of a region gets. */
export interface LayerContext {
  readonly environment: string;
  readonly config: PlatformConfig;
  readonly services: readonly ConfiguredService[];
  /** Functions of the platform itself that the configuration needs, by the name of their folder in apps/. */
  readonly platformApps: Readonly<Record<string, Artifact>>;
  readonly region: PlatformConfig["regions"][number];
  /** The region cell, which is the parent of the layer's resources. */
  readonly parent: pulumi.Resource;
}

/** Makes the network layer of a region: VPC, endpoints, network ACLs, flow logs and the Cloud Map namespace. */
export function networkLayer({ environment, config, services, region, parent }: LayerContext): NetworkOutputs {
  const { nat, interfaceEndpoints } = config.network;
  const privateApi = callsAnother(services);
  const network = new Network(
    `${region.name}-network`,
    {
      region: region.name,
      cidr: region.cidr,
      zones: region.zones,
      nat,
      interfaceEndpoints,
      privateApi,
      flows: declaredFlows(services, {
        nat: nat !== "none",
        interfaceEndpoints: interfaceEndpoints || privateApi,
      }),
      namespaceName: `${environment}.platform.internal`,
      logRetentionDays: config.logRetentionDays,
      tags: regionTags({ environment, region: region.name }),
    },
    { parent },
  );
  const { vpcId, cidr, zones, publicSubnetIds, privateSubnetIds, isolatedSubnetIds, functionSecurityGroupId } = network;
  // Ids only: a whole resource would not cross a StackReference.
  const { id, arn, name } = network.namespace;
  const namespace = { id, arn, name };
  return {
    vpcId,
    cidr,
    zones,
    publicSubnetIds,
    privateSubnetIds,
    isolatedSubnetIds,
    namespace,
    functionSecurityGroupId,
    ...(network.storagePrefixLists ? { storagePrefixLists: network.storagePrefixLists } : {}),
    ...(network.privateApiEndpoint ? { privateApiEndpoint: network.privateApiEndpoint } : {}),
  };
}

/**
 * Makes the data layer: a DynamoDB table per service. Made in the primary region only, with replicas in the other
 * regions.
 * @returns the tables by the region they are used from
 */
export function dataLayer({ config, services, region, parent }: LayerContext): Record<string, DataOutputs> {
  const others = config.regions.filter(({ name }) => name !== region.name).map(({ name }) => name);
  const data = new Data(
    `${region.name}-data`,
    {
      region: region.name,
      replicaRegions: others,
      services,
      protection: config.protection,
      customerKey: config.tableKey === "customer",
    },
    { parent },
  );
  return Object.fromEntries([region.name, ...others].map((name) => [name, data.tablesIn(name)]));
}

/** Outputs of the layers that the compute layer needs, and the artifacts to run. */
interface ComputeUpstream {
  readonly network: NetworkOutputs;
  readonly data: DataOutputs;
  /** By service name. */
  readonly artifacts: Readonly<Record<string, Artifact>>;
}

/** Makes the compute layer of a region: every service under its pattern, and what several services share. */
export function computeLayer(context: LayerContext, { network, data, artifacts }: ComputeUpstream): ComputeOutputs {
  const { environment, config, services, region, parent } = context;
  const account = accountIdOf(network.namespace.arn);
  const shared = createShared(context, network, data);
  const messaging = createMessaging(context, { ...shared, account, data, artifacts });
  return Object.fromEntries(
    services.map((service) => {
      const { name, port, pattern, settings, needs, calls, gateways, routes } = service;
      const resourceName = `${region.name}-${name}`;
      const owner = new RegionalService(resourceName, {
        parent,
        transformations: [tagTransformation({ service: name })],
      });
      const { protection } = config;
      const granted = createGrants(
        resourceName,
        {
          environment,
          region: region.name,
          account,
          service: name,
          needs: {
            ...needs,
            variables: { ...needs.variables, ...originVariable(config, gateways), ...callVariable(config, calls) },
          },
          tables: data[name]!.more,
          calls: calls.length > 0,
          protection,
        },
        { parent: owner },
      );
      const inbox =
        messaging &&
        createInbox(
          resourceName,
          { account, service, messaging, bucket: granted.bucket, alarmTopicArn: shared.alarmTopicArn },
          { parent: owner },
        );
      const grants = inbox === undefined ? granted : { ...granted, functionVariables: { QUEUE_ROUTES: inbox.routes } };
      const inputs = {
        ...shared,
        region: region.name,
        service: { name, port, table: service.table },
        settings,
        capacity: serverCapacity(service.capacity, region.zones.length),
        artifact: artifacts[name]!,
        network,
        table: data[name]!,
        streams: gateways.rest && routes.some(({ stream }) => stream),
        grants,
        logRetentionDays: config.logRetentionDays,
        protection,
        imageRelease: config.imageRelease,
        ...(config.beanstalkPlatform === "managed" ? {} : { beanstalkPlatform: config.beanstalkPlatform }),
        ...(region.machineImage ? { machineImage: region.machineImage } : {}),
      };
      const running = computePatterns[pattern].create(resourceName, inputs, { parent: owner });
      const failedRuns = createSchedules(resourceName, { ...inputs, needs, running, artifacts }, { parent: owner });
      if (inbox !== undefined)
        createConsumer(resourceName, { ...inputs, account, inbox, running, artifacts }, { parent: owner });
      return [
        name,
        {
          ...running.backend,
          ...(calls.length > 0 ? { role: roleOf(running, account) } : {}),
          ...(service.workRoutes.length > 0 ? { work: workQueues(inbox!, service) } : {}),
          ...deadLetterQueues(inbox, [...(messaging?.deadLetters[name] ?? []), ...failedRuns]),
        },
      ];
    }),
  );
}

/** Makes what services have in common for their messages, where any has some. */
function createMessaging(
  { config, services, region, parent }: LayerContext,
  shared: Pick<MessagingArgs, "account" | "alarmTopicArn"> & Pick<ComputeUpstream, "data" | "artifacts">,
): Messaging | undefined {
  if (!haveMessages(services)) return undefined;
  const { data, artifacts, account, alarmTopicArn } = shared;
  return new Messaging(
    `${region.name}-messaging`,
    {
      region: region.name,
      account,
      services,
      tables: data,
      reader: artifacts[changeReaderApp],
      subscribers: subscribersOf(config.events),
      logRetentionDays: config.logRetentionDays,
      alarmTopicArn,
    },
    { parent },
  );
}

/** Returns the role that a service's code runs as, by its name: roles of the program have no path. */
function roleOf({ roleName: name }: RunningService, account: pulumi.Input<string>) {
  return { name, arn: pulumi.interpolate`arn:aws:iam::${account}:role/${name}` };
}

/** Returns the variable that tells a service where it calls others. */
function callVariable(config: PlatformConfig, calls: ConfiguredService["calls"]): Record<string, string> {
  return calls.length > 0 ? { PRIVATE_API_URL: `https://${privateDomain(config)}` } : {};
}

/**
 * Returns the variable that tells a service whose pages may read its answers. A REST API passes them on as they are; an HTTP
 * API sets the header itself.
 */
function originVariable({ cors }: PlatformConfig, { rest }: ConfiguredService["gateways"]): Record<string, string> {
  return rest && cors.origins.length > 0 ? { CORS_ORIGINS: cors.origins.join(",") } : {};
}

/**
 * Makes what the services of a region share: the alarm topic, and a balancer and an artifact bucket if one needs them.
 */
function createShared({ config, services, region, parent }: LayerContext, network: NetworkOutputs, data: DataOutputs) {
  const needs = services.map((service) => computePatterns[service.pattern].needs(service.settings));
  const { logRetentionDays, protection } = config;
  const account = accountIdOf(Object.values(data)[0]!.arn);
  const balancer = needs.some((need) => need.balancer)
    ? new PrivateAlb(
        `${region.name}-balancer`,
        { network, account, region: region.name, logRetentionDays, protection },
        { parent },
      ).outputs
    : undefined;
  const artifactBucket = needs.some((need) => need.artifactBucket)
    ? new PrivateBucket(`${region.name}-artifacts`, { keepOldVersionsDays: 30, protection }, { parent }).name
    : undefined;
  const { arn: alarmTopicArn } = new AlarmTopic(
    `${region.name}-alarms`,
    { account, emails: config.alarms.emails },
    { parent },
  );
  return { alarmTopicArn, ...(balancer ? { balancer } : {}), ...(artifactBucket ? { artifactBucket } : {}) };
}
