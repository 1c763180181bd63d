import assert from "node:assert/strict";
import type { Graph, PlannedResource } from "../../graph/model";
import { renderCloudFormation } from "./cloudformation/render";
import { cdkNag } from "./judges";
import { planOf } from "./plans";

const world = { cidrIpv4: "0.0.0.0/0", fromPort: 22, toPort: 22, ipProtocol: "tcp", securityGroupId: "sg-1" };
const without = (key: string) => (inputs: any) => Object.fromEntries(Object.entries(inputs).filter(([k]) => k !== key));
function noBlock(inputs: any) {
  return { ...inputs, blockPublicAcls: false };
}
function noContainerLogs(inputs: any) {
  const [container] = JSON.parse(inputs.containerDefinitions);
  return { ...inputs, containerDefinitions: JSON.stringify([{ ...container, logConfiguration: undefined }]) };
}

describe("peers see through the rendering", () => {
  const rolePolicy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "s3:*", Resource: ["*"] }] });
  const cases: Record<string, [rule: string, type: string, change: (inputs: any) => any]> = {
    "an open port": ["EC23", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", () => world],
    "a wildcard action": ["IAM5", "aws:iam/rolePolicy:RolePolicy", (i) => ({ ...i, policy: rolePolicy })],
    "a bucket that takes plain HTTP": [
      "S10",
      "aws:s3/bucketPolicy:BucketPolicy",
      (i) => ({ ...i, policy: rolePolicy }),
    ],
    "a bucket open to the public": ["S2", "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", noBlock],
    "a VPC without flow logs": ["VPC7", "aws:ec2/flowLog:FlowLog", (i) => ({ ...i, vpcId: "vpc-00000000000000000" })],
    "a table without point-in-time recovery": ["DDB3", "aws:dynamodb/table:Table", without("pointInTimeRecovery")],
    "a balancer without access logs": ["ELB2", "aws:lb/loadBalancer:LoadBalancer", without("accessLogs")],
    "a stage without access logs": ["APIG1", "aws:apigatewayv2/stage:Stage", without("accessLogSettings")],
    "a cluster without insights": ["ECS4", "aws:ecs/cluster:Cluster", without("settings")],
    "a key that does not rotate": ["KMS5", "aws:kms/key:Key", without("enableKeyRotation")],
    "a weak password": ["COG1", "aws:cognito/userPool:UserPool", without("passwordPolicy")],
    "a container without logs": ["ECS7", "aws:ecs/taskDefinition:TaskDefinition", noContainerLogs],
  };
  let sound: Set<string>;
  let faulty: Set<string>;

  // All faults at once, as each is in a type of its own.
  before(async () => {
    const graph = await planOf("dev");
    const changes = new Map(Object.values(cases).map(([, type, change]) => [type, change]));
    const resources = graph.resources.map((one): PlannedResource => {
      const inputs = changes.get(one.type)?.(one.inputs) ?? one.inputs;
      return { ...one, inputs };
    });
    sound = findings(graph);
    faulty = findings({ ...graph, resources });
  });

  for (const [fault, [rule]] of Object.entries(cases)) {
    it(`${fault} is ${rule}`, () => {
      const news = [...faulty].filter((found) => found.startsWith(`${rule} `) && !sound.has(found));
      assert.notDeepEqual(news, []);
    });
  }
});

function findings(graph: Graph): Set<string> {
  const all = cdkNag(renderCloudFormation(graph).templates).filter(({ pack }) => pack === "AwsSolutions");
  return new Set(all.map(({ rule, resource, detail }) => `${rule} ${resource} ${detail}`));
}
