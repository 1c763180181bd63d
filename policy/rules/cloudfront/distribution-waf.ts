import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { peek } from "../../core/unknown";

export const distributionWaf: ResourceRule = {
  scope: "resource",
  name: "distribution-waf",
  types: [T.distribution],
  holds: "A distribution has a web application firewall.",
  why: "Floods and known attacks are refused at the edge, before they cost anything.",
  mend: "set webAclId",
  severity: "medium",
  level: "production",
  ids: { F: ["CloudFront.6"], N: ["CFR2"], K: ["68"] },
  check(distribution, { report }) {
    const acl = peek(() => distribution.props["webAclId"]);
    if (acl === undefined || acl === "") report(distribution, "must have a web ACL, got none");
  },
};
