import type { Caller } from "./principals";
import type { ContextValue } from "./request-context";

/**
 * Returns the condition keys that say who calls. A key that a kind of caller does not have is left out.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function callerContext(caller: Caller): Readonly<Record<string, ContextValue>> {
  switch (caller.kind) {
    case "user":
      return {
        ...ofAccount(caller.arn, caller.account, "User"),
        "aws:username": caller.arn.slice(caller.arn.lastIndexOf("/") + 1),
      };
    case "session":
      return ofAccount(caller.role, caller.account, "AssumedRole");
    case "federated":
      return ofAccount(caller.arn, caller.account, "FederatedUser");
    case "root":
      return ofAccount(`arn:aws:iam::${caller.account}:root`, caller.account, "Account");
    case "service":
      return { "aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": caller.service };
    case "web-identity":
    case "anonymous":
      return { "aws:PrincipalType": "Anonymous" };
  }
}

function ofAccount(arn: string, account: string, type: string): Readonly<Record<string, ContextValue>> {
  return {
    "aws:PrincipalArn": arn,
    "aws:PrincipalAccount": account,
    "aws:PrincipalType": type,
    "aws:PrincipalIsAWSService": "false",
  };
}
