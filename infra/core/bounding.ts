import type { ResourceTransformation } from "@pulumi/pulumi";

/**
 * Sets the most that roles may do, whatever their policies say. The account's deploy role makes no others.
 * @param permissionsBoundary  ARN of a policy of the account, `arn:aws:iam::123456789012:policy/platform-boundary`
 */
export function bounding(permissionsBoundary: string): ResourceTransformation {
  return ({ type, props, opts }) =>
    type === "aws:iam/role:Role" ? { props: { ...props, permissionsBoundary }, opts } : undefined;
}
