import type { Draft } from "../helpers";
import { type Default, operated, redundant, served, vpc } from "./default";

const allow = (actions: readonly string[], resource: string = "*") => ({
  Statement: [{ Effect: "Allow", Action: actions, Resource: resource }],
});
const policy = (actions: readonly string[], resource?: string): Draft => ({
  rights: ["aws:iam/rolePolicy:RolePolicy", { role: "worker", policy: allow(actions, resource) }],
});
const group = (from: number, to: number, cidr = "0.0.0.0/0"): Draft => ({
  door: [
    "aws:ec2/securityGroup:SecurityGroup",
    { ingress: [{ protocol: "tcp", fromPort: from, toPort: to, cidrBlocks: [cidr] }] },
  ],
});
const nat: Draft = { nat: ["aws:ec2/natGateway:NatGateway"] };
const bastion: Draft = {
  bastion: ["aws:ec2/instance:Instance", { associatePublicIpAddress: true, vpcSecurityGroupIds: ["@{door}"] }],
};
const vendor = (condition: object) =>
  ({
    role: [
      "aws:iam/role:Role",
      {
        assumeRolePolicy: {
          Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "111122223333" }, ...condition }],
        },
      },
    ],
    rights: ["aws:iam/rolePolicy:RolePolicy", { role: "@{role}", policy: allow(["s3:GetObject"]) }],
  }) as Draft;
const server = (metadataOptions?: object): Draft => ({
  web: ["aws:ec2/instance:Instance", { ami: "ami-1", ...(metadataOptions && { metadataOptions }) }],
});
const websiteBucket: Draft = {
  site: ["aws:s3/bucket:Bucket"],
  pages: ["aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration", { bucket: "@{site}" }],
};
const bucketPolicy = (action: string): Draft => ({
  open: [
    "aws:s3/bucketPolicy:BucketPolicy",
    {
      bucket: "@{site}",
      policy: { Statement: [{ Effect: "Allow", Principal: "*", Action: action, Resource: "@{site.arn}/*" }] },
    },
  ],
});
const acl = (value: string): Draft => ({ open: ["aws:s3/bucketAcl:BucketAcl", { bucket: "@{site}", acl: value }] });
const publicSubnet = (mapPublicIpOnLaunch: boolean): Draft => ({
  ...nat,
  gateway: ["aws:ec2/internetGateway:InternetGateway"],
  subnet: ["aws:ec2/subnet:Subnet", { mapPublicIpOnLaunch }],
  table: ["aws:ec2/routeTable:RouteTable", { routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "@{gateway}" }] }],
  join: ["aws:ec2/routeTableAssociation:RouteTableAssociation", { subnetId: "@{subnet}", routeTableId: "@{table}" }],
  router: ["aws:ec2/instance:Instance", { subnetId: "@{subnet}" }],
});
const pool = (passwordPolicy: object): Draft => ({ users: ["aws:cognito/userPool:UserPool", { passwordPolicy }] });
const route = (authorizationType: string) =>
  ["aws:apigatewayv2/route:Route", { routeKey: "ANY /x", authorizationType }] as const;
const socket = { api: ["aws:apigatewayv2/api:Api", { protocolType: "WEBSOCKET" }] } as Draft;
const connect: Draft = {
  ...socket,
  connect: ["aws:apigatewayv2/route:Route", { apiId: "@{api}", routeKey: "$connect", authorizationType: "NONE" }],
};
const url = (authorizationType: string) => ["aws:lambda/functionUrl:FunctionUrl", { authorizationType }] as const;
const everything = allow(["*"]);

