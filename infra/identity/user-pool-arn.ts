import * as pulumi from "@pulumi/pulumi";
import type { IdentityOutputs } from "../contract/layer-outputs";

/**
 * Returns the ARN of a user pool. Its id begins with its region, so that no further output of the identity layer is
 * needed, which stacks that are deployed already do not have.
 * @param account  id of the AWS account
 */
export function userPoolArn(
  { userPoolId }: Pick<IdentityOutputs, "userPoolId">,
  account: pulumi.Input<string>,
): pulumi.Output<string> {
  return pulumi
    .all([userPoolId, account])
    .apply(([id, owner]) => `arn:aws:cognito-idp:${id.split("_")[0]}:${owner}:userpool/${id}`);
}
