import * as pulumi from "@pulumi/pulumi";
import type { AlarmTarget } from "../observability/alarm-actions";
import { createLogGroup } from "../observability/log-group";
import { Experiment } from "./experiment";
import { createFailoverAlarm } from "./failover-alarm";
import type { Fault, FaultPlace } from "./fault";
import { instanceFault, type ServedService } from "./instance-fault";
import { type CutNetwork, zoneFault } from "./network-fault";
import { dependencyFault, regionFault } from "./region-fault";
import { createRunAlarms } from "./run-alarms";

/** Which experiments a region has; none by default. */
export interface ExperimentKinds {
  /** The loss of one server, an experiment per service that has servers. */
  readonly instance?: boolean | undefined;
  /** The loss of a zone, an experiment per zone. */
  readonly zone?: boolean | undefined;
  /** The loss of DynamoDB, for servers. */
  readonly dependency?: boolean | undefined;
  /** The loss of all servers and of replication. */
  readonly region?: boolean | undefined;
}

/** Arguments of `Experiments`. */
export interface ExperimentsArgs extends AlarmTarget {
  readonly place: FaultPlace;
  readonly kinds: ExperimentKinds;
  /** Minutes that a fault lasts. */
  readonly minutes: number;
  /** Services with servers; functions have none that could be lost. */
  readonly services: readonly ServedService[];
  readonly network: CutNetwork;
  /** Returns the ARNs of the tables that are replicated; only called for the loss of a region. */
  readonly tableArns: () => readonly pulumi.Input<string>[];
  /** ARNs of alarms that mean that clients get errors, and end the loss of a server or a zone. */
  readonly errorAlarmArns: readonly pulumi.Input<string>[];
  /** Log group of the requests of the region's HTTP API. */
  readonly accessLogName: pulumi.Input<string>;
  /** Longest time, in seconds, until every client's requests go to the other region. */
  readonly failoverSeconds: number;
  readonly logRetentionDays: number;
}

/** A fault, and the alarms that end it. */
interface PlannedExperiment {
  readonly fault: Fault;
  readonly stopAlarmArns: readonly pulumi.Input<string>[];
}

/**
 * The experiments of a region with AWS FIS: templates that people start, each with an alarm that ends it. Nothing starts
 * one by itself.
 */
export class Experiments extends pulumi.ComponentResource {
  /** Ids of the templates by the name of the experiment. @example { "zone-eu-west-1a": "EXT..." } */
  readonly templateIds: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: ExperimentsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:experiments:Experiments", name, {}, opts);
    const { place, alarmTopicArn } = args;
    const topic = alarmTopicArn ? { alarmTopicArn } : {};
    const log = createLogGroup(`${name}-log`, args, { parent: this });
    createRunAlarms(name, { region: place.region, logGroupName: log.name, ...topic }, { parent: this });
    const planned = { ...smallExperiments(args), ...this.regionExperiments(name, args) };
    this.templateIds = Object.fromEntries(
      Object.entries(planned).map(([id, experiment]) => [
        id,
        new Experiment(`${name}-${id}`, { place, ...experiment, logGroupArn: log.arn }, { parent: this }).templateId,
      ]),
    );
    this.registerOutputs({ templateIds: this.templateIds });
  }

  /** Returns the experiments after which clients are answered by the other region. */
  private regionExperiments(name: string, args: ExperimentsArgs): Record<string, PlannedExperiment> {
    const { kinds, place, network, minutes, accessLogName, failoverSeconds, alarmTopicArn } = args;
    if (!kinds.dependency && !kinds.region) return {};
    const topic = alarmTopicArn ? { alarmTopicArn } : {};
    const alarm = createFailoverAlarm(
      `${name}-not-moved`,
      { region: place.region, accessLogName, failoverSeconds, ...topic },
      { parent: this },
    );
    const stopAlarmArns = [alarm.arn];
    const where = { ...place, network, minutes };
    return {
      ...(kinds.dependency ? { dependency: { fault: dependencyFault(where), stopAlarmArns } } : {}),
      ...(kinds.region
        ? { region: { fault: regionFault({ ...where, tableArns: args.tableArns() }), stopAlarmArns } }
        : {}),
    };
  }
}

/** Returns the experiments of which clients are to notice next to nothing. */
function smallExperiments(args: ExperimentsArgs): Record<string, PlannedExperiment> {
  const faults = { ...instanceFaults(args), ...zoneFaults(args) };
  return Object.fromEntries(
    Object.entries(faults).map(([id, fault]) => [id, { fault, stopAlarmArns: args.errorAlarmArns }]),
  );
}

function instanceFaults({ kinds, place, services }: ExperimentsArgs): Record<string, Fault> {
  if (!kinds.instance) return {};
  return Object.fromEntries(services.map((service) => [`instance-${service.name}`, instanceFault(place, service)]));
}

function zoneFaults({ kinds, place, services, network, minutes }: ExperimentsArgs): Record<string, Fault> {
  if (!kinds.zone) return {};
  const groups = services.some(({ servers }) => servers === "instances");
  return Object.fromEntries(
    network.zones.map((zone) => [`zone-${zone}`, zoneFault({ ...place, network, zone, minutes, groups })]),
  );
}
