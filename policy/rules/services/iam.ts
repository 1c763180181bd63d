import type { Rule } from "../../pack/rule";
import { callerKeys, isNarrowed, matches, type Statement, statements } from "../../stack/iam";
import { policyStatements, policyTypes, takesNoResource } from "../../stack/policies-of";
import { block, list, show, text, texts } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";

/** Actions that are narrowed by a condition where the resource cannot be. */
const conditional: readonly (readonly [action: string, key: string])[] = [["sns:Publish", "sns:"]];

/**
 * AWS services whose documentation asks for aws:SourceAccount or aws:SourceArn in the trust of their roles. Lambda's
 * and EC2's ask for none, so that a condition there could refuse the service itself.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
const withSource: readonly string[] = [
  "cloudtrail.amazonaws.com",
  "codebuild.amazonaws.com",
  "codepipeline.amazonaws.com",
  "config.amazonaws.com",
  "ecs-tasks.amazonaws.com",
  "eks.amazonaws.com",
  "firehose.amazonaws.com",
  "logs.amazonaws.com",
  "monitoring.rds.amazonaws.com",
  "pipes.amazonaws.com",
  "rds.amazonaws.com",
  "scheduler.amazonaws.com",
  "states.amazonaws.com",
  "vpc-flow-logs.amazonaws.com",
];

/** AWS services that send neither account nor source when they assume a role. */
const withoutSource: readonly string[] = ["ec2.amazonaws.com", "elasticbeanstalk.amazonaws.com"];

/** Rules for IAM. */
export const iamRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "no-administrator",
    types: policyTypes,
    description: "No policy of the program allows every action on every resource.",
    rationale: "An attacker who takes over the role or user controls the whole AWS account.",
    fix: "name the actions and resources that are needed, or attach a policy that does",
    severity: "critical",
    level: "mandatory",
    ids: {
      securityHub: ["IAM.1"],
      cdkNag: ["AwsSolutions-IAM5"],
      checkov: ["CKV_AWS_62", "CKV_AWS_63", "CKV_AWS_274", "CKV_AWS_286"],
    },
    check(policy, { report }) {
      for (const one of policyStatements(policy)) {
        if (one.allow && isForEverything(one) && one.resources.includes("*")) {
          const actions = one.actions.length > 0 ? one.actions : { NotAction: one.notActions };
          report(policy, `must not allow every action on every resource, got ${show(actions)} on "*"`);
        }
      }
      const attached = [...texts(policy.props["policyArn"]), ...texts(policy.props["managedPolicyArns"])];
      const broad = attached.find((arn) => /\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/.test(arn));
      if (broad !== undefined) report(policy, `must not give administrator rights, got ${show(broad)}`);
    },
  },
  {
    scope: "resource",
    name: "no-service-wildcard",
    types: policyTypes,
    description: "Policies name the actions they allow, not all actions of an AWS service.",
    rationale: "Deleting is allowed too, and so is every action that AWS adds to the service later.",
    fix: "name the actions and resources that are needed",
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
          (action) => isWholeService(action) && !list(setting("allowed")).includes(action),
        );
        const anywhere = one.resources.includes("*") ? " on every resource" : "";
        if (one.allow && wild.length > 0) report(policy, `must name its actions, got ${wild.join(", ")}${anywhere}`);
      }
    },
  },
  {
    scope: "resource",
    name: "no-wildcard-resource",
    types: policyTypes,
    description: "Policies name the resources of the actions that AWS can limit to a resource.",
    rationale: "The role of one service can otherwise read or change the data of every other service.",
    fix: "name the resources, or list the action in the rule's setting allowed",
    severity: "high",
    level: "mandatory",
    ids: {
      securityHub: ["IAM.21"],
      cdkNag: ["AwsSolutions-IAM5"],
      checkov: ["CKV_AWS_355", "CKV_AWS_356"],
    },
    settings: {
      allowed: {
        type: "array",
        description: "Actions that may have * as their resource although AWS can limit them.",
        default: [
          "cloudwatch:PutMetricData",
          "ec2:*NetworkInterface",
          "ec2:*PrivateIpAddresses",
          "ssmmessages:*",
          "xray:*",
        ],
      },
    },
    check(policy, { report, setting }) {
      const allowed = texts(setting("allowed"));
      for (const one of policyStatements(policy)) {
        if (!one.allow || !(one.resources.includes("*") || one.notResources.length > 0) || isForEverything(one))
          continue;
        const wide = one.actions.filter(
          (action) =>
            !isWholeService(action) && // no-service-wildcard reports it, with its resources
            !takesNoResource(action) &&
            !allowed.some((pattern) => matches(pattern, action)) &&
            !isConditional(one, action),
        );
        if (wide.length > 0) report(policy, `must name the resources of ${wide.join(", ")}, got "*"`);
      }
    },
  },
  {
    scope: "resource",
    name: "role-trust",
    types: [T.role],
    description: "A role can be assumed only by principals that its trust policy names.",
    rationale: "Any AWS account, or any user of the identity provider, could otherwise take over the role.",
    fix: "name the principals, and for web identities the subject or audience, in assumeRolePolicy",
    severity: "high",
    level: "mandatory",
    ids: { checkov: ["CKV_AWS_60", "CKV_AWS_61", "CKV_AWS_358"] },
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    check(role, { report }) {
      for (const one of statements(role.props["assumeRolePolicy"])) {
        if (!one.allow) continue;
        if (
          (one.notPrincipal || one.principals.some((name) => name === "*" || name === "AWS:*")) &&
          !isNarrowed(one, callerKeys)
        )
          report(role, "must name the principals that may assume it, got *");
        for (const provider of one.principals.filter(isWebIdentity)) {
          if (!namesSubject(one, provider))
            report(
              role,
              `must name the subjects of ${show(provider.slice("Federated:".length))} that may assume it, got none`,
            );
        }
      }
    },
  },
  {
    scope: "resource",
    name: "role-trust-condition",
    types: [T.role],
    description: "The trust policy of a role has no condition that the trusted AWS service cannot meet.",
    rationale: "The AWS service sends no such value, so that it cannot assume the role.",
    fix: "remove aws:SourceAccount and aws:SourceArn from the statement; for Elastic Beanstalk use sts:ExternalId",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/iam-servicerole.html",
    check(role, { report }) {
      for (const one of statements(role.props["assumeRolePolicy"])) {
        const services = servicesOf(one).filter((name) => withoutSource.includes(name));
        if (one.allow && services.length > 0 && hasSource(one))
          report(role, `must not ask ${services.join(", ")} for a source, which it does not send, got aws:Source*`);
      }
    },
  },
  {
    scope: "stack",
    name: "role-trust-source",
    types: [T.role],
    description:
      "A role can be assumed by an AWS service only on behalf of this account, where the service says for which.",
    rationale: "The service could otherwise be made to use the role on behalf of another account.",
    fix: "add a condition on aws:SourceAccount, or sts:ExternalId for Elastic Beanstalk, to assumeRolePolicy",
    severity: "low",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    check(role, { stack, report }) {
      const [service] = servicesWithoutLimit(role);
      if (service === undefined) return;
      // A program that has the condition nowhere gets one finding, and one with it a finding for each role without.
      const roles = stack.of(T.role);
      const without = roles.filter((one) => peek(() => servicesWithoutLimit(one).length > 0) === true);
      const practised = roles.some(
        (one) => peek(() => statements(one.props["assumeRolePolicy"]).some(hasSource)) === true,
      );
      if (!practised && without[0] !== role) return;
      const missing = service === "elasticbeanstalk.amazonaws.com" ? "sts:ExternalId" : "aws:SourceAccount";
      const others = practised || without.length < 2 ? "" : `, nor in ${without.length - 1} other roles`;
      report(role, `must trust ${service} for this account only, got no ${missing}${others}`);
    },
  },
];

