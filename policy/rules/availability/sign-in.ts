import { twinRegions } from "../../network/regions";
import { N } from "../../network/tokens";
import type { Rule } from "../../pack/rule";
import { policyStatements } from "../../stack/policies-of";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";

/** Availability rules for signing in and verifying tokens. */
export const signInRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "sign-in-off-path",
    types: [T.rolePolicy, "aws:iam/policy:Policy"],
    description: "Authorizers verify tokens by their signature, without a call to Cognito.",
    rationale:
      "A call to Cognito in an authorizer puts Cognito's quotas and its single region on the path of every request.",
    fix: "verify tokens against the cached key set, and remove the permission",
    severity: "high",
    level: "production",
    lowUnless: ["redundant"],
    ids: { availability: 41 },
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html",
    check(policy, { stack, report }) {
      const roles = rolesWith(policy, stack);
      if (!roles.some((role) => authorizerRoles(stack).has(role))) return;
      const actions = policyStatements(policy)
        .filter((one) => one.allow)
        .flatMap((one) => one.actions);
      const found = actions.filter((action) => action.toLowerCase().startsWith("cognito-idp:"));
      if (found.length > 0) report(policy, `must let an authorizer call nothing of Cognito, got ${found.join(", ")}`);
    },
  },
  {
    scope: "stack",
    name: "sign-in-region",
    types: [T.userPool],
    description: "Programs of several regions do not depend on one user pool for new sessions.",
    rationale:
      "A user pool has no replica: without its region no user signs in, though tokens already given stay valid.",
    fix: "accept it, give refresh tokens a longer life than an outage, and state it in the service level",
    severity: "low",
    level: "advisory",
    ids: { availability: 41 },
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/disaster-recovery-resiliency.html",
    check(pool, { stack, report }) {
      const regions = twinRegions(stack);
      const having = stack.of(T.userPool).map((one) => stack.regionOf(one));
      if (regions.some((region) => !having.includes(region)))
        report(
          pool,
          `must not be the only pool of ${regions.length} regions, got one in ${stack.regionOf(pool) ?? "one region"}`,
        );
    },
  },
];

/** Roles that a policy gives permissions to. */
function rolesWith(policy: Resource, stack: Stack): Resource[] {
  if (policy.type === T.rolePolicy) return stack.targets(policy, "role", T.role);
  return stack
    .referrers(policy, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "policyArn")
    .flatMap((one) => stack.targets(one, "role", T.role));
}

/** Roles of the functions that authorize requests. */
function authorizerRoles(stack: Stack): ReadonlySet<Resource> {
  return stack.memo("roles of authorizers", () => {
    const functions = stack
      .of(T.authorizer, N.restAuthorizer)
      .flatMap((one) => stack.targets(one, "authorizerUri", T.function));
    return new Set(functions.flatMap((one) => stack.targets(one, "role", T.role)));
  });
}
