import { policyStatements, policyTypes } from "../../core/policies-of";
import { show, texts } from "../../core/read";
import type { ResourceRule } from "../../core/rule";

export const noAdministrator: ResourceRule = {
  scope: "resource",
  name: "no-administrator",
  types: policyTypes,
  holds: "No role of a program may do everything.",
  why: "Whoever breaks into it owns the account.",
  mend: "name the actions and resources, or attach a policy that does",
  severity: "critical",
  level: "mandatory",
  ids: { F: ["IAM.1"], N: ["IAM5"], K: ["62", "63", "286"] },
  check(policy, { report }) {
    for (const one of policyStatements(policy)) {
      if (one.allow && (one.actions.includes("*") || one.notActions.length > 0) && one.resources.includes("*"))
        report(
          policy,
          `must not allow everything, got ${show(one.actions.length > 0 ? one.actions : { NotAction: one.notActions })} on *`,
        );
    }
    const attached = [...texts(policy.props["policyArn"]), ...texts(policy.props["managedPolicyArns"])];
    if (attached.some((arn) => /\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/.test(arn)))
      report(policy, "must not be an administrator, got a policy that is");
  },
};
