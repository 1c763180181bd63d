import type { GraphIndex, PlannedResource } from "../../graph/model";

/** The VPC endpoint through which a role's code calls an AWS service. */
export interface EndpointDocument {
  readonly id: string;
  readonly region: string;
  /** @default everything may pass */
  readonly policy?: object;
}

/** Names of AWS services in signatures, by their names in those of endpoints, where these differ. */
const signingNames: Readonly<Record<string, string>> = { "data-servicediscovery": "servicediscovery" };

/**
 * Returns the endpoints through which the code of a role calls AWS: those of the VPC of its region, by the service's name in
 * signatures. Servers always run in the VPC, functions where they are planned to; other code calls AWS by public addresses.
 */
export function endpointsOf(index: GraphIndex, role: PlannedResource): Readonly<Record<string, EndpointDocument>> {
  if (!runsInVpc(index, role)) return {};
  const endpoints = index.ofType("aws:ec2/vpcEndpoint:VpcEndpoint").filter(({ region }) => region === role.region);
  return Object.fromEntries(
    endpoints.map(({ outputs }) => {
      const { serviceName, id, policy } = outputs;
      const service = String(serviceName).split(".").at(-1)!;
      const document = typeof policy === "string" ? JSON.parse(policy) : policy;
      return [
        signingNames[service] ?? service,
        { id, region: role.region!, ...(document !== undefined && { policy: document }) },
      ];
    }),
  );
}

function runsInVpc(index: GraphIndex, { outputs }: PlannedResource): boolean {
  const functions = index.where("aws:lambda/function:Function", { role: outputs["arn"] });
  if (functions.length > 0) return functions.some((each) => each.outputs["vpcConfig"]?.subnetIds?.length > 0);
  return /"(?:ec2|ecs-tasks)\.amazonaws\.com"/.test(JSON.stringify(outputs["assumeRolePolicy"]).replaceAll("\\", ""));
}
