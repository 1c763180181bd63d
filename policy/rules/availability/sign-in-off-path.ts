import { matches } from "../../core/iam";
import { policyStatements } from "../../core/policies-of";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

const perRequest = ["GetUser", "AdminGetUser", "InitiateAuth", "AdminInitiateAuth", "ListUsers", "DescribeUserPool"];

export const signInOffPath: ResourceRule = {
  scope: "resource",
  name: "sign-in-off-path",
  types: [T.rolePolicy, "aws:iam/policy:Policy"],
  holds: "Tokens are verified by their signature, without a call to Cognito.",
  why: "Cognito's quotas and its single region would be on the path of every request.",
  mend: "verify against the cached key set, and remove the permission",
  severity: "high",
  level: "mandatory",
  ids: { availability: 41 },
  url: "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html",
  check(policy, { report }) {
    const actions = policyStatements(policy)
      .filter((one) => one.allow)
      .flatMap((one) => one.actions);
    const found = actions.filter((action) =>
      perRequest.some((name) => matches(action, `cognito-idp:${name}`) && action.startsWith("cognito-idp:")),
    );
    if (found.length > 0) report(policy, `must not call Cognito per request, got ${found.join(", ")}`);
  },
};
