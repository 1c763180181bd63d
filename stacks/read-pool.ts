import type * as pulumi from "@pulumi/pulumi";
import type { IdentityOutputs } from "../infra/contract/layer-outputs";

/**
 * Returns the fields of a user pool that another stack exports.
 * @param lackingMail  makes the error for a pool without records of its mail. @default they are not read
 */
export function readPool(found: pulumi.Output<any>, lackingMail?: () => Error) {
  const mailTokens = ({ mailTokens: tokens }: IdentityOutputs): string[] => {
    if (tokens !== undefined) return tokens as string[];
    throw lackingMail!();
  };
  return {
    userPoolId: found.apply((pool): string => pool.userPoolId),
    issuer: found.apply((pool): string => pool.issuer),
    clientIds: found.apply((pool) => pool.clientIds as string[]),
    signInUrl: found.apply((pool): string => pool.signInUrl),
    ...(lackingMail === undefined ? {} : { mailTokens: found.apply(mailTokens) }),
  };
}
