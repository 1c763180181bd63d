import type { GraphIndex, PlannedResource } from "../../graph/model";
import type { Scaling, TargetTrackingPolicy } from "../autoscaling/scaling";
import { oneOf, required, unsupported } from "../unsupported";
import { virtualCpus } from "./instance-types";

/** The default cooldown of a group, which is the warm-up of one that plans none. */
const defaultCooldownSeconds = 300;
const metrics = ["ASGAverageCPUUtilization", "ALBRequestCountPerTarget"] as const;

/** Reads how planned Auto Scaling groups follow their load, by the URN of the group; without those that no policy scales. */
export function readGroupScaling(index: GraphIndex): [id: string, scaling: Scaling][] {
  return index.ofType("aws:autoscaling/group:Group").flatMap((group) => {
    const policies = index
      .ofType("aws:autoscaling/policy:Policy")
      .filter(
        ({ region, outputs }) => region === group.region && outputs["autoscalingGroupName"] === group.outputs["name"],
      );
    if (policies.length === 0) return [];
    return [[group.urn, scalingOf(index, group, policies)]];
  });
}

function scalingOf(index: GraphIndex, group: PlannedResource, policies: readonly PlannedResource[]): Scaling {
  const { minSize, maxSize, defaultInstanceWarmup, defaultCooldown = defaultCooldownSeconds } = group.outputs;
  const tracking = policies.map((policy) => targetTracking(index, group, policy));
  const vcpus = tracking.some(({ metric }) => metric === "cpu") ? vcpusOf(index, group) : undefined;
  const own = policies.map(({ outputs }) => outputs["estimatedInstanceWarmup"]).filter((each) => each !== undefined);
  return {
    min: required(group, "minSize", minSize),
    max: required(group, "maxSize", maxSize),
    policies: tracking,
    warmupSeconds: Math.max(...own, own.length > 0 ? 0 : (defaultInstanceWarmup ?? defaultCooldown)),
    ...(vcpus === undefined ? {} : { server: { vcpus } }),
  };
}

function targetTracking(index: GraphIndex, group: PlannedResource, policy: PlannedResource): TargetTrackingPolicy {
  oneOf(policy, "policyType", ["TargetTrackingScaling"], policy.outputs["policyType"]);
  const config = policy.outputs["targetTrackingConfiguration"];
  const predefined = config?.predefinedMetricSpecification;
  const metric = oneOf(policy, "predefinedMetricType", metrics, predefined?.predefinedMetricType);
  const targetGroup =
    metric === "ALBRequestCountPerTarget" ? labelled(index, policy, predefined.resourceLabel) : undefined;
  return {
    kind: "target tracking",
    metric: targetGroup === undefined ? "cpu" : "requests",
    target: required(policy, "targetTrackingConfiguration.targetValue", config.targetValue),
    ...(targetGroup && { targetGroup }),
    scalesIn: config.disableScaleIn !== true && group.outputs["protectFromScaleIn"] !== true,
    outCooldownSeconds: 0,
    inCooldownSeconds: 0,
  };
}

/** Returns the ARN of the target group of a label `app/<name>/<id>/targetgroup/<name>/<id>`. */
function labelled(index: GraphIndex, policy: PlannedResource, label: string | undefined): string {
  const found = index
    .ofType("aws:lb/targetGroup:TargetGroup")
    .find(({ outputs }) => label?.endsWith(`/${outputs["arnSuffix"]}`));
  return found?.outputs["arn"] ?? unsupported(policy, "resourceLabel", "of a planned target group", label);
}

function vcpusOf(index: GraphIndex, group: PlannedResource): number {
  const mixed = group.outputs["mixedInstancesPolicy"]?.launchTemplate;
  const id = group.outputs["launchTemplate"]?.id ?? mixed?.launchTemplateSpecification?.launchTemplateId;
  const [template] = index.where("aws:ec2/launchTemplate:LaunchTemplate", { id });
  const type = mixed?.overrides?.[0]?.instanceType ?? template?.outputs["instanceType"];
  return virtualCpus(String(type)) ?? unsupported(group, "instanceType", "a type whose name says its size", type);
}