/** AWS services that may assume a role on behalf of any account, although they say on whose behalf they act. */
function servicesWithoutLimit(role: Resource): string[] {
  return statements(role.props["assumeRolePolicy"]).flatMap((one) => {
    const hasId = one.conditions.some((key) => key.endsWith("sts:externalid"));
    return servicesOf(one).filter((name) => {
      if (!one.allow) return false;
      return name === "elasticbeanstalk.amazonaws.com" ? !hasId : withSource.includes(name) && !hasSource(one);
    });
  });
}

function isForEverything({ actions, notActions }: Statement): boolean {
  return actions.includes("*") || notActions.length > 0;
}

function isWholeService(action: string): boolean {
  return /^[\w-]+:\*$/.test(action);
}

function isConditional(statement: Statement, action: string): boolean {
  return conditional.some(([name, key]) => name === action && statement.conditions.some((one) => one.includes(key)));
}

function servicesOf({ principals }: Statement): string[] {
  return principals.filter((name) => name.startsWith("Service:")).map((name) => name.slice("Service:".length));
}

function hasSource({ conditions }: Statement): boolean {
  return conditions.some((key) => /aws:source(account|arn|orgid)$/.test(key));
}

/** An OpenID Connect provider; SAML providers are not: their users are those of one directory. */
function isWebIdentity(principal: string): boolean {
  return /^Federated:.*(:oidc-provider\/|amazonaws\.com$|accounts\.google\.com$|graph\.facebook\.com$)/.test(principal);
}

/**
 * Tells whether a statement names whom of a web identity provider it means. The audience of GitHub's tokens is the same
 * for every repository, so that only the subject tells them apart.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
 */
function namesSubject({ condition }: Statement, provider: string): boolean {
  const keys = provider.includes("githubusercontent")
    ? /:(sub|repository|repository_owner)$/i
    : /:(sub|aud|amr|app_id)$/i;
  return Object.values(condition).some((one) =>
    Object.entries(block(one)).some(
      ([key, values]) => keys.test(key) && list(values).every((value) => !/^[*?]*$/.test(text(value))),
    ),
  );
}
