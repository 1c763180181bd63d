import type * as pulumi from "@pulumi/pulumi";
import { assertNever } from "../../contract/assert-never";
import type { ComputeBackend } from "../../contract/backend";
import type { TableOutputs } from "../../contract/layer-outputs";
import type { ServiceSpec } from "../../contract/service";
import {
  type ComputePattern,
  type Ingress,
  type PatternInputs,
  type RunningService,
  requireBalancer,
} from "../pattern";
import { EcsService, type EcsServiceArgs } from "./ecs-service";
import type { IngressArgs } from "./ingress";
import type { OutsideImage } from "./program";

const backendOfIngress = { cloudmap: "discovery", alb: "listener" } as const satisfies Readonly<
  Record<Ingress, ComputeBackend["kind"]>
>;

/** The pattern `ecs`: Fargate tasks, found through Cloud Map or behind the shared balancer. */
export const ecs: ComputePattern = {
  backendKind: ({ ingress }) => backendOfIngress[ingress],
  servers: "tasks",
  needs: ({ ingress }) => ({ balancer: backendOfIngress[ingress] === "listener", artifactBucket: false }),
  create: (name, inputs, opts) =>
    new EcsService(
      name,
      { ...ecsArgs(inputs), source: { kind: "artifact", artifact: inputs.artifact }, table: inputs.table },
      opts,
    ),
};

/** What the compute layer gives to a service that runs an image from outside. */
export interface OutsideInputs extends Omit<PatternInputs, "artifact" | "service" | "table"> {
  readonly service: Pick<ServiceSpec, "name" | "port" | "table">;
  readonly image: OutsideImage;
  /** @default none */
  readonly table?: TableOutputs | undefined;
}

/** Makes the component that runs an image from outside in one region. Only this pattern runs such images. */
export function runOutsideImage(
  name: string,
  inputs: OutsideInputs,
  opts?: pulumi.ComponentResourceOptions,
): RunningService {
  const { image, table } = inputs;
  return new EcsService(name, { ...ecsArgs(inputs), source: { kind: "outside", image }, table }, opts);
}

function ecsArgs(inputs: Omit<OutsideInputs, "image">): Omit<EcsServiceArgs, "source" | "table"> {
  return {
    region: inputs.region,
    service: inputs.service,
    capacity: inputs.capacity,
    size: inputs.settings.size,
    spotPercent: inputs.settings.spotPercent,
    scaling: inputs.settings.scaling,
    ingress: ingressArgs(inputs),
    network: inputs.network,
    grants: inputs.grants,
    logRetentionDays: inputs.logRetentionDays,
    keepImages: inputs.protection,
    alarmTopicArn: inputs.alarmTopicArn,
  };
}

function ingressArgs(inputs: Omit<OutsideInputs, "image">): IngressArgs {
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
