import { statements } from "../../core/iam";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

/** Services that send neither account nor source, or whose roles AWS's console makes without. */
const withoutSource = [
  "apigateway.amazonaws.com",
  "ec2.amazonaws.com",
  "edgelambda.amazonaws.com",
  "elasticbeanstalk.amazonaws.com",
];

export const roleTrust: ResourceRule = {
  scope: "resource",
  name: "role-trust",
  types: [T.role],
  holds: "A role trusts named principals, and services only on behalf of this account.",
  why: "A service that acts for everybody can be made to use the role by another account.",
  mend: "add a condition on aws:SourceAccount, and aws:SourceArn where the service sends it",
  severity: "critical",
  level: "mandatory",
  ids: { F: ["IAM.21"], K: ["60", "61"] },
  check(role, { report }) {
    for (const one of statements(role.props["assumeRolePolicy"])) {
      if (!one.allow) continue;
      if (one.principals.some((name) => name === "*" || name === "AWS:*"))
        report(role, "must name whom it trusts, got *");
      const services = one.principals.filter((name) => name.startsWith("Service:")).map((name) => name.slice(8));
      const bare = services.filter((name) => !withoutSource.includes(name));
      const beanstalk = services.includes("elasticbeanstalk.amazonaws.com");
      const narrowed = one.conditions.some((key) => /aws:source(account|arn|orgid)$/.test(key));
      if (beanstalk && !one.conditions.some((key) => key.endsWith("sts:externalid")))
        report(role, "must trust Beanstalk by its external id, got no sts:ExternalId");
      if (beanstalk && narrowed)
        report(role, "must not ask Beanstalk for a source, which no page says it sends, got aws:SourceAccount");
      if (bare.length > 0 && !narrowed)
        report(role, `must trust ${bare.join(", ")} for this account only, got no aws:SourceAccount`);
      if (narrowed && services.includes("ec2.amazonaws.com"))
        report(role, "must not ask EC2 for a source, which it does not send, got aws:SourceAccount");
    }
  },
};
