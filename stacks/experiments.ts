import { computePatterns } from "../infra/compute/registry";
import type { DataOutputs, EdgeOutputs } from "../infra/contract/layer-outputs";
import { FAILOVER_SECONDS } from "../infra/dns/failover-time";
import { Experiments } from "../infra/experiments/experiments";
import type { ServedService } from "../infra/experiments/instance-fault";
import type { HttpApi } from "../infra/gateway/http/http-api";
import type { ConfiguredService } from "./config/services";
import type { EdgeContext } from "./edge-context";

/**
 * Makes the experiments of a region, where the environment has some. They belong to the edge layer, as alarms of its HTTP API
 * end them.
 */
export function createExperiments(
  { context, upstream, account, alarmTopicArn }: EdgeContext,
  { errorAlarmArn, accessLogName }: Pick<HttpApi, "errorAlarmArn" | "accessLogName">,
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
      tableArns: () => tableArns(upstream.tables()),
      errorAlarmArns: [errorAlarmArn],
      accessLogName,
      failoverSeconds: FAILOVER_SECONDS,
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

/** Returns the ARNs of all tables of services, in the region of the data. */
function tableArns(data: DataOutputs) {
  return Object.values(data).flatMap(({ arn, more = {} }) => [arn, ...Object.values(more).map((table) => table.arn)]);
}
