import type { Rule } from "../../pack/rule";
import { callerKeys, isNarrowed, type Statement, statements } from "../../stack/iam";
import { block, list, show, text } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";

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
  "fis.amazonaws.com",
  "logs.amazonaws.com",
  "monitoring.rds.amazonaws.com",
  "pipes.amazonaws.com",
  "rds.amazonaws.com",
  "scheduler.amazonaws.com",
  "states.amazonaws.com",
  "vpc-flow-logs.amazonaws.com",
];

/**
 * AWS services that send an external id: Beanstalk its own, Firehose the id of the account that the stream is in.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
 */
const byExternalId: readonly string[] = ["elasticbeanstalk.amazonaws.com", "firehose.amazonaws.com"];

/** AWS services that send neither account nor source when they assume a role. */
const withoutSource: readonly string[] = ["ec2.amazonaws.com", "elasticbeanstalk.amazonaws.com"];

/** Rules for who may assume roles of IAM. */
export const iamRolesRules: readonly Rule[] = [
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
          report(
            role,
            'must name the principals that may assume it, got Principal "*"',
            "set Principal in assumeRolePolicy to the accounts, roles or services that assume the role",
          );
        for (const provider of one.principals.filter(isWebIdentity)) {
          if (!namesSubject(one, provider))
            report(
              role,
              `must name the subjects of ${show(provider.slice("Federated:".length))} that may assume it, got none`,
              "add a condition on the subject, such as StringLike token.actions.githubusercontent.com:sub with the repository, to assumeRolePolicy",
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
    fix: "remove aws:SourceAccount and aws:SourceArn from the statement, and for Elastic Beanstalk use sts:ExternalId",
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
      const { without, practised } = trustsOf(stack);
      if (!practised && without[0] !== role) return;
      const missing = service === "elasticbeanstalk.amazonaws.com" ? "sts:ExternalId" : "aws:SourceAccount";
      const others = practised || without.length < 2 ? "" : `, nor in ${without.length - 1} other roles`;
      report(
        role,
        `must trust ${service} for this account only, got no ${missing}${others}`,
        `add a condition on ${missing} to the statement for ${service} in assumeRolePolicy`,
      );
    },
  },
];

/** Roles that lack the condition, and whether another role of the program has it. */
function trustsOf(stack: Stack): { readonly without: readonly Resource[]; readonly practised: boolean } {
  return stack.memo("trust of roles", () => {
    const roles = stack.of(T.role);
    const has = (test: (role: Resource) => boolean) => (role: Resource) => peek(() => test(role)) === true;
    return {
      without: roles.filter(has((role) => servicesWithoutLimit(role).length > 0)),
      practised: roles.some(has((role) => statements(role.props["assumeRolePolicy"]).some(hasSource))),
    };
  });
}

/** AWS services that may assume a role on behalf of any account, although they say on whose behalf they act. */
function servicesWithoutLimit(role: Resource): string[] {
  return statements(role.props["assumeRolePolicy"]).flatMap((one) => {
    const hasId = one.conditions.some((key) => key.endsWith("sts:externalid"));
    return servicesOf(one).filter((name) => {
      if (!one.allow) return false;
      if (hasId && byExternalId.includes(name)) return false;
      return name === "elasticbeanstalk.amazonaws.com" || (withSource.includes(name) && !hasSource(one));
    });
  });
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