/** Of rules on rights, networks and what the internet may reach. */
export const accessDefaults: Readonly<Record<string, Default>> = {
  "a group of administrators": {
    rule: "no-administrator",
    low: { admins: ["aws:iam/groupPolicy:GroupPolicy", { policy: everything }] },
    reported: { "a role of everything": { rights: ["aws:iam/rolePolicy:RolePolicy", { policy: everything }] } },
  },
  "a service's actions on one bucket": {
    rule: "no-service-wildcard",
    low: policy(["s3:*"], "arn:aws:s3:::files/*"),
    reported: {
      "a service's actions everywhere": policy(["glue:*"]),
      "a service's actions everywhere, with those of logs": policy(["logs:*", "s3:*"]),
    },
  },
  "all actions of logs and metrics": { rule: "no-service-wildcard", low: policy(["logs:*", "cloudwatch:*"]) },
  "actions that read settings": {
    rule: "no-wildcard-resource",
    low: policy(["ecr:BatchGetImage", "cloudtrail:GetTrail", "iam:GetRole", "rds:Describe*", "ses:SendEmail"]),
    reported: {
      "an action that reads secrets": policy(["secretsmanager:GetSecretValue"]),
      "a pattern that reads parameters": policy(["ssm:Get*"]),
      "an action that reads objects among others": policy(["s3:ListBucket", "s3:GetObject"]),
      "an action that changes data": policy(["dynamodb:PutItem"]),
      "roles that may be passed": policy(["iam:PassRole"]),
      "another account without an external id": vendor({}),
    },
  },
  "the rights that another company asks for": {
    rule: "no-wildcard-resource",
    low: vendor({ Condition: { StringEquals: { "sts:ExternalId": "x" } } }),
  },
  "a server that leaves metadata to its image": {
    rule: "metadata-tokens",
    low: server(),
    reported: { "a server that asks for no token": server({ httpTokens: "optional" }) },
  },
  "a server with a hop for containers": {
    rule: "metadata-tokens",
    low: server({ httpTokens: "required", httpPutResponseHopLimit: 2 }),
  },
  "a bastion for one address": {
    rule: "server-no-public-ip",
    low: { ...nat, ...group(22, 22, "198.51.100.7/32"), ...bastion },
    reported: { "a server that the internet reaches": { ...nat, ...group(22, 22), ...bastion } },
  },
  "tasks that nothing reaches": {
    rule: "service-no-public-ip",
    low: { ...nat, work: ["aws:ecs/service:Service", { networkConfiguration: { assignPublicIp: true } }] },
    reported: {
      "tasks that the internet reaches": {
        ...nat,
        ...group(80, 80),
        work: [
          "aws:ecs/service:Service",
          { networkConfiguration: { assignPublicIp: true, securityGroups: ["@{door}"] } },
        ],
      },
    },
  },
  "one port that a program offers": {
    rule: "security-group-world-ingress",
    low: group(2266, 2266),
    reported: {
      "SSH for everyone": group(22, 22),
      "a database for everyone": group(5439, 5439),
      "a range of ports": group(8000, 9000),
      "all ports": {
        door: ["aws:ec2/securityGroup:SecurityGroup", { ingress: [{ protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }] }],
      },
    },
  },
  "a database that may call out": {
    rule: "security-group-closed-egress",
    low: {
      ...operated,
      store: ["aws:ec2/securityGroup:SecurityGroup", { egress: [{ protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }] }],
      db: ["aws:rds/instance:Instance", { vpcSecurityGroupIds: ["@{store}"] }],
    },
  },
  "a default group that nothing uses": {
    rule: "vpc-default-security-group",
    low: { ...vpc, ...operated },
    reported: {
      "one VPC of two": {
        ...vpc,
        other: ["aws:ec2/vpc:Vpc"],
        closed: ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", { vpcId: "@{other}" }],
      },
    },
  },
  "a network ACL that is open as the default one is": {
    rule: "network-acl-world",
    low: {
      acl: [
        "aws:ec2/networkAcl:NetworkAcl",
        { ingress: [{ protocol: "-1", action: "allow", cidrBlock: "0.0.0.0/0" }] },
      ],
    },
  },
  "a subnet that gives addresses": {
    rule: "route-table-internet-gateway",
    low: publicSubnet(true),
    reported: { "a subnet that gives none": publicSubnet(false) },
  },
  "an open instance behind no balancer": {
    rule: "instance-replaced",
    low: {
      ...operated,
      ...served,
      ...redundant,
      ...group(80, 80),
      web: ["aws:ec2/instance:Instance", { associatePublicIpAddress: true, vpcSecurityGroupIds: ["@{door}"] }],
    },
  },
  "a policy that publishes a website": {
    rule: "bucket-policy-not-public",
    low: { ...websiteBucket, ...bucketPolicy("s3:GetObject") },
    reported: {
      "a website that everyone may change": { ...websiteBucket, ...bucketPolicy("s3:*") },
      "a bucket that is no website": { site: ["aws:s3/bucket:Bucket"], ...bucketPolicy("s3:GetObject") },
    },
  },
  "an ACL that publishes a website": {
    rule: "bucket-acl-not-public",
    low: { ...websiteBucket, ...acl("public-read") },
    reported: {
      "a website that everyone may write to": { ...websiteBucket, ...acl("public-read-write") },
      "an ACL for everyone": { site: ["aws:s3/bucket:Bucket"], ...acl("public-read") },
    },
  },
  "passwords of few kinds": {
    rule: "user-pool-password-policy",
    low: pool({ minimumLength: 12, requireLowercase: true }),
    reported: {
      "short passwords": pool({
        minimumLength: 6,
        requireLowercase: true,
        requireUppercase: true,
        requireNumbers: true,
        requireSymbols: true,
      }),
    },
  },
  "an API that is open": {
    rule: "route-authorised",
    low: { open: route("NONE") },
    reported: {
      "an open route next to one that authorises": { open: route("NONE"), closed: route("AWS_IAM") },
      "an open route of a program with an authorizer": {
        open: route("NONE"),
        jwt: ["aws:apigatewayv2/authorizer:Authorizer", { authorizerType: "JWT" }],
      },
    },
  },
  "a WebSocket API that is open": {
    rule: "websocket-connect-authorised",
    low: connect,
    reported: { "an open connection next to a route that authorises": { ...connect, closed: route("AWS_IAM") } },
  },
  "a function's URL that is open": {
    rule: "function-url-auth",
    low: { open: url("NONE") },
    reported: { "one open URL of two": { open: url("NONE"), closed: url("AWS_IAM") } },
  },
  "tasks with one role": {
    rule: "task-roles-apart",
    low: {
      ...operated,
      task: ["aws:ecs/taskDefinition:TaskDefinition", { taskRoleArn: "role", executionRoleArn: "role" }],
    },
  },
};
