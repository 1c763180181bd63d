import type { Draft } from "../helpers";
import { type Default, redundant } from "./default";

const WORLD = "0.0.0.0/0";
const listener = (source: object): Draft => ({
  door: [
    "aws:ec2/securityGroup:SecurityGroup",
    { ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, ...source }] },
  ],
  front: ["aws:lb/loadBalancer:LoadBalancer", { securityGroups: ["@{door}"] }],
  plain: ["aws:lb/listener:Listener", { loadBalancerArn: "@{front}", protocol: "HTTP", port: 80 }],
});
const udp = (fromPort: number, toPort: number): Draft => ({
  door: [
    "aws:ec2/securityGroup:SecurityGroup",
    { ingress: [{ protocol: "udp", fromPort, toPort, cidrBlocks: [WORLD] }] },
  ],
});
const controller = (account: string): Draft => ({
  role: [
    "aws:iam/role:Role",
    {
      assumeRolePolicy: {
        Statement: [
          {
            Effect: "Allow",
            Action: "sts:AssumeRoleWithWebIdentity",
            Principal: { Federated: "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1" },
            Condition: { StringEquals: { "oidc.eks.eu-west-1.amazonaws.com/id/A1:sub": account } },
          },
        ],
      },
    },
  ],
  rights: [
    "aws:iam/policy:Policy",
    { policy: { Statement: [{ Effect: "Allow", Action: ["ec2:CreateSecurityGroup"], Resource: "*" }] } },
  ],
  join: ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", { role: "@{role}", policyArn: "@{rights.arn}" }],
});
const topic = (principal: unknown): Draft => ({
  news: ["aws:sns/topic:Topic"],
  rights: [
    "aws:sns/topicPolicy:TopicPolicy",
    {
      arn: "@{news.arn}",
      policy: {
        Statement: [{ Effect: "Allow", Principal: principal, Action: "sns:Publish", Resource: "@{news.arn}" }],
      },
    },
  ],
});
const alarm: Draft = { alarm: ["aws:cloudwatch/metricAlarm:MetricAlarm", { alarmActions: ["arn:aws:sns:x"] }] };
const zone: Draft = { ...alarm, zone: ["aws:route53/zone:Zone", { name: "example.com" }] };
const guests: Draft = { guests: ["aws:cognito/identityPool:IdentityPool", { allowUnauthenticatedIdentities: true }] };
const names: Draft = { names: ["aws:servicediscovery/service:Service", { name: "orders" }] };
const served: Draft = { front: ["aws:lb/loadBalancer:LoadBalancer"] };
const container = (healthCheck: object): Draft => ({
  ...served,
  ...alarm,
  tasks: ["aws:ecs/service:Service", { desiredCount: 2 }],
  task: ["aws:ecs/taskDefinition:TaskDefinition", { containerDefinitions: [{ name: "web", healthCheck }] }],
});
const reads = (path: string): Draft => ({
  files: ["aws:s3/bucket:Bucket"],
  rights: [
    "aws:s3/bucketPolicy:BucketPolicy",
    {
      bucket: "@{files}",
      policy: {
        Statement: [
          { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::files/${path}` },
        ],
      },
    },
  ],
});
const zoned = (letter: string): Draft => ({
  [letter]: ["aws:ec2/subnet:Subnet", { vpcId: "@{net}", availabilityZone: `eu-west-1${letter}` }],
  [`table-${letter}`]: [
    "aws:ec2/routeTable:RouteTable",
    { vpcId: "@{net}", routes: [{ cidrBlock: WORLD, natGatewayId: "@{nat}" }] },
  ],
  [`join-${letter}`]: [
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    { subnetId: `@{${letter}}`, routeTableId: `@{table-${letter}}` },
  ],
});
const oneNat: Draft = {
  ...alarm,
  tasks: ["aws:ecs/service:Service", { desiredCount: 2 }],
  net: ["aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }],
  nat: ["aws:ec2/natGateway:NatGateway", { subnetId: "@{a}" }],
  ...zoned("a"),
  ...zoned("b"),
};
const retries = (variables: object): Draft => ({
  work: ["aws:lambda/function:Function", { environment: { variables } }],
});

/** What readers of public programs called noise, and what a change to one of the programs must still report. */
export const correctedDefaults: Readonly<Record<string, Default>> = {
  "a balancer that admits named addresses only": {
    rule: "listener-encrypted",
    low: listener({ prefixListIds: ["pl-1"] }),
    reported: {
      "a balancer that admits the internet": listener({ cidrBlocks: [WORLD] }),
      "a balancer with a group of another program": {
        front: ["aws:lb/loadBalancer:LoadBalancer", { securityGroups: ["sg-1"] }],
        plain: ["aws:lb/listener:Listener", { loadBalancerArn: "@{front}", protocol: "HTTP" }],
      },
    },
  },
  "a range of ports for calls and games": {
    rule: "security-group-world-ingress",
    low: udp(10_000, 20_000),
    reported: { "all ports of UDP": udp(0, 65_535) },
  },
  "the rights that a controller of a cluster needs": {
    rule: "no-wildcard-resource",
    low: controller("system:serviceaccount:kube-system:aws-load-balancer-controller"),
    reported: { "the rights of an application in a cluster": controller("system:serviceaccount:shop:orders") },
  },
  "a topic for an AWS service": {
    rule: "topic-not-public",
    low: topic({ Service: "cloudwatch.amazonaws.com" }),
    reported: { "a topic for everyone": topic("*") },
  },
  "a zone in a program that protects nothing": {
    rule: "stateful-protected",
    low: zone,
    reported: {
      "a zone next to a bucket that is protected": { ...zone, files: ["aws:s3/bucket:Bucket", {}, { protect: true }] },
    },
  },
  "guests whose browsers are measured": {
    rule: "identity-pool-no-guests",
    low: { ...guests, pages: ["aws:rum/appMonitor:AppMonitor"] },
    reported: { "guests of an application": guests },
  },
  "a service without a health check in Cloud Map": {
    rule: "discovery-custom-health",
    low: names,
    reported: {
      "a health check that each update replaces": {
        names: ["aws:servicediscovery/service:Service", { healthCheckCustomConfig: { failureThreshold: 2 } }],
      },
    },
  },
  "one NAT gateway for all zones": {
    rule: "nat-per-zone",
    low: oneNat,
    reported: {
      "one of two gateways that has the subnets of two zones": {
        ...oneNat,
        other: ["aws:ec2/natGateway:NatGateway", { subnetId: "@{b}" }],
      },
    },
  },
  "a container that has half a minute to start": {
    rule: "boot-time",
    low: container({ interval: 10, retries: 3 }),
    reported: { "a container that is replaced after ten seconds": container({ interval: 5, retries: 2 }) },
  },
  "a part of a bucket that everyone may read": {
    rule: "bucket-policy-not-public",
    low: reads("public/*"),
    reported: { "a bucket that everyone may read": reads("*") },
  },
  "one layer that tries five times": {
    rule: "attempts",
    low: { ...redundant, ...retries({ AWS_MAX_ATTEMPTS: "5" }) },
    reported: { "two layers of three attempts": retries({ AWS_MAX_ATTEMPTS: "3", HTTP_MAX_ATTEMPTS: "3" }) },
  },
};
