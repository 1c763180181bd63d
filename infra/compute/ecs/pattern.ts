import { assertNever } from "../../contract/assert-never";
import type { ComputeBackend } from "../../contract/backend";
import { type ComputePattern, type Ingress, type PatternInputs, requireBalancer } from "../pattern";
import { EcsService } from "./ecs-service";
import type { IngressArgs } from "./ingress";

const backendOfIngress = { cloudmap: "discovery", alb: "listener" } as const satisfies Readonly<
  Record<Ingress, ComputeBackend["kind"]>
>;

/** The pattern `ecs`: Fargate tasks, found through Cloud Map or behind the shared balancer. */
export const ecs: ComputePattern = {
  backendKind: ({ ingress }) => backendOfIngress[ingress],
  needs: ({ ingress }) => ({ balancer: backendOfIngress[ingress] === "listener", artifactBucket: false }),
  create: (name, inputs, opts) =>
    new EcsService(
      name,
      {
        region: inputs.region,
        service: inputs.service,
        capacity: inputs.capacity,
        size: inputs.settings.size,
        spotPercent: inputs.settings.spotPercent,
        scaling: inputs.settings.scaling,
        ingress: ingressArgs(inputs),
        network: inputs.network,
        artifact: inputs.artifact,
        table: inputs.table,
        grants: inputs.grants,
        logRetentionDays: inputs.logRetentionDays,
        keepImages: inputs.protection,
        alarmTopicArn: inputs.alarmTopicArn,
      },
      opts,
    ),
};

function ingressArgs(inputs: PatternInputs): IngressArgs {
  const kind = inputs.settings.ingress;
  switch (kind) {
    case "cloudmap":
      return { kind, namespace: inputs.network.namespace };
    case "alb":
      return { kind, balancer: requireBalancer(inputs), zones: inputs.network.zones.length };
    default:
      return assertNever(kind);
  }
}
