import type { AuthorizationRequest, Decision, PolicyKind } from "./decision";
import type { Caller } from "./principals";

const denies: Readonly<Record<PolicyKind, string>> = {
  identity: "an identity-based policy",
  boundary: "a permissions boundary",
  session: "a session policy",
  resource: "a resource-based policy",
  trust: "the role trust policy",
  endpoint: "a VPC endpoint policy",
};

const allows: Readonly<Record<PolicyKind, string>> = {
  identity: "identity-based policy",
  boundary: "permissions boundary",
  session: "session policy",
  resource: "resource-based policy",
  trust: "role trust policy",
  endpoint: "VPC endpoint policy",
};

/**
 * Returns the message with which AWS refuses a request.
 * @param request  has no resource for services that do not name it; API Gateway names it with most of the account masked
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function denialMessage(
  { caller, action, resource }: Pick<AuthorizationRequest, "caller" | "action"> & { readonly resource?: string },
  { effect, by }: Decision,
): string {
  const reason =
    effect === "explicit deny"
      ? `with an explicit deny in ${denies[by]}`
      : `because no ${allows[by]} allows the ${action} action`;
  const on = resource === undefined ? "" : ` on resource: ${resource}`;
  return `User: ${callerName(caller)} is not authorized to perform: ${action}${on} ${reason}`;
}

/** Returns how messages name a caller. */
export function callerName(caller: Caller): string {
  switch (caller.kind) {
    case "user":
    case "session":
    case "federated":
      return caller.arn;
    case "root":
      return `arn:aws:iam::${caller.account}:root`;
    case "service":
      return caller.service;
    case "web-identity":
    case "anonymous":
      return "anonymous";
  }
}
