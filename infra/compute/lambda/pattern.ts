import type { ComputePattern } from "../pattern";
import { LambdaService } from "./lambda-service";

/** The pattern `lambda`: a function that gateways invoke directly. */
export const lambda: ComputePattern = {
  backendKind: () => "function",
  needs: () => ({ balancer: false, artifactBucket: false }),
  create: (name, inputs, opts) =>
    new LambdaService(
      name,
      {
        region: inputs.region,
        service: inputs.service,
        size: inputs.settings.size,
        functions: inputs.settings.functions,
        artifact: inputs.artifact,
        table: inputs.table,
        grants: inputs.grants,
        network: inputs.network,
        streams: inputs.streams ?? false,
        logRetentionDays: inputs.logRetentionDays,
        alarmTopicArn: inputs.alarmTopicArn,
      },
      opts,
    ),
};
