import * as pulumi from "@pulumi/pulumi";
import { PrivateAlb } from "../infra/balancer/private-alb";
import type { Artifact } from "../infra/compute/artifact";
import { serverCapacity } from "../infra/compute/capacity";
import { runOutsideImage } from "../infra/compute/ecs/pattern";
import { createConsumer, createInbox, deadLetterQueues, type Inbox, workQueues } from "../infra/compute/inbox";
import type { RunningService } from "../infra/compute/pattern";
import { RegionalService } from "../infra/compute/regional-service";
import { computePatterns } from "../infra/compute/registry";
import { createSchedules } from "../infra/compute/schedules";
import { createGrants, type ServiceGrants } from "../infra/compute/service-grants";
import type { ComputeOutputs, DataOutputs, NetworkOutputs } from "../infra/contract/layer-outputs";
import { changeReaderApp, haveMessages, Messaging, type MessagingArgs } from "../infra/messaging/messaging";
import { AlarmTopic } from "../infra/observability/alarm-topic";
import { accountIdOf } from "../infra/security/iam";
import { PrivateBucket } from "../infra/security/private-bucket";
import { tagTransformation } from "../infra/security/tags";
import { privateDomain } from "./config/private-domain";
import type { PlatformConfig } from "./config/schema";
import type { ConfiguredService } from "./config/services";
import { subscribersOf } from "./config/subscribers";
import type { LayerContext } from "./layers";

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
      const { name, needs, calls, gateways } = service;
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
          tables: data[name]?.more,
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
      const given = { ...shared, account, network, data, artifacts, grants, inbox };
      const { running, failedRuns } = runService(resourceName, context, service, given, { parent: owner });
      return [
        name,
        {
          ...running.backend,
          ...(calls.length > 0 ? { role: roleOf(running, account) } : {}),
          ...(service.workRoutes.length > 0 ? { work: workQueues(inbox!, service) } : {}),
          ...(messaging && service.publishes
            ? { changes: { topicArn: messaging.topicArns[name]!, keyArn: messaging.keyArn } }
            : {}),
          ...deadLetterQueues(inbox, [...(messaging?.deadLetters[name] ?? []), ...failedRuns]),
        },
      ];
    }),
  );
}

/** What one service is made with, in addition to its configuration. */
interface Given extends Omit<ComputeUpstream, "network">, ReturnType<typeof createShared> {
  readonly network: NetworkOutputs;
  readonly account: pulumi.Output<string>;
  readonly grants: ServiceGrants;
  readonly inbox: Inbox | undefined;
}

/** A service that runs, and the queues of what its schedules could not deliver. */
interface Running {
  readonly running: RunningService;
  readonly failedRuns: ReturnType<typeof createSchedules>;
}

/** Makes a service under its pattern, and what calls it by the clock and hands it messages. */
function runService(
  name: string,
  { config, region }: LayerContext,
  service: ConfiguredService,
  { data, artifacts, inbox, ...given }: Given,
  opts: pulumi.ComponentResourceOptions,
): Running {
  const { pattern, settings, needs, gateways, routes, image } = service;
  const common = {
    ...given,
    region: region.name,
    settings,
    capacity: serverCapacity(service.capacity, region.zones.length),
    streams: gateways.rest && routes.some(({ stream }) => stream),
    logRetentionDays: config.logRetentionDays,
    protection: config.protection,
    imageRelease: config.imageRelease,
    ...(config.beanstalkPlatform === "managed" ? {} : { beanstalkPlatform: config.beanstalkPlatform }),
    ...(region.machineImage ? { machineImage: region.machineImage } : {}),
  };
  const table = data[service.name];
  if (image !== undefined) {
    return { running: runOutsideImage(name, { ...common, service, image, table }, opts), failedRuns: [] };
  }
  const own = { name: service.name, port: service.port, table: service.table! };
  const inputs = { ...common, service: own, table: table!, artifact: artifacts[service.name]! };
  const running = computePatterns[pattern].create(name, inputs, opts);
  const failedRuns = createSchedules(name, { ...inputs, needs, running, artifacts }, opts);
  if (inbox !== undefined) createConsumer(name, { ...inputs, inbox, running, artifacts }, opts);
  return { running, failedRuns };
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
  const account = accountIdOf(Object.values(data)[0]?.arn ?? network.namespace.arn);
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
