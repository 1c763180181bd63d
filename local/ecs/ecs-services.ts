import type { GraphIndex, PlannedResource } from "../../graph/model";
import { stopReportSeconds } from "../../graph/recovery/recovery";
import { ecsReplacement } from "../processes/replacement";
import type { ContainerCheck, ServerGroup } from "../processes/server-group";
import { parameterName } from "../ssm/parameters";
import { oneOf, required, unsupported } from "../unsupported";
import type { Zones } from "../vpc/zones";
import { copiedImage } from "./outside-tasks";

/** Reads every planned ECS service but those by images from outside, see `OutsideTasks`: one container per task, registered in Cloud Map or target groups. */
export function readEcsServices(index: GraphIndex, zones: Zones): ServerGroup[] {
  return index.ofType("aws:ecs/service:Service").flatMap((ecsService) => {
    const task = index.one("aws:ecs/taskDefinition:TaskDefinition", { arn: ecsService.outputs["taskDefinition"] });
    const container = onlyContainer(task);
    if (copiedImage(index, container.image) !== undefined) return [];
    const check = containerCheck(task, container.healthCheck);
    const desired = required<number>(ecsService, "desiredCount", ecsService.outputs["desiredCount"]);
    const replacement = ecsReplacement(desired, ecsService.outputs["deploymentMaximumPercent"] ?? 200);
    const graceSeconds: number = ecsService.outputs["healthCheckGracePeriodSeconds"] ?? 0;
    const balanced = (ecsService.outputs["loadBalancers"] ?? []).length > 0;
    return {
      id: ecsService.urn,
      service: container.name,
      region: ecsService.region!,
      pattern: "ecs",
      zones: zones.ofSubnets(
        ecsService,
        "networkConfiguration.subnets",
        ecsService.outputs["networkConfiguration"]?.subnets,
      ),
      desired,
      env: environmentOf(task, container),
      ...(task.outputs["taskRoleArn"] && { role: { roleArn: task.outputs["taskRoleArn"], by: "container" } }),
      command: required<string[]>(task, "containerDefinitions[0].command", container.command),
      cwd: imageFolder(index, task, container.image),
      ...(check === undefined ? {} : { containerCheck: check, containerGraceSeconds: graceSeconds }),
      ...(balanced ? { balancerGraceSeconds: graceSeconds } : {}),
      replacement,
      deployment: replacement.newServer,
      restartSeconds: stopReportSeconds,
      // ECS's default.
      stopTimeoutSeconds: container.stopTimeout ?? 30,
      registersWith: registriesOf(index, ecsService),
    };
  });
}

function onlyContainer(task: PlannedResource): any {
  const containers = JSON.parse(task.outputs["containerDefinitions"]);
  if (containers.length !== 1) unsupported(task, "containerDefinitions", "one container", containers.length);
  for (const key of ["environmentFiles", "entryPoint"]) {
    oneOf(task, `containerDefinitions[0].${key}`, [undefined], containers[0][key]);
  }
  return containers[0];
}

/** Variables of a container, and the parameters of its secrets, which ECS reads when a task starts. */
function environmentOf(task: PlannedResource, { environment = [], secrets = [] }: any): Record<string, string> {
  const variables = environment.map((each: any) => [each.name, each.value]);
  const parameters = secrets.map((each: any) => [
    `${each.name}_PARAMETER`,
    parameterName(task, `containerDefinitions[0].secrets ${each.name}`, each.valueFrom),
  ]);
  return Object.fromEntries([...variables, ...parameters]);
}

function imageFolder(index: GraphIndex, task: PlannedResource, imageUri: string): string {
  const [image] = index.where("awsx:ecr:Image", { imageUri });
  if (image === undefined) unsupported(task, "containerDefinitions[0].image", "a planned awsx:ecr:Image", imageUri);
  return required<string>(image, "context", image.outputs["context"]);
}

/** Reads the health check of a container. Defaults are Docker's, which ECS leaves in force. */
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

function registriesOf(index: GraphIndex, ecsService: PlannedResource): string[] {
  const registry = ecsService.outputs["serviceRegistries"];
  if (registry !== undefined) {
    const planned = index.arn(registry.registryArn);
    const srv = planned?.outputs["dnsConfig"]?.dnsRecords?.some((record: any) => record.type === "SRV");
    if (srv && registry.port === undefined && registry.containerPort === undefined) {
      unsupported(ecsService, "serviceRegistries.containerPort", "set, as SRV records need a port", undefined);
    }
  }
  const balancers = (ecsService.outputs["loadBalancers"] ?? []).map((each: any) => each.targetGroupArn);
  return [...(registry === undefined ? [] : [registry.registryArn]), ...balancers];
}
