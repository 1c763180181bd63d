import assert from "node:assert/strict";
import type { GraphIndex, PlannedResource } from "../../graph/model";
import { patternNames } from "../../infra/compute/registry";
import { declaredInputs } from "./declarations";
import { environments, planned, replanned } from "./plans";

/** Where a type that is not named by `name` has its name. */
const nameProperties: Record<string, string> = {
  "aws:apigatewayv2/domainName:DomainName": "domainName",
  "aws:codedeploy/deploymentGroup:DeploymentGroup": "deploymentGroupName",
  "aws:cognito/resourceServer:ResourceServer": "identifier",
  "aws:cognito/userGroup:UserGroup": "what people are put into by name; unique in its pool",
  "aws:cognito/userPoolDomain:UserPoolDomain": "domain",
  "aws:ecs/taskDefinition:TaskDefinition": "family",
  "aws:s3/bucket:Bucket": "bucket",
};

/** The input that names the thing in AWS; unset for types that AWS numbers. */
function nameProperty(type: string): string | undefined {
  return nameProperties[type] ?? (declaredInputs(type).has("name") ? "name" : undefined);
}

/**
 * Names that the program fixes. A fixed name makes a replacement fail, as the new one is made first, unless AWS lets
 * two exist: in different parents, as revisions, or by contents.
 */
const fixedNames: Record<string, string> = {
  "aws:apigatewayv2/authorizer:Authorizer": "unique in its API; all but the API changes in place",
  "aws:apigatewayv2/domainName:DomainName": "is the DNS name; nothing else replaces it",
  "aws:apigatewayv2/stage:Stage": "the default stage of its API; nothing else replaces it",
  "aws:cloudwatch/logGroup:LogGroup": "where API Gateway writes of a stage, by the id of its API",
  "aws:codedeploy/deploymentGroup:DeploymentGroup": "unique in its application, which it has to itself",
  "aws:cognito/resourceServer:ResourceServer": "prefix of the scopes; unique in its pool",
  "aws:cognito/userPoolDomain:UserPoolDomain": "unique in AWS; made anew with a new pool only, which is protected",
  "aws:ecs/service:Service": "unique in its cluster, which it has to itself",
  "aws:ecs/taskDefinition:TaskDefinition": "a new one is a revision of the same family",
  "aws:elasticbeanstalk/applicationVersion:ApplicationVersion": "says its contents, within its application",
  "aws:lambda/alias:Alias": "unique in its function; moved in place",
  "aws:route53/record:Record": "is the DNS name; two of them differ by type or set identifier",
  "aws:route53/zone:Zone": "is the DNS name; AWS allows two zones of one name",
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": "is the DNS name; unique in its VPC",
  "aws:servicediscovery/service:Service": "is a DNS label; unique in its namespace",
};

/** Longest names AWS accepts, from the API reference of each. */
const limits: Record<string, number> = {
  // AWS documents none; this is the limit of HTTP APIs.
  "aws:apigateway/restApi:RestApi": 128,
  "aws:apigatewayv2/api:Api": 128,
  "aws:apigatewayv2/vpcLink:VpcLink": 128,
  "aws:appautoscaling/policy:Policy": 256,
  "aws:autoscaling/group:Group": 255,
  "aws:autoscaling/policy:Policy": 255,
  "aws:cloudfront/function:Function": 64,
  "aws:cloudfront/originAccessControl:OriginAccessControl": 64,
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": 128,
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": 60,
  "aws:cloudwatch/logDeliverySource:LogDeliverySource": 60,
  "aws:cloudwatch/logGroup:LogGroup": 512,
  "aws:cloudwatch/metricAlarm:MetricAlarm": 255,
  "aws:codedeploy/application:Application": 100,
  "aws:cognito/userGroup:UserGroup": 128,
  "aws:cognito/userPool:UserPool": 128,
  "aws:cognito/userPoolClient:UserPoolClient": 128,
  "aws:dynamodb/table:Table": 255,
  "aws:ec2/launchTemplate:LaunchTemplate": 128,
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": 512,
  "aws:ec2/securityGroup:SecurityGroup": 255,
  "aws:ecr/repository:Repository": 256,
  "aws:ecs/cluster:Cluster": 255,
  "aws:elasticbeanstalk/application:Application": 100,
  "aws:elasticbeanstalk/environment:Environment": 40,
  "aws:iam/instanceProfile:InstanceProfile": 128,
  "aws:iam/role:Role": 64,
  "aws:iam/rolePolicy:RolePolicy": 128,
  "aws:lambda/function:Function": 64,
  "aws:lb/loadBalancer:LoadBalancer": 32,
  "aws:lb/targetGroup:TargetGroup": 32,
  "aws:s3/bucket:Bucket": 63,
  "aws:pipes/pipe:Pipe": 64,
  "aws:scheduler/schedule:Schedule": 64,
  "aws:scheduler/scheduleGroup:ScheduleGroup": 64,
  "aws:sns/topic:Topic": 256,
  "aws:sqs/queue:Queue": 80,
};

/** A hyphen and seven hex digits, which the provider adds. */
const suffixLength = 8;
const ofAws = ({ type }: PlannedResource) => type.startsWith("aws:");

for (const environment of environments) {
  describe(`names of ${environment}`, () => {
    it("are fixed only where AWS can have two, or where nothing replaces the resource", async () => {
      const { graph } = await planned(environment);
      const fixed = graph.resources.filter((resource) => {
        const property = ofAws(resource) ? nameProperty(resource.type) : undefined;
        return property !== undefined && resource.inputs[property] !== undefined;
      });
      assert.deepEqual([...new Set(fixed.map(({ type }) => type))].sort(), Object.keys(fixedNames).sort());
    });
  });
}

describe("names in the longest region", () => {
  const region = "ap-southeast-1";
  for (const pattern of patternNames) {
    it(`fit AWS's limits with the provider's suffix, every service under ${pattern}`, async () => {
      const plan = await replanned("dev", (config) => {
        config.regions[0].zones = config.regions[0].zones.map((zone: string) => `${region}${zone.slice(-1)}`);
        config.regions[0].name = region;
        for (const service of Object.values<any>(config.services)) {
          service.pattern = pattern;
          service.ecs.ingress = "alb";
        }
      });
      const named = plan.graph.resources.filter((resource) => {
        const property = ofAws(resource) ? nameProperty(resource.type) : undefined;
        return property !== undefined && resource.inputs[property] === undefined;
      });
      assert.ok(named.length > 40);
      for (const { type, name } of named) {
        const limit = limits[type] ?? assert.fail(`the limit of ${type} is not known; look it up`);
        assert.ok(name.length + suffixLength <= limit, `${type} "${name}" has more than ${limit - suffixLength}`);
        assert.match(name, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      }
      assertUnique(plan);
    });
  }
});

/** Two things of a type with one name would be one thing in AWS. */
function assertUnique({ graph }: GraphIndex): void {
  const keys = graph.resources.filter(ofAws).map(({ type, name }) => `${type} ${name}`);
  assert.equal(new Set(keys).size, keys.length);
}
