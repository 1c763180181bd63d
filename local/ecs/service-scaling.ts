import type { GraphIndex } from "../../graph/model";
import { readApplicationScaling } from "../autoscaling/application-scaling";
import type { Scaling } from "../autoscaling/scaling";
import { required } from "../unsupported";

/** CPU units of a virtual CPU. */
const unitsPerCpu = 1_024;

/** Reads how planned ECS services follow their load, by the URN of the service; without those that no policy scales. */
export function readServiceScaling(index: GraphIndex): [id: string, scaling: Scaling][] {
  return index.ofType("aws:ecs/service:Service").flatMap((service) => {
    const { cluster, name, taskDefinition } = service.outputs;
    const clusterName = index.arn(cluster)?.outputs["name"];
    const scaling = readApplicationScaling(index, service.region!, `service/${clusterName}/${name}`);
    if (scaling === undefined) return [];
    const task = index.one("aws:ecs/taskDefinition:TaskDefinition", { arn: taskDefinition });
    const vcpus = Number(required(task, "cpu", task.outputs["cpu"])) / unitsPerCpu;
    const memoryMegabytes = Number(required(task, "memory", task.outputs["memory"]));
    return [[service.urn, { ...scaling, server: { vcpus, memoryMegabytes } }]];
  });
}
