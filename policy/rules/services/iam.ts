import type { Rule } from "../../pack/rule";
import { matches, type Statement, statements } from "../../stack/iam";
import { policyStatements, policyTypes } from "../../stack/policies-of";
import { list, show, texts } from "../../stack/read";
import { T } from "../../stack/types";

/** Actions that AWS cannot restrict to a resource. */
const exceptions = [
  "ecr:GetAuthorizationToken",
  "xray:Put*",
  "xray:GetSampling*",
  "logs:DescribeLogGroups",
  "ssmmessages:*",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
  "ec2:DescribeSubnets",
];

/** Actions that are narrowed by a condition where the resource cannot be. */
const conditional: readonly (readonly [action: string, key: string])[] = [
  ["cloudwatch:PutMetricData", "cloudwatch:namespace"],
  ["sns:Publish", "sns:"],
];

/** Services that send neither account nor source, or whose roles AWS's console makes without. */
const withoutSource = [
  "apigateway.amazonaws.com",
  "ec2.amazonaws.com",
  "edgelambda.amazonaws.com",
  "elasticbeanstalk.amazonaws.com",
];

/** Rules for IAM. */
export const iamRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "no-administrator",
    types: policyTypes,
    description: "No role of a program may do everything.",
    rationale: "Whoever breaks into it owns the account.",
    fix: "name the actions and resources, or attach a policy that does",
    severity: "critical",
    level: "mandatory",
    ids: {
      securityHub: ["IAM.1"],
      cdkNag: ["AwsSolutions-IAM5"],
      checkov: ["CKV_AWS_62", "CKV_AWS_63", "CKV_AWS_286"],
    },
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
  },
  {
    scope: "resource",
    name: "no-service-wildcard",
    types: policyTypes,
    description: "Policies name actions, not whole services.",
    rationale: "New actions of a service are allowed the day AWS adds them, deletion among them.",
    fix: "name the actions",
    severity: "high",
    level: "mandatory",
    ids: {
      securityHub: ["IAM.21"],
      cdkNag: ["AwsSolutions-IAM5"],
      checkov: ["CKV_AWS_287", "CKV_AWS_288", "CKV_AWS_289", "CKV_AWS_290"],
    },
    settings: {
      allowed: { type: "array", description: "Whole-service wildcards that are accepted.", default: ["ssmmessages:*"] },
    },
    check(policy, { report, setting }) {
      for (const one of policyStatements(policy)) {
        const wild = one.actions.filter(
          (action) => /^[\w-]+:\*$/.test(action) && !list(setting("allowed")).includes(action),
        );
        if (one.allow && wild.length > 0) report(policy, `must name its actions, got ${wild.join(", ")}`);
      }
    },
  },
  {
    scope: "resource",
    name: "no-wildcard-resource",
    types: policyTypes,
    description: "Policies name the resources they are about.",
    rationale: "One service's role reads another's table otherwise.",
    fix: "name the resources, or list the action in allowed when AWS cannot restrict it",
    severity: "high",
    level: "mandatory",
    ids: {
      securityHub: ["IAM.21"],
      cdkNag: ["AwsSolutions-IAM5"],
      checkov: ["CKV_AWS_60", "CKV_AWS_61", "CKV_AWS_355"],
    },
    settings: {
      allowed: { type: "array", description: "Actions that may have * as their resource.", default: exceptions },
    },
    check(policy, { report, setting }) {
      const allowed = texts(setting("allowed"));
      for (const one of policyStatements(policy)) {
        if (!one.allow || !(one.resources.includes("*") || one.notResources.length > 0) || one.actions.includes("*"))
          continue;
        const wide = one.actions.filter(
          (action) => !allowed.some((pattern) => matches(pattern, action)) && !isNarrowed(one, action),
        );
        if (wide.length > 0) report(policy, `must name the resources of ${wide.join(", ")}, got *`);
      }
    },
  },
  {
    scope: "resource",
    name: "role-trust",
    types: [T.role],
    description: "A role trusts named principals, and services only on behalf of this account.",
    rationale: "A service that acts for everybody can be made to use the role by another account.",
    fix: "add a condition on aws:SourceAccount, and aws:SourceArn where the service sends it",
    severity: "critical",
    level: "mandatory",
    ids: { securityHub: ["IAM.21"], checkov: ["CKV_AWS_60", "CKV_AWS_61"] },
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
  },
];

function isNarrowed(statement: Statement, action: string): boolean {
  return conditional.some(([name, key]) => name === action && statement.conditions.some((one) => one.includes(key)));
}
