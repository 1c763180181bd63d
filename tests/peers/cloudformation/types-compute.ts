import type { PlannedResource } from "../../../graph/model";
import { pascal } from "./convert";
import {
  absent,
  computed,
  exactly,
  listOf,
  type MappingTable,
  none,
  only,
  pairs,
  part,
  type,
  verbatim,
} from "./mapping";

const waits = absent("how long the provider waits");
const deletes = absent("how the provider deletes");
const arnAndName = (name: string) => ({ arn: "Arn", name });
/** The provider takes these as text. */
const flag = (name: string) => computed(name, (text) => String(text) === "true");

/** What the provider takes as JSON is typed in CloudFormation; options of a log driver are the driver's own. */
function container(value: any): any {
  if (Array.isArray(value)) return value.map(container);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [pascal(key), key === "options" ? item : container(item)]),
  );
}

function launchTemplate({ TagSpecifications, Tags, VersionDescription, ...LaunchTemplateData }: any) {
  return {
    VersionDescription,
    TagSpecifications: [{ ResourceType: "launch-template", Tags }],
    LaunchTemplateData: { ...LaunchTemplateData, TagSpecifications },
  };
}

/** A published version is a resource of its own, and so is what an alias points at. */
const version = (_: unknown, { inputs }: PlannedResource, logicalId: string) =>
  inputs["publish"]
    ? { Version: { Type: "AWS::Lambda::Version", Properties: { FunctionName: { Ref: logicalId } } } }
    : ({} as Record<string, never>);

