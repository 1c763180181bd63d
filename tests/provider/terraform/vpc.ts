import type { PlannedResource } from "../../../graph/model";
import type { Registered, Registrar } from "../../engine/provider/awsx";
import { partAnswers } from "../../engine/provider/parts";
import { makeVpc } from "../../engine/provider/vpc";
import type { Resource } from "./resource";

/** The resources that awsx makes of its VPC component, with the ids that the plan hands out for them. */
export async function vpcParts(component: PlannedResource): Promise<Resource[]> {
  const region: string = component.inputs["availabilityZoneNames"][0].slice(0, -1);
  const parts: Resource[] = [];
  const count = new Map<string, number>();
  const registrar: Registrar = {
    name: component.name,
    register: async (type, name, inputs, dependsOn: readonly Registered[] = []) => {
      const nth = count.get(type) ?? 0;
      count.set(type, nth + 1);
      const id = plannedId(component, type, nth) ?? partAnswers[type]!({ type, name, inputs, region }, 1)["id"];
      const urn = `${component.urn}::${type}::${name}`;
      const dependencies = dependsOn.map((each) => each.urn);
      parts.push({ urn, token: type, name, inputs, outputs: { ...inputs, id }, region, dependencies });
      return { urn, id };
    },
  };
  await makeVpc(registrar, component.inputs);
  return parts;
}

function plannedId({ outputs }: PlannedResource, type: string, nth: number): string | undefined {
  switch (type) {
    case "aws:ec2/vpc:Vpc":
      return outputs["vpcId"];
    case "aws:ec2/subnet:Subnet":
      return outputs["subnets"][nth].id;
    case "aws:ec2/routeTable:RouteTable":
      return outputs["routeTables"][nth].id;
    default:
      return undefined;
  }
}
