import type { Graph } from "../model";
import { ServiceIndex } from "../services";

/** A service, and those that its role may call through the private API. */
export interface ServiceCall {
  readonly caller: string;
  /** In the order of names. */
  readonly callees: readonly string[];
}

/** Returns who calls whom, from the policies of the planned roles, in the order of callers. */
export function serviceCalls({ resources }: Graph): ServiceCall[] {
  const services = new ServiceIndex(resources);
  const serviceOf = new Map(
    resources
      .filter(({ type }) => type === "aws:iam/role:Role")
      .map((role) => [role.outputs["name"] as unknown, services.of(role)]),
  );
  const callees = new Map<string, Set<string>>();
  for (const { type, inputs } of resources) {
    if (type !== "aws:iam/rolePolicy:RolePolicy") continue;
    const caller = serviceOf.get(inputs["role"]);
    if (caller === undefined) continue;
    for (const resource of invoked(inputs["policy"])) {
      // API, stage, method, then the path, whose first part is the service.
      const callee = resource.split(":").at(-1)!.split("/")[3];
      if (callee !== undefined) callees.set(caller, (callees.get(caller) ?? new Set()).add(callee));
    }
  }
  return [...callees]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([caller, names]) => ({ caller, callees: [...names].sort() }));
}

/** Returns what a policy allows to invoke of private APIs. */
function invoked(policy: unknown): string[] {
  const statements: any[] = JSON.parse(String(policy)).Statement;
  return statements
    .filter(({ Effect, Action }) => Effect === "Allow" && [Action].flat().includes("execute-api:Invoke"))
    .flatMap(({ Resource }) => Resource);
}
