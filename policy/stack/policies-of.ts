import { actionsWithoutResource } from "./actions-without-resource";
import { deniesPlain, type Statement, statements } from "./iam";
import { block, blocks } from "./read";
import type { Resource } from "./resource";
import type { Stack } from "./stack";
import { T } from "./types";
import { peek } from "./unknown";

/** Resources that give permissions to a role, a user or a group. */
export const policyTypes: readonly string[] = [
  "aws:iam/policy:Policy",
  T.rolePolicy,
  T.role,
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
];

/** Returns the statements that a policy, or a role by its inline policies, gives. */
export function policyStatements({ type, props }: Resource): Statement[] {
  if (type !== T.role) return statements(props["policy"]);
  return blocks(props["inlinePolicies"]).flatMap((one) => statements(block(one)["policy"]));
}

/** What gives a policy to a role, user or group, with the property that names the policy. */
const attachments: readonly (readonly [type: string, path: string])[] = [
  ["aws:iam/groupPolicyAttachment:GroupPolicyAttachment", "policyArn"],
  ["aws:iam/policyAttachment:PolicyAttachment", "policyArn"],
  ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", "policyArn"],
  ["aws:iam/userPolicyAttachment:UserPolicyAttachment", "policyArn"],
  [T.role, "managedPolicyArns"],
];

/**
 * Tells whether a policy is only the boundary of roles and users: it gives no permission, and limits what others give.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function isBoundary(policy: Resource, stack: Stack): boolean {
  const bounds = [T.role, "aws:iam/user:User"].some(
    (type) => stack.referrers(policy, type, "permissionsBoundary").length > 0,
  );
  return bounds && !attachments.some(([type, path]) => stack.referrers(policy, type, path).length > 0);
}

/** Actions with a resource that calls leave out, such as a list of terms: a policy that names one refuses those calls. */
const withOptionalResource: readonly string[] = [
  "polly:synthesizespeech",
  "translate:translatedocument",
  "translate:translatetext",
];

/**
 * Tells whether AWS can limit no action that a pattern means to a resource, so that `*` is all a policy can say.
 * @param action  `ec2:DescribeVpcs`, `ec2:Describe*`, or an action and those that add to its name: `ec2:DescribeVpcs*`
 */
export function takesNoResource(action: string): boolean {
  if (withOptionalResource.includes(action.toLowerCase())) return true;
  const [service = "", name = ""] = action.toLowerCase().split(":");
  if (name === "" || !Object.keys(actionsWithoutResource).includes(service)) return false;
  return (actionsWithoutResource[service] ?? "").split(" ").some((one) => {
    const known = one.toLowerCase();
    return known.endsWith("*") ? name.startsWith(known.slice(0, -1)) : known === name;
  });
}

/** Tells whether the program denies requests without TLS anywhere, on a bucket, a queue or a topic. */
export function refusesPlain(stack: Stack): boolean {
  return stack.memo("requests without TLS are denied", () =>
    stack
      .of(
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:sqs/queue:Queue",
        "aws:sqs/queuePolicy:QueuePolicy",
        "aws:sns/topic:Topic",
        "aws:sns/topicPolicy:TopicPolicy",
      )
      .some((one) => peek(() => statements(one.props["policy"]).some(deniesPlain)) === true),
  );
}

/** Resources worth a tag: they cost money or keep data. */
export const taggable: readonly string[] = [
  T.bucket,
  T.cacheGroup,
  T.dbCluster,
  "aws:rds/instance:Instance",
  T.ecsService,
  T.function,
  T.loadBalancer,
  T.natGateway,
  T.search,
  T.table,
  T.userPool,
  T.vpc,
];
