import type { Draft } from "../helpers";

const zones = ["a", "b", "c"];
const each = (entry: (zone: string, i: number) => Draft): Draft => Object.assign({}, ...zones.map(entry));
const privateSubnets = ["@{private-a}", "@{private-b}", "@{private-c}"];
const interfaces = ["ecr.api", "ecr.dkr", "ssm", "logs", "secretsmanager"];

/** A key of logs and of the topic that alarms notify. */
export const key: Draft = {
  key: [
    "aws:kms/key:Key",
    {
      enableKeyRotation: true,
      policy: {
        Statement: [
          { Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "kms:*" },
          {
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
            Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
          },
        ],
      },
    },
  ],
};

/** A VPC of three zones, with public subnets for NAT gateways and private ones for servers. */
export const network: Draft = {
  vpc: ["aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }],
  "default-group": ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", { vpcId: "@{vpc}", ingress: [], egress: [] }],
  "flow-log": ["aws:ec2/flowLog:FlowLog", { vpcId: "@{vpc}", trafficType: "ALL", logDestination: "@{flow-logs.arn}" }],
  "flow-logs": ["aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 90, kmsKeyId: "@{key.arn}" }],
  ...key,
  gateway: ["aws:ec2/internetGateway:InternetGateway", { vpcId: "@{vpc}" }],
  "public-routes": [
    "aws:ec2/routeTable:RouteTable",
    { vpcId: "@{vpc}", routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "@{gateway}" }] },
  ],
  ...each((zone, i) => ({
    [`public-${zone}`]: [
      "aws:ec2/subnet:Subnet",
      { vpcId: "@{vpc}", availabilityZone: `eu-west-1${zone}`, cidrBlock: `10.0.${i}.0/24`, mapPublicIpOnLaunch: true },
    ],
    [`public-${zone}-association`]: [
      "aws:ec2/routeTableAssociation:RouteTableAssociation",
      { subnetId: `@{public-${zone}}`, routeTableId: "@{public-routes}" },
    ],
    [`nat-${zone}`]: ["aws:ec2/natGateway:NatGateway", { subnetId: `@{public-${zone}}`, allocationId: "eipalloc-1" }],
    [`private-${zone}`]: [
      "aws:ec2/subnet:Subnet",
      {
        vpcId: "@{vpc}",
        availabilityZone: `eu-west-1${zone}`,
        cidrBlock: `10.0.${16 + i}.0/24`,
        mapPublicIpOnLaunch: false,
      },
    ],
    [`private-${zone}-routes`]: ["aws:ec2/routeTable:RouteTable", { vpcId: "@{vpc}" }],
    [`private-${zone}-way-out`]: [
      "aws:ec2/route:Route",
      {
        routeTableId: `@{private-${zone}-routes}`,
        destinationCidrBlock: "0.0.0.0/0",
        natGatewayId: `@{nat-${zone}}`,
      },
    ],
    [`private-${zone}-association`]: [
      "aws:ec2/routeTableAssociation:RouteTableAssociation",
      { subnetId: `@{private-${zone}}`, routeTableId: `@{private-${zone}-routes}` },
    ],
  })),
  acl: [
    "aws:ec2/networkAcl:NetworkAcl",
    {
      vpcId: "@{vpc}",
      subnetIds: privateSubnets,
      ingress: [
        { action: "allow", cidrBlock: "10.0.0.0/16", protocol: "tcp", fromPort: 8080, toPort: 8080, ruleNo: 100 },
      ],
    },
  ],
  "endpoint-group": ["aws:ec2/securityGroup:SecurityGroup", { vpcId: "@{vpc}", description: "Endpoints" }],
  ...Object.assign(
    {},
    ...interfaces.map((service) => ({
      [`endpoint-${service.replace(".", "-")}`]: [
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        {
          vpcId: "@{vpc}",
          serviceName: `com.amazonaws.eu-west-1.${service}`,
          vpcEndpointType: "Interface",
          subnetIds: privateSubnets,
          securityGroupIds: ["@{endpoint-group}"],
        },
      ],
    })),
    ...["s3", "dynamodb"].map((service) => ({
      [`endpoint-${service}`]: [
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        { vpcId: "@{vpc}", serviceName: `com.amazonaws.eu-west-1.${service}`, vpcEndpointType: "Gateway" },
      ],
    })),
  ),
};

