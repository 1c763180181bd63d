import { parse } from "yaml";
import type { PlannedResource } from "../../../graph/model";
import type { PatternName } from "../../../infra/compute/registry";
import { region, type ServicePlan } from "./fixture";

/** Options of the only Beanstalk environment, as `<namespace> <name>`. */
export const settingsOf = (plan: ServicePlan): Record<string, string> =>
  Object.fromEntries(
    plan
      .inputs("aws:elasticbeanstalk/environment:Environment")
      ["settings"].map((setting: any) => [`${setting.namespace} ${setting.name}`, setting.value]),
  );

/** Where each pattern keeps its fewest and most servers, the subnets they run in, and the environment they see. */
export const readers: Record<
  PatternName,
  (plan: ServicePlan) => { min?: number; max?: number; zones?: string[]; env: Record<string, string> }
> = {
  ec2: (plan) => {
    const group = plan.inputs("aws:autoscaling/group:Group");
    const text = Buffer.from(plan.inputs("aws:ec2/launchTemplate:LaunchTemplate")["userData"], "base64").toString();
    const file = parse(text).write_files.find(({ path }: any) => path === "/etc/platform/food-store.env");
    const env = Object.fromEntries(
      file.content
        .trim()
        .split("\n")
        .map((line: string) => line.split("=")),
    );
    return { min: group["minSize"], max: group["maxSize"], zones: group["vpcZoneIdentifiers"], env };
  },
  ecs: (plan) => {
    const target = plan.inputs("aws:appautoscaling/target:Target");
    const [container] = JSON.parse(plan.inputs("aws:ecs/taskDefinition:TaskDefinition")["containerDefinitions"]);
    const zones = plan.inputs("aws:ecs/service:Service")["networkConfiguration"].subnets;
    const env = Object.fromEntries(container.environment.map(({ name, value }: any) => [name, value]));
    return { min: target["minCapacity"], max: target["maxCapacity"], zones, env };
  },
  beanstalk: (plan) => {
    const settings = settingsOf(plan);
    const prefix = "aws:elasticbeanstalk:application:environment ";
    const env = Object.entries(settings).filter(([key]) => key.startsWith(prefix));
    return {
      min: Number(settings["aws:autoscaling:asg MinSize"]),
      max: Number(settings["aws:autoscaling:asg MaxSize"]),
      zones: settings["aws:ec2:vpc Subnets"]?.split(",") ?? [],
      env: Object.fromEntries(env.map(([key, value]) => [key.slice(prefix.length), value])),
    };
  },
  // A function has no servers: Lambda itself spans the zones.
  lambda: (plan) => ({
    env: plan.named("aws:lambda/function:Function", `${region}-food-store-function`)["environment"].variables,
  }),
};

/** Where each pattern keeps how many servers run, and who may change it later. */
export const counts: Record<PatternName, [type: string, property: string][]> = {
  ec2: [["aws:autoscaling/group:Group", "desiredCapacity"]],
  ecs: [["aws:ecs/service:Service", "desiredCount"]],
  beanstalk: [["aws:elasticbeanstalk/environment:Environment", "solutionStackName"]],
  lambda: [
    ["aws:lambda/alias:Alias", "functionVersion"],
    ["aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig", "provisionedConcurrentExecutions"],
  ],
};

/** What AWS gives no tags. */
export const untaggable = new Set([
  "aws:appautoscaling/policy:Policy",
  "aws:autoscaling/policy:Policy",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:lambda/alias:Alias",
  "aws:lambda/invocation:Invocation",
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
]);

/** Actions IAM cannot limit to a resource. */
export const unlimited = /^(ecr:GetAuthorizationToken|logs:DescribeLogGroups|xray:(Put|GetSampling)|ssmmessages:)/;

export const statementsOf = (resources: readonly PlannedResource[]) =>
  resources
    .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")
    .flatMap(({ inputs }) => JSON.parse(inputs["policy"]).Statement)
    .map(({ Action, Resource, ...rest }: any) => ({ ...rest, Action: [Action].flat(), Resource: [Resource].flat() }));

export const ofType = (resources: readonly PlannedResource[], type: string) =>
  resources.filter((resource) => resource.type === type);
