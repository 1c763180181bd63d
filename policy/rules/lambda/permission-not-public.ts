import type { ResourceRule } from "../../core/rule";

export const permissionNotPublic: ResourceRule = {
  scope: "resource",
  name: "permission-not-public",
  types: ["aws:lambda/permission:Permission"],
  holds: "Not everybody may invoke a function.",
  why: "Anybody with an AWS account could run it, and be billed to this one.",
  mend: "name the account or service in principal",
  severity: "critical",
  level: "mandatory",
  ids: { F: ["Lambda.1"], N: ["LambdaFunctionPublicAccessProhibited"], K: ["301"] },
  check(permission, { report }) {
    if (permission.props["principal"] === "*" && permission.props["principalOrgId"] === undefined)
      report(permission, 'must name its principal, got "*"');
  },
};
