import { show, text } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { peek } from "../../core/unknown";

export const permissionSource: ResourceRule = {
  scope: "resource",
  name: "permission-source",
  types: ["aws:lambda/permission:Permission"],
  holds: "A service may invoke a function for a named source only.",
  why: "Otherwise another account's API or topic can make the service call it.",
  mend: "set sourceArn or sourceAccount",
  severity: "critical",
  level: "mandatory",
  ids: { F: ["Lambda.1"], K: ["364"] },
  check(permission, { report }) {
    const { principal, principalOrgId } = permission.props;
    if (!/\.amazonaws\.com(\.cn)?$/.test(text(principal)) || principalOrgId !== undefined) return;
    // An unknown ARN is still an ARN.
    const named = ["sourceArn", "sourceAccount"].some(
      (key) => ![undefined, null, ""].includes(peek(() => permission.props[key]) as any),
    );
    if (!named) report(permission, `must name its source, got none for ${show(principal)}`);
  },
};
