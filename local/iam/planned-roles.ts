import type { GraphIndex, PlannedResource } from "../../graph/model";
import { unsupported } from "../unsupported";
import { type Policy, readPolicy } from "./policy";

/** A planned role, with the policies that decide on what its sessions ask. */
export interface PlannedRole {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly identity: readonly Policy[];
  /** @default no boundary */
  readonly boundary?: Policy;
}

/**
 * Reads every planned role with its own policies and the planned ones that are attached to it. The texts of policies that
 * AWS manages are not in a plan: what only they allow, a role may not do here. Neither is that of a boundary which another
 * stack makes: such a boundary does not limit here.
 * @throws {UserError} on a policy that AWS would not take
 */
export function readPlannedRoles(index: GraphIndex): PlannedRole[] {
  const documents = new Map(
    index.ofType("aws:iam/policy:Policy").map((each) => [each.outputs["arn"] as string, policyOf(each)] as const),
  );
  const own = groupedByRole(index, "aws:iam/rolePolicy:RolePolicy");
  const attached = groupedByRole(index, "aws:iam/rolePolicyAttachment:RolePolicyAttachment");
  return index.ofType("aws:iam/role:Role").map((role) => {
    const { arn, name, permissionsBoundary, inlinePolicies = [], managedPolicyArns = [] } = role.outputs;
    const arns = [...managedPolicyArns, ...(attached.get(name) ?? []).map(({ outputs }) => outputs["policyArn"])];
    const identity = [
      ...(own.get(name) ?? []).map(policyOf),
      ...inlinePolicies.map((each: { policy: unknown }) => read(role, each.policy)),
      ...arns.flatMap((each: string) => documents.get(each) ?? []),
    ];
    const boundary = documents.get(permissionsBoundary);
    const [, , , , account = ""] = String(arn).split(":");
    return { arn, name, account, identity, ...(boundary && { boundary }) };
  });
}

function groupedByRole(index: GraphIndex, type: string): Map<string, PlannedResource[]> {
  const groups = new Map<string, PlannedResource[]>();
  for (const each of index.ofType(type)) {
    const role = String(each.outputs["role"]);
    groups.set(role, [...(groups.get(role) ?? []), each]);
  }
  return groups;
}

function policyOf(resource: PlannedResource): Policy {
  return read(resource, resource.outputs["policy"]);
}

function read(resource: PlannedResource, document: unknown): Policy {
  const policy = readPolicy(typeof document === "string" ? JSON.parse(document) : document, "identity");
  const [problem] = policy.problems;
  if (problem !== undefined) unsupported(resource, "policy", `a policy as AWS takes it (${problem})`, document);
  return policy;
}
