import type { GraphIndex, PlannedResource } from "../../graph/model";
import type { ContainerCheck, ServerGroup } from "../processes/server-group";
import { oneOf, required, unsupported } from "../unsupported";
import type { Zones } from "../vpc/zones";

/** How long the ECS agent needs to report a stopped task; replacements start then. Observed, not documented. */
const noticeSeconds = 1;

/** Every planned ECS service: one container per task, found through Cloud Map or target groups. */
export function readEcs(index: GraphIndex, zones: Zones): ServerGroup[] {
  return index.ofType("aws:ecs/service:Service").map((service) => {
    const task = index.one("aws:ecs/taskDefinition:TaskDefinition", { arn: service.outputs["taskDefinition"] });
    const container = onlyContainer(task);
    const check = containerCheck(task, container.healthCheck);
    const balanced = (service.outputs["loadBalancers"] ?? []).length > 0;
    return {
      id: service.urn,
      service: container.name,
      region: service.region!,
      pattern: "ecs",
      zones: zones.ofSubnets(service, "networkConfiguration.subnets", service.outputs["networkConfiguration"]?.subnets),
      desired: required<number>(service, "desiredCount", service.outputs["desiredCount"]),
      env: Object.fromEntries((container.environment ?? []).map((each: any) => [each.name, each.value])),
      command: required<string[]>(task, "containerDefinitions[0].command", container.command),
      cwd: imageFolder(index, task, container.image),
      ...(check === undefined ? {} : { containerCheck: check }),
      ...(balanced ? { balancerGraceSeconds: service.outputs["healthCheckGracePeriodSeconds"] ?? 0 } : {}),
      restartSeconds: noticeSeconds,
      // ECS's default.
      stopTimeoutSeconds: container.stopTimeout ?? 30,
      registersWith: registries(index, service),
    };
  });
}

function onlyContainer(task: PlannedResource): any {
  const containers = JSON.parse(task.outputs["containerDefinitions"]);
  if (containers.length !== 1) unsupported(task, "containerDefinitions", "one container", containers.length);
  for (const key of ["secrets", "environmentFiles", "entryPoint"]) {
    oneOf(task, `containerDefinitions[0].${key}`, [undefined], containers[0][key]);
  }
  return containers[0];
}

function imageFolder(index: GraphIndex, task: PlannedResource, imageUri: string): string {
  const [image] = index.where("awsx:ecr:Image", { imageUri });
  if (image === undefined) unsupported(task, "containerDefinitions[0].image", "a planned awsx:ecr:Image", imageUri);
  return required<string>(image, "context", image.outputs["context"]);
}

/** Defaults are Docker's, as ECS passes them on. */
function containerCheck(task: PlannedResource, check: any): ContainerCheck | undefined {
  if (check === undefined) return undefined;
  const [kind, ...command] = check.command ?? [];
  oneOf(task, "containerDefinitions[0].healthCheck.command[0]", ["CMD"], kind);
  return {
    command,
    intervalSeconds: check.interval ?? 30,
    timeoutSeconds: check.timeout ?? 5,
    retries: check.retries ?? 3,
    startPeriodSeconds: check.startPeriod ?? 0,
  };
}

function registries(index: GraphIndex, service: PlannedResource): string[] {
  const registry = service.outputs["serviceRegistries"];
  if (registry !== undefined) {
    const planned = index.arn(registry.registryArn);
    const srv = planned?.outputs["dnsConfig"]?.dnsRecords?.some((record: any) => record.type === "SRV");
    if (srv && registry.port === undefined && registry.containerPort === undefined) {
      unsupported(service, "serviceRegistries.containerPort", "set, as SRV records need a port", undefined);
    }
  }
  const balancers = (service.outputs["loadBalancers"] ?? []).map((each: any) => each.targetGroupArn);
  return [...(registry === undefined ? [] : [registry.registryArn]), ...balancers];
}
