import type { Rule } from "../../pack/rule";
import { isLimited, matches, type Statement, statements } from "../../stack/iam";
import { isBoundary, policyStatements, policyTypes, takesNoResource } from "../../stack/policies-of";
import { flatTexts, list, show, texts } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";

/** Actions that are narrowed by a condition where the resource cannot be. */
const conditional: readonly (readonly [action: string, key: string])[] = [
  ["iam:CreateServiceLinkedRole", "iam:awsservicename"],
  ["sns:Publish", "sns:"],
];

/** Actions that read what an account has and how it is set up, and no data. */
const READS =
  /^[\w-]+:(Describe|List|Get|BatchGet|BatchCheck|View|Search|Lookup|Check|Generate[A-Z]\w*(Details|Report))/i;

/** Actions that begin as those do, and read data or secrets. */
const contents: readonly string[] = [
  ...["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:GetRecords", "kinesis:GetRecords"],
  ...["s3:GetObject", "secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue"],
  ...["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "ssm:GetParameterHistory"],
  ...["redshift:GetClusterCredentials", "rds-db:connect", "cognito-identity:GetCredentialsForIdentity"],
];

/** Services whose actions, all together, are about logs, metrics and traces. */
const observing: readonly string[] = ["cloudwatch:*", "logs:*", "xray:*"];

/** Actions that change nothing which another part of the account relies on: they send, call a model, or empty a cache. */
const mild: readonly string[] = [
  ...["bedrock:InvokeModel*", "cloudfront:CreateInvalidation", "ses:Send*", "sns:Publish"],
  ...["logs:*Log*", "cloudwatch:Put*", "events:PutEvents"],
];

/** Rules for policies of IAM. */
export const iamRules: readonly Rule[] = [
  {
    scope: "stack",
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
    check(policy, { stack, report, advise }) {
      if (isBoundary(policy, stack)) return;
      for (const one of policyStatements(policy)) {
        if (one.allow && isForEverything(one) && one.resources.includes("*") && !isLimited(one)) {
          const actions = one.actions.length > 0 ? one.actions : { NotAction: one.notActions };
          // People are in a group, and the group of an account's administrators is one on purpose.
          const say = policy.type === "aws:iam/groupPolicy:GroupPolicy" ? advise : report;
          say(policy, `must not allow every action on every resource, got ${show(actions)} on "*"`);
        }
      }
      const attached = [...texts(policy.props["policyArn"]), ...texts(policy.props["managedPolicyArns"])];
      const broad = attached.find((arn) => /\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/.test(arn));
      if (broad !== undefined)
        report(
          policy,
          `must not give administrator rights, got ${show(broad)}`,
          `attach a policy that names the needed actions and resources instead of ${broad.split("/").pop()}`,
        );
    },
  },
  {
    scope: "stack",
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
    check(policy, { stack, report, advise, setting }) {
      if (isBoundary(policy, stack)) return;
      for (const one of policyStatements(policy)) {
        const wild = one.actions.filter(
          (action) => isWholeService(action) && !list(setting("allowed")).includes(action),
        );
        const isEverything = one.resources.includes("*") && !isLimited(one);
        const isAnywhere = isEverything || (one.notResources.length > 0 && !isLimited(one));
        const anywhere = isEverything ? " on every resource" : "";
        // On resources that are named, such as a bucket of the program, whole services are few rights more than needed.
        const say = isAnywhere && !wild.every((action) => observing.includes(action)) ? report : advise;
        if (one.allow && wild.length > 0)
          say(
            policy,
            `must name the actions that it allows, got ${wild.join(", ")}${anywhere}`,
            `name the needed actions instead of ${wild.join(", ")}${isEverything ? ', and their resources instead of "*"' : ""}`,
          );
      }
    },
  },
  {
    scope: "stack",
    name: "no-wildcard-resource",
    types: policyTypes,
    description:
      "Policies name the resources of the actions that AWS can limit to a resource, or limit them by a condition.",
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
          // What AWS's own policies for functions and tasks allow on every resource.
          "logs:CreateLogGroup",
          "logs:CreateLogStream",
          "logs:DescribeLogStreams",
          "logs:PutLogEvents",
          "ssmmessages:*",
          "xray:*",
        ],
      },
    },
    check(policy, { stack, report, advise, setting }) {
      if (isBoundary(policy, stack)) return;
      const allowed = texts(setting("allowed"));
      for (const one of policyStatements(policy)) {
        if (!one.allow || !(one.resources.includes("*") || one.notResources.length > 0) || isForEverything(one))
          continue;
        if (isLimited(one)) continue;
        const wide = one.actions.filter(
          (action) =>
            !isWholeService(action) && // no-service-wildcard reports it, with its resources
            !takesNoResource(action) &&
            !allowed.some((pattern) => matches(pattern, action)) &&
            !isConditional(one, action),
        );
        // A role that only a named service can be given is a limit, though a wide one.
        const isPassed = wide.every((action) => action === "iam:PassRole") && names(one, "iam:passedtoservice");
        const say = wide.every(isMild) || isPassed || isForVendor(policy, stack) ? advise : report;
        if (wide.length > 0)
          say(
            policy,
            `must name the resources of ${wide.join(", ")}, got "*"`,
            `set Resource of the statement to the ARNs that it is for, or list the ${wide.length === 1 ? "action" : "actions"} in the rule's setting allowed`,
          );
      }
    },
  },
];

function isForEverything({ actions, notActions }: Statement): boolean {
  return actions.includes("*") || notActions.length > 0;
}

function isWholeService(action: string): boolean {
  return /^[\w-]+:\*$/.test(action);
}

/** Tells whether an action on every resource, which a pattern may stand for, neither reads data nor changes anything. */
function isMild(action: string): boolean {
  if (mild.some((pattern) => matches(pattern, action))) return !/:.*Delete/i.test(action);
  return READS.test(action) && !contents.some((one) => matches(action, one));
}

/** Accounts of Kubernetes that controllers run as: their projects publish the policies that they need. */
const controllers = /^system:serviceaccount:(kube-system|karpenter|cert-manager|external-dns|external-secrets):/;

/**
 * Whether a policy has the rights that someone else publishes: it is of a role that another company assumes by an external
 * id, or a controller of a cluster.
 */
function isForVendor(policy: Resource, stack: Stack): boolean {
  const isAssumedByVendor = (role: Resource) =>
    statements(role.props["assumeRolePolicy"]).some(
      (one) =>
        one.conditions.some((key) => /sts:externalid$/.test(key)) ||
        flatTexts(one.condition).some((value) => controllers.test(value)),
    );
  return rolesOf(policy, stack).some((role) => peek(() => isAssumedByVendor(role)) === true);
}

/** Roles of the program that a policy is part of, or attached to. */
function rolesOf(policy: Resource, stack: Stack): readonly Resource[] {
  if (policy.type === T.role) return [policy];
  const attached = stack.referrers(policy, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "policyArn");
  return [policy, ...attached].flatMap((one) => stack.targets(one, "role", T.role));
}

function isConditional(statement: Statement, action: string): boolean {
  return conditional.some(([name, key]) => name === action && names(statement, key));
}

function names({ conditions }: Statement, key: string): boolean {
  return conditions.some((one) => one.includes(` ${key}`));
}
