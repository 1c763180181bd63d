import type { Rule } from "../../pack/rule";
import { matches, type Statement } from "../../stack/iam";
import { policyStatements, policyTypes, takesNoResource } from "../../stack/policies-of";
import { list, show, texts } from "../../stack/read";

/** Actions that are narrowed by a condition where the resource cannot be. */
const conditional: readonly (readonly [action: string, key: string])[] = [["sns:Publish", "sns:"]];

/** Rules for policies of IAM. */
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
];

function isForEverything({ actions, notActions }: Statement): boolean {
  return actions.includes("*") || notActions.length > 0;
}

function isWholeService(action: string): boolean {
  return /^[\w-]+:\*$/.test(action);
}

function isConditional(statement: Statement, action: string): boolean {
  return conditional.some(([name, key]) => name === action && statement.conditions.some((one) => one.includes(key)));
}
