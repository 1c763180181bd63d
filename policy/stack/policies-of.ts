import { type Statement, statements } from "./iam";
import { block, blocks } from "./read";
import type { Resource } from "./resource";
import { T } from "./types";

/** Resources that give permissions to a role, a user or a group. */
export const policyTypes: readonly string[] = [
  "aws:iam/policy:Policy",
  T.rolePolicy,
  T.role,
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
];

/** Statements that a policy, or a role by its inline policies, gives. */
export function policyStatements({ type, props }: Resource): Statement[] {
  if (type !== T.role) return statements(props["policy"]);
  return blocks(props["inlinePolicies"]).flatMap((one) => statements(block(one)["policy"]));
}

/** Resources worth a tag: they cost, or hold data. */
export const taggable: readonly string[] = [
  T.bucket,
  T.cacheGroup,
  T.dbCluster,
  T.ecsService,
  T.function,
  T.loadBalancer,
  T.natGateway,
  T.search,
  T.table,
  T.userPool,
  T.vpc,
];
