import type { PlannedResource } from "../model";
import type { LedgerContext } from "./context";
import type { Purpose } from "./need";

const startOfServers: readonly Purpose[] = ["scale", "replace"];

const serverPurposes: readonly Purpose[] = ["serve", ...startOfServers];
/** An image that a deployment copies from a registry outside. */
export const copiedImage = "docker-build:index:Index";
const profileType = "aws:iam/instanceProfile:InstanceProfile";

/** Inputs that are read when a server, task or function is started, and not by its requests. */
const startKeys =
  /^(image|imageId|imageUri|imageConfig|line|repositoryCredentials|credentialsParameter|secrets|solutionStackName|executionRoleArn|iamInstanceProfile|snapshotId|s3Bucket|s3Key|sourceBundle|version|environmentFiles|launchTemplate|launchTemplateId|amiId|warmPool)$/;

/**
 * Returns what a call is needed for that a resource's inputs name.
 * @param path  names that lead to the input
 * @returns none of them where the call is for people alone: alarms, their topics, access logs
 */
export function purposesOf(
  resource: PlannedResource,
  path: readonly string[],
  context: LedgerContext,
): readonly Purpose[] {
  const { type } = resource;
  const [top = ""] = path;
  if (/^aws:(sns\/topic|cloudwatch\/metricAlarm|cloudwatch\/dashboard|budgets)/.test(type)) return [];
  if (/^(accessLogs|accessLogSettings|connectionLogs|logDestination|accessLogSettings)$/.test(top)) return [];
  if (type.startsWith("aws:ec2/flowLog:") || top === "alarms" || top === "alarmConfiguration") return [];
  if (/^aws:(route53\/healthCheck|arc|route53recovery)/.test(type)) return ["fail over"];
  if (/^aws:(codedeploy|lambda\/invocation|ecr\/lifecyclePolicy|ecr\/repository|acm\/certificate|iam)/.test(type)) {
    return ["deploy"];
  }
  if (/^aws:cognito/.test(type)) return ["sign in"];
  // CloudFront has a copy of it at each of its edges.
  if (top === "viewerCertificate") return ["deploy"];
  const around = context.ancestorsOf(resource);
  if (around.includes("platform:compute:Canary")) return ["deploy"];
  if (around.some((each) => each.startsWith("platform:identity:"))) return ["sign in"];
  if (type === "awsx:ecr:Image" || type === copiedImage) return ["deploy"];
  if (type === "aws:apigatewayv2/authorizer:Authorizer" || path.includes("jwtConfiguration"))
    return ["serve", "sign in"];
  if (/^aws:(appautoscaling|autoscaling\/policy)/.test(type)) return ["scale"];
  // A setting of a variable is read by requests; all else of user data, and of an image, when a server starts.
  if (/^aws:(ec2\/launchTemplate|autoscaling\/group)/.test(type) && !isVariable(path)) return startOfServers;
  return path.some((name) => startKeys.test(name)) ? startOfServers : ["serve"];
}

function isVariable(path: readonly string[]): boolean {
  return path[0] === "userData" && path.at(-1) !== "line";
}

/** Tells whether servers have a role by their profile, which is asked at their start as well as by requests. */
export function isServersRole(role: PlannedResource, context: LedgerContext): boolean {
  const { arn, name } = role.outputs;
  return context.index.ofType(profileType).some(({ inputs }) => inputs["role"] === arn || inputs["role"] === name);
}

/** Returns what the calls that a role may make are needed for. */
export function purposesOfRole(role: PlannedResource, context: LedgerContext): readonly Purpose[] {
  const { arn, name } = role.outputs;
  const uses = (value: unknown) => value === arn || value === name;
  const found = new Set<Purpose>();
  for (const resource of context.graph.resources) {
    const { type, inputs } = resource;
    if (type === "aws:ecs/taskDefinition:TaskDefinition") {
      if (uses(inputs["executionRoleArn"])) for (const each of startOfServers) found.add(each);
      if (uses(inputs["taskRoleArn"])) found.add("serve");
    } else if (type !== "aws:iam/rolePolicy:RolePolicy" && uses(inputs["role"])) {
      const own = type === profileType ? serverPurposes : purposesOf(resource, ["environment"], context);
      for (const each of own) found.add(each);
    }
  }
  if (found.size > 0) return [...found];
  const trust = JSON.stringify(role.inputs["assumeRolePolicy"] ?? "");
  if (/codedeploy\.amazonaws/.test(trust)) return ["deploy"];
  if (/elasticbeanstalk\.amazonaws/.test(trust)) return [...startOfServers, "deploy"];
  if (/vpc-flow-logs|sns\.amazonaws|cloudtrail/.test(trust)) return [];
  if (context.ancestorsOf(role).some((each) => each.startsWith("platform:identity:"))) return ["sign in"];
  return ["serve"];
}
