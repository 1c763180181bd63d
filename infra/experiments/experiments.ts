import * as pulumi from "@pulumi/pulumi";
import type { AlarmTarget } from "../observability/alarm-actions";
import { createLogGroup } from "../observability/log-group";
import { Experiment } from "./experiment";
import type { Fault, FaultPlace } from "./fault";
import { instanceFault, type ServedService } from "./instance-fault";
import { type CutNetwork, zoneFault } from "./network-fault";
import { createRunAlarms } from "./run-alarms";

/** Which experiments a region has; none by default. */
export interface ExperimentKinds {
  /** The loss of one server, an experiment per service that has servers. */
  readonly instance?: boolean;
  /** The loss of a zone, an experiment per zone. */
  readonly zone?: boolean;
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
  /** ARNs of alarms that mean that clients get errors, and end the loss of a server or a zone. */
  readonly errorAlarmArns: readonly pulumi.Input<string>[];
  readonly logRetentionDays: number;
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
    const { place, errorAlarmArns, alarmTopicArn } = args;
    const log = createLogGroup(`${name}-log`, args, { parent: this });
    createRunAlarms(
      name,
      { region: place.region, logGroupName: log.name, ...(alarmTopicArn ? { alarmTopicArn } : {}) },
      { parent: this },
    );
    this.templateIds = Object.fromEntries(
      Object.entries({ ...instanceFaults(args), ...zoneFaults(args) }).map(([id, fault]) => {
        const experiment = new Experiment(
          `${name}-${id}`,
          { place, fault, stopAlarmArns: errorAlarmArns, logGroupArn: log.arn },
          { parent: this },
        );
        return [id, experiment.templateId];
      }),
    );
    this.registerOutputs({ templateIds: this.templateIds });
  }
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