/** Servers, containers, functions and their deployment. */
export const computeMappings: MappingTable = {
  "aws:codedeploy/application:Application": type("AWS::CodeDeploy::Application", {}, { attributes: {} }),
  "aws:codedeploy/deploymentGroup:DeploymentGroup": type(
    "AWS::CodeDeploy::DeploymentGroup",
    {
      appName: "ApplicationName",
      "alarmConfiguration.alarms": computed("Alarms", (names: string[]) => names.map((Name) => ({ Name }))),
    },
    { ref: "deploymentGroupName", attributes: {} },
  ),
  "aws:ec2/launchTemplate:LaunchTemplate": type(
    "AWS::EC2::LaunchTemplate",
    {
      "blockDeviceMappings.ebs.deleteOnTermination": flag("DeleteOnTermination"),
      "blockDeviceMappings.ebs.encrypted": flag("Encrypted"),
      description: "VersionDescription",
      "networkInterfaces.associatePublicIpAddress": flag("AssociatePublicIpAddress"),
      "networkInterfaces.deleteOnTermination": flag("DeleteOnTermination"),
      "networkInterfaces.securityGroups": "Groups",
      "tagSpecifications.tags": computed("Tags", (tags) => pairs(tags)),
      updateDefaultVersion: absent("CloudFormation has its own latest version"),
    },
    { attributes: {}, finish: launchTemplate },
  ),
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": part("aws:ecr/repository:Repository", "repository", "name", {
    policy: "LifecyclePolicy.LifecyclePolicyText",
  }),
  "aws:ecr/repository:Repository": type(
    "AWS::ECR::Repository",
    { encryptionConfigurations: only("EncryptionConfiguration"), forceDelete: "EmptyOnDelete" },
    { attributes: { arn: "Arn", repositoryUrl: "RepositoryUri" } },
  ),
  "aws:ecs/cluster:Cluster": type("AWS::ECS::Cluster", { settings: "ClusterSettings" }, { ref: "name" }),
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": type(
    "AWS::ECS::ClusterCapacityProviderAssociations",
    { clusterName: "Cluster", defaultCapacityProviderStrategies: "DefaultCapacityProviderStrategy" },
    { ref: "none" },
  ),
  "aws:ecs/service:Service": type(
    "AWS::ECS::Service",
    {
      alarms: "DeploymentConfiguration.Alarms",
      capacityProviderStrategies: "CapacityProviderStrategy",
      deploymentCircuitBreaker: "DeploymentConfiguration.DeploymentCircuitBreaker",
      deploymentMaximumPercent: "DeploymentConfiguration.MaximumPercent",
      deploymentMinimumHealthyPercent: "DeploymentConfiguration.MinimumHealthyPercent",
      enableEcsManagedTags: "EnableECSManagedTags",
      forceNewDeployment: absent("an order to the provider"),
      name: "ServiceName",
      networkConfiguration: "NetworkConfiguration.AwsvpcConfiguration",
      "networkConfiguration.assignPublicIp": computed("AssignPublicIp", (yes) => (yes ? "ENABLED" : "DISABLED")),
      serviceRegistries: listOf("ServiceRegistries"),
      waitForSteadyState: waits,
    },
    { attributes: arnAndName("Name") },
  ),
  "aws:ecs/taskDefinition:TaskDefinition": type(
    "AWS::ECS::TaskDefinition",
    {
      containerDefinitions: computed("ContainerDefinitions", (text) => container(JSON.parse(text))),
      skipDestroy: deletes,
    },
    { ref: "arn", attributes: {} },
  ),
  "aws:elasticbeanstalk/application:Application": type(
    "AWS::ElasticBeanstalk::Application",
    {
      appversionLifecycle: "ResourceLifecycleConfig",
      "appversionLifecycle.deleteSourceFromS3": "VersionLifecycleConfig.MaxCountRule.DeleteSourceFromS3",
      "appversionLifecycle.maxCount": "VersionLifecycleConfig.MaxCountRule.MaxCount",
      tags: none,
    },
    { attributes: {} },
  ),
  "aws:elasticbeanstalk/applicationVersion:ApplicationVersion": type(
    "AWS::ElasticBeanstalk::ApplicationVersion",
    {
      application: "ApplicationName",
      bucket: "SourceBundle.S3Bucket",
      key: "SourceBundle.S3Key",
      name: absent("CloudFormation makes the label up"),
      tags: none,
    },
    { attributes: {} },
  ),
  "aws:elasticbeanstalk/environment:Environment": type(
    "AWS::ElasticBeanstalk::Environment",
    {
      application: "ApplicationName",
      settings: "OptionSettings",
      "settings.name": "OptionName",
      "settings.resource": computed("ResourceName", (name) => name || undefined),
      tier: computed("Tier", (Name) => ({ Name, Type: "Standard" })),
      version: "VersionLabel",
      waitForReadyTimeout: waits,
    },
    { ref: "name", attributes: {} },
  ),
  "aws:lambda/alias:Alias": type("AWS::Lambda::Alias", {}, { ref: "arn", attributes: {} }),
  "aws:lambda/function:Function": type(
    "AWS::Lambda::Function",
    {
      // The provider uploads the folder by itself; CloudFormation takes an object.
      code: computed("Code", (code) => ({ S3Bucket: "artifacts", S3Key: `${exactly(code, "archive").archive}.zip` })),
      "environment.variables": verbatim("Variables"),
      publish: absent("a resource of its own"),
      replaceSecurityGroupsOnDestroy: absent("how the provider deletes"),
      replacementSecurityGroupIds: absent("how the provider deletes"),
    },
    { more: version },
  ),
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": type("AWS::Lambda::EventInvokeConfig"),
  "aws:lambda/invocation:Invocation": { kind: "absent", reason: "a call, not a thing" },
  "aws:lambda/permission:Permission": type(
    "AWS::Lambda::Permission",
    { function: "FunctionName", qualifier: absent("part of the function's name, see the last step") },
    {
      finish: (properties, { inputs: { qualifier } }) =>
        qualifier === undefined
          ? properties
          : { ...properties, FunctionName: `${properties.FunctionName}:${qualifier}` },
    },
  ),
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": {
    kind: "part",
    of: "aws:lambda/alias:Alias",
    matches: ({ inputs }, alias) =>
      inputs["functionName"] === alias.inputs["functionName"] && inputs["qualifier"] === alias.inputs["name"],
    fields: {
      functionName: absent("names the whole"),
      provisionedConcurrentExecutions: "ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions",
      qualifier: absent("names the whole"),
    },
  },
  "aws:scheduler/schedule:Schedule": type("AWS::Scheduler::Schedule", { tags: none }, { attributes: { arn: "Arn" } }),
  "aws:scheduler/scheduleGroup:ScheduleGroup": type(
    "AWS::Scheduler::ScheduleGroup",
    {},
    { attributes: { arn: "Arn" } },
  ),
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": type("AWS::ServiceDiscovery::PrivateDnsNamespace"),
  "aws:servicediscovery/service:Service": type("AWS::ServiceDiscovery::Service", {
    "dnsConfig.dnsRecords.ttl": "TTL",
    forceDestroy: deletes,
  }),
  "awsx:ecr:Image": { kind: "absent", reason: "a build; the task names the image" },
};
