import type { ResourceTransformation } from "@pulumi/pulumi";

/**
 * Returns a transformation that sets the permissions boundary of every role. A boundary is the most that a role may do,
 * even if its policies allow more. The deploy role of the account may only make roles that have it.
 * @example pulumi.runtime.registerStackTransformation(boundaryTransformation(arn))
 * @param permissionsBoundary  ARN of a policy of the account, `arn:aws:iam::123456789012:policy/platform-boundary`
 */
export function boundaryTransformation(permissionsBoundary: string): ResourceTransformation {
  return ({ type, props, opts }) =>
    type === "aws:iam/role:Role" ? { props: { ...props, permissionsBoundary }, opts } : undefined;
}
