import { type ComputePattern, requireArtifactBucket, requireBalancer } from "../pattern";
import { BeanstalkService } from "./beanstalk-service";

/** The pattern `beanstalk`: an Elastic Beanstalk environment on the shared balancer. */
export const beanstalk: ComputePattern = {
  backendKind: () => "listener",
  optionalFields: ["host"],
  servers: "instances",
  needs: () => ({ balancer: true, artifactBucket: true }),
  create: (name, inputs, opts) =>
    new BeanstalkService(
      name,
      {
        region: inputs.region,
        service: inputs.service,
        capacity: inputs.capacity,
        size: inputs.settings.size,
        scaling: inputs.settings.scaling,
        network: inputs.network,
        balancer: requireBalancer(inputs),
        artifact: inputs.artifact,
        artifactBucket: requireArtifactBucket(inputs),
        table: inputs.table,
        grants: inputs.grants,
        solutionStack: inputs.beanstalkPlatform,
        logRetentionDays: inputs.logRetentionDays,
        alarmTopicArn: inputs.alarmTopicArn,
      },
      opts,
    ),
};
