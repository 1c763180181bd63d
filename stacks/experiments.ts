import type * as pulumi from "@pulumi/pulumi";
import { computePatterns } from "../infra/compute/registry";
import type { EdgeOutputs } from "../infra/contract/layer-outputs";
import { Experiments } from "../infra/experiments/experiments";
import type { ServedService } from "../infra/experiments/instance-fault";
import type { ConfiguredService } from "./config/services";
import type { EdgeContext } from "./edge-context";

/**
 * Makes the experiments of a region, where the environment has some. They belong to the edge layer, as the alarms of its
 * gateways end them.
 * @param errorAlarmArns  of alarms that mean that clients get errors
 */
export function createExperiments(
  { context, upstream, account, alarmTopicArn }: EdgeContext,
  errorAlarmArns: readonly pulumi.Input<string>[],
): Pick<EdgeOutputs, "experiments"> {
  const { environment, config, services, region, parent } = context;
  if (config.experiments === undefined) return {};
  const { minutes, ...kinds } = config.experiments;
  const { templateIds } = new Experiments(
    `${region.name}-experiments`,
    {
      place: { region: region.name, account, environment },
      kinds,
      minutes,
      services: servedServices(services),
      network: upstream.network,
      errorAlarmArns,
      alarmTopicArn,
      logRetentionDays: config.logRetentionDays,
    },
    { parent },
  );
  return { experiments: templateIds };
}

/** Returns the services that have servers. */
function servedServices(services: readonly ConfiguredService[]): ServedService[] {
  return services.flatMap(({ name, pattern }) => {
    const { servers }: { readonly servers?: ServedService["servers"] } = computePatterns[pattern];
    return servers === undefined ? [] : [{ name, servers }];
  });
}
