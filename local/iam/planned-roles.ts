import type { GraphIndex, PlannedResource } from "../../graph/model";
import { unsupported } from "../unsupported";
import { type Policy, readPolicy } from "./policy";
import type { CallEndpoint } from "./signing-caller";
import { type EndpointDocument, endpointsOf } from "./vpc-endpoints";

/** A planned role, with the policies that decide on what its sessions ask. */
export interface PlannedRole extends RoleName {
  readonly identity: readonly Policy[];
  /** @default no boundary */
  readonly boundary?: Policy;
  /** Endpoints that its calls come through, by service. @default none */
  readonly endpoints?: ReadonlyMap<string, CallEndpoint>;
}

/** A planned role with the documents of its policies, as another process can be told them. */
export interface RoleDocuments extends RoleName {
  readonly identity: readonly object[];
  /** @default no boundary */
  readonly boundary?: object;
  /** Endpoints that its calls come through, by service. @default none */
  readonly endpoints?: Readonly<Record<string, EndpointDocument>>;
}

interface RoleName {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
}

/**
 * Reads every planned role with its own policies and the planned ones that are attached to it. The texts of policies that
 * AWS manages are not in a plan: what only they allow, a role may not do here. Neither is that of a boundary which
 * is neither planned nor of the account: such a boundary does not limit here.
 * @throws {UserError} on a policy that AWS would not take
 */
export function readRoleDocuments(index: GraphIndex): RoleDocuments[] {
  const planned = new Map(
    index.ofType("aws:iam/policy:Policy").map((each) => [each.outputs["arn"] as string, documentOf(each)] as const),
  );
  const own = groupedByRole(index, "aws:iam/rolePolicy:RolePolicy");
  const attached = groupedByRole(index, "aws:iam/rolePolicyAttachment:RolePolicyAttachment");
  return index.ofType("aws:iam/role:Role").map((role) => {
    const { arn, name, permissionsBoundary, inlinePolicies = [], managedPolicyArns = [] } = role.outputs;
    const arns = [...managedPolicyArns, ...(attached.get(name) ?? []).map(({ outputs }) => outputs["policyArn"])];
    const identity = [
      ...(own.get(name) ?? []).map((each) => documentOf(each)),
      ...inlinePolicies.map((each: { policy: unknown }) => documentOf(role, each.policy)),
      ...arns.flatMap((each: string) => planned.get(each) ?? []),
    ];
    const boundary = planned.get(permissionsBoundary);
    const [, , , , account = ""] = String(arn).split(":");
    const endpoints = endpointsOf(index, role);
    return { arn, name, account, identity, ...(boundary && { boundary }), endpoints };
  });
}

/** Returns roles with their policies as they are evaluated. */
export function rolesOf(documents: readonly RoleDocuments[]): PlannedRole[] {
  return documents.map(({ arn, name, account, identity, boundary, endpoints = {} }) => ({
    ...{ arn, name, account },
    identity: identity.map((each) => readPolicy(each, "identity")),
    ...(boundary && { boundary: readPolicy(boundary, "identity") }),
    endpoints: new Map(Object.entries(endpoints).map(([service, document]) => [service, readEndpoint(document)])),
  }));
}

function readEndpoint({ id, region, policy }: EndpointDocument): CallEndpoint {
  return { id, region, ...(policy && { policy: readPolicy(policy, "endpoint") }) };
}

function groupedByRole(index: GraphIndex, type: string): Map<string, PlannedResource[]> {
  const groups = new Map<string, PlannedResource[]>();
  for (const each of index.ofType(type)) {
    const role = String(each.outputs["role"]);
    groups.set(role, [...(groups.get(role) ?? []), each]);
  }
  return groups;
}

function documentOf(resource: PlannedResource, given: unknown = resource.outputs["policy"]): object {
  const document = typeof given === "string" ? JSON.parse(given) : given;
  const [problem] = readPolicy(document, "identity").problems;
  if (problem !== undefined) unsupported(resource, "policy", `a policy as AWS takes it (${problem})`, document);
  return document;
}