export const subnetIds = privateSubnets;

/** Trust of a service, on behalf of this account only. */
export const trust = (service: string) => ({
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      ...(service === "ec2.amazonaws.com"
        ? {}
        : { Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } } }),
    },
  ],
});

/** Reads one table, and nothing else. */
export const tableRights = {
  Statement: [
    {
      Effect: "Allow",
      Action: ["dynamodb:GetItem", "dynamodb:PutItem"],
      Resource: "arn:aws:dynamodb:eu-west-1:123456789012:table/orders",
    },
  ],
};

/** An internal balancer with logs, in all zones. */
export const balancer: Draft = {
  "balancer-group": ["aws:ec2/securityGroup:SecurityGroup", { vpcId: "@{vpc}", description: "Balancer" }],
  balancer: [
    "aws:lb/loadBalancer:LoadBalancer",
    {
      internal: true,
      subnets: privateSubnets,
      securityGroups: ["@{balancer-group}"],
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      enableDeletionProtection: true,
      enableZonalShift: true,
      idleTimeout: 60,
      accessLogs: { bucket: "logs", enabled: true },
    },
  ],
  autoshift: [
    "aws:arczonalshift/zonalAutoshiftConfiguration:ZonalAutoshiftConfiguration",
    {
      resourceArn: "@{balancer.arn}",
      zonalAutoshiftStatus: "ENABLED",
      outcomeAlarms: [{ alarmIdentifier: "@{alarm.arn}", type: "CLOUDWATCH" }],
    },
  ],
  topic: [
    "aws:sns/topic:Topic",
    {
      kmsMasterKeyId: "@{key}",
      policy: {
        Statement: [
          {
            Effect: "Deny",
            Principal: "*",
            Action: "sns:Publish",
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
          {
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: "sns:Publish",
            Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
          },
        ],
      },
    },
  ],
};

/** The target group of a service, with its listener and the alarm on it. */
export const front: Draft = {
  targets: [
    "aws:lb/targetGroup:TargetGroup",
    {
      vpcId: "@{vpc}",
      port: 8080,
      protocol: "HTTP",
      deregistrationDelay: 30,
      healthCheck: {
        path: "/healthz",
        interval: 10,
        timeout: 5,
        unhealthyThreshold: 3,
        healthyThreshold: 2,
        matcher: "200",
      },
      targetGroupHealth: {
        dnsFailover: { minimumHealthyTargetsCount: "2" },
        unhealthyStateRouting: { minimumHealthyTargetsCount: 2 },
      },
    },
  ],
  listener: [
    "aws:lb/listener:Listener",
    {
      loadBalancerArn: "@{balancer.arn}",
      port: 8080,
      protocol: "HTTP",
      defaultActions: [{ type: "forward", targetGroupArn: "@{targets.arn}" }],
    },
  ],
  alarm: [
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    { alarmActions: ["@{topic.arn}"], treatMissingData: "notBreaching", dimensions: { TargetGroup: "@{targets.arn}" } },
  ],
};

/** A gateway before the listener, over a VPC link. */
export const link: Draft = {
  "link-group": ["aws:ec2/securityGroup:SecurityGroup", { vpcId: "@{vpc}", description: "VPC link" }],
  link: ["aws:apigatewayv2/vpcLink:VpcLink", { subnetIds: privateSubnets, securityGroupIds: ["@{link-group}"] }],
  api: ["aws:apigatewayv2/api:Api", { protocolType: "HTTP" }],
  integration: [
    "aws:apigatewayv2/integration:Integration",
    {
      apiId: "@{api}",
      connectionType: "VPC_LINK",
      connectionId: "@{link}",
      integrationUri: "@{listener.arn}",
      timeoutMilliseconds: 15000,
    },
  ],
  stage: [
    "aws:apigatewayv2/stage:Stage",
    {
      apiId: "@{api}",
      defaultRouteSettings: { throttlingRateLimit: 500, throttlingBurstLimit: 250 },
      accessLogSettings: { destinationArn: "@{flow-logs.arn}", format: "$context.requestId" },
    },
  ],
};
