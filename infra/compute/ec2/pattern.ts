import { type ComputePattern, requireArtifactBucket, requireBalancer } from "../pattern";
import { Ec2Service } from "./ec2-service";

/** The pattern `ec2`: an Auto Scaling group behind the shared balancer. */
export const ec2: ComputePattern = {
  backendKind: () => "listener",
  servers: "instances",
  needs: () => ({ balancer: true, artifactBucket: true }),
  create: (name, inputs, opts) =>
    new Ec2Service(
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
        imageRelease: inputs.imageRelease,
        machineImage: inputs.machineImage,
        logRetentionDays: inputs.logRetentionDays,
        alarmTopicArn: inputs.alarmTopicArn,
      },
      opts,
    ),
};
