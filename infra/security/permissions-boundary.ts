import type { ResourceTransformation } from "@pulumi/pulumi";

/**
 * Returns a transformation that sets the permissions boundary of every role: the most a role may do, whatever its
 * policies say. The account's deploy role may only make roles that have it.
 * @param permissionsBoundary  ARN of a policy of the account, `arn:aws:iam::123456789012:policy/platform-boundary`
 */
export function boundRoles(permissionsBoundary: string): ResourceTransformation {
  return ({ type, props, opts }) =>
    type === "aws:iam/role:Role" ? { props: { ...props, permissionsBoundary }, opts } : undefined;
}
