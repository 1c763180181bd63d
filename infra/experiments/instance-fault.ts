import * as pulumi from "@pulumi/pulumi";
import { assertNever } from "../contract/assert-never";
import { allow, type Statement } from "../security/iam";
import type { Fault, FaultPlace, FaultTarget } from "./fault";

/** A service whose servers FIS can take away one by one. */
export interface ServedService {
  readonly name: string;
  /** What its servers are: EC2 instances of an Auto Scaling group, or ECS tasks. */
  readonly servers: "instances" | "tasks";
}

/** Returns the loss of one server of a service, at random, which is then replaced. It has no duration. */
export function instanceFault(place: FaultPlace, service: ServedService): Fault {
  const { environment, region } = place;
  const tags = { environment, region, service: service.name };
  const target = { name: "server", selectionMode: "COUNT(1)", resourceTags: tags } as const;
  return {
    description: `One server of ${service.name} in ${region} is lost.`,
    ...lossOf(service, place, target),
  };
}

function lossOf(
  { servers }: ServedService,
  place: FaultPlace,
  target: Omit<FaultTarget, "resourceType"> & { readonly resourceTags: Readonly<Record<string, string>> },
): Omit<Fault, "description"> {
  switch (servers) {
    case "instances":
      return {
        targets: [
          {
            ...target,
            resourceType: "aws:ec2:instance",
            // One that is starting or stopping is none that a request could have reached.
            filters: [{ path: "State.Name", values: ["running"] }],
          },
        ],
        actions: [
          { name: "terminate", actionId: "aws:ec2:terminate-instances", target: { key: "Instances", value: "server" } },
        ],
        statements: [
          allow(["ec2:TerminateInstances"], arnOf(place, "ec2", "instance/*"), tagged(target.resourceTags)),
          allow(["ec2:DescribeInstances"], "*"),
        ],
      };
    case "tasks":
      return {
        targets: [{ ...target, resourceType: "aws:ecs:task" }],
        actions: [{ name: "stop", actionId: "aws:ecs:stop-task", target: { key: "Tasks", value: "server" } }],
        statements: [
          allow(["ecs:DescribeTasks", "ecs:StopTask"], arnOf(place, "ecs", "task/*/*"), tagged(target.resourceTags)),
          // Its names are the program's: they begin with the region.
          allow(["ecs:ListTasks"], "*", {
            ArnLike: { "ecs:cluster": arnOf(place, "ecs", `cluster/${place.region}-*`) },
          }),
          allow(["tag:GetResources"], "*"),
        ],
      };
    default:
      return assertNever(servers);
  }
}

/** Returns the condition that a resource has tags. */
function tagged(tags: Readonly<Record<string, string>>): NonNullable<Statement["Condition"]> {
  const keys = Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
  return { StringEquals: Object.fromEntries(keys) };
}

function arnOf({ region, account }: FaultPlace, awsService: string, resource: string): pulumi.Output<string> {
  return pulumi.interpolate`arn:aws:${awsService}:${region}:${account}:${resource}`;
}
