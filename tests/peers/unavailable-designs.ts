import * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import * as autoscaling from "@pulumi/aws/autoscaling";
import * as dynamodb from "@pulumi/aws/dynamodb";
import * as ec2 from "@pulumi/aws/ec2";
import * as ecs from "@pulumi/aws/ecs";
import * as lambda from "@pulumi/aws/lambda";
import * as lb from "@pulumi/aws/lb";
import * as aws from "@pulumi/aws/provider";
import * as route53 from "@pulumi/aws/route53";
import { Vpc } from "@pulumi/awsx/ec2";
import * as pulumi from "@pulumi/pulumi";

/**
 * A small program with one fault that takes the service down when a zone or a region goes, and its twin without. What
 * a checker says of the first and not of the second is what it sees of the fault.
 */
export interface Design {
  readonly name: string;
  /** What happens. */
  readonly fault: string;
  readonly program: (sound: boolean) => void;
}

const [home, far] = ["eu-west-1", "eu-central-1"] as const;
const providerOf = (region: aws.ProviderArgs["region"] & string) => new aws.Provider(region, { region });

function network(provider: aws.Provider, strategy: "Single" | "OnePerAz" = "OnePerAz"): Vpc {
  const blocks = (first: number) => [0, 1, 2].map((zone) => `10.0.${first + 16 * zone}.0/20`);
  return new Vpc(
    "vpc",
    {
      cidrBlock: "10.0.0.0/16",
      availabilityZoneNames: ["a", "b", "c"].map((zone) => home + zone),
      subnetStrategy: "Auto",
      subnetSpecs: [
        { type: "Public", name: "public", cidrBlocks: blocks(0) },
        { type: "Private", name: "private", cidrBlocks: blocks(64) },
      ],
      natGateways: { strategy },
    },
    { providers: [provider] },
  );
}

/** Private subnets: of every zone, or of one. */
const subnetsOf = (vpc: Vpc, all: boolean) => vpc.privateSubnetIds.apply((ids) => (all ? ids : ids.slice(0, 1)));

const group: Design = {
  name: "Auto Scaling group in one zone",
  fault: "The zone goes, and every server with it.",
  program: (sound) => {
    const provider = providerOf(home);
    const vpcZoneIdentifiers = subnetsOf(network(provider), sound);
    const template = new ec2.LaunchTemplate(
      "template",
      { imageId: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64" },
      { provider },
    );
    const launchTemplate = { id: template.id, version: template.latestVersion.apply(String) };
    new autoscaling.Group("servers", { minSize: 3, maxSize: 6, vpcZoneIdentifiers, launchTemplate }, { provider });
  },
};

const nat: Design = {
  name: "One NAT gateway for three zones",
  fault: "Its zone goes, and the servers of the other two reach nothing.",
  program: (sound) => {
    network(providerOf(home), sound ? "OnePerAz" : "Single");
  },
};

const task: Design = {
  name: "ECS service of one task, not rebalanced",
  fault: "Its zone goes, and there is no task until another one has started.",
  program: (sound) => {
    const provider = providerOf(home);
    const subnets = subnetsOf(network(provider), true);
    const cluster = new ecs.Cluster("cluster", {}, { provider });
    const definition = new ecs.TaskDefinition(
      "task",
      { family: "api", cpu: "256", memory: "512", networkMode: "awsvpc", containerDefinitions: containers },
      { provider },
    );
    new ecs.Service(
      "api",
      {
        cluster: cluster.arn,
        taskDefinition: definition.arn,
        launchType: "FARGATE",
        desiredCount: sound ? 3 : 1,
        availabilityZoneRebalancing: sound ? "ENABLED" : "DISABLED",
        networkConfiguration: { subnets },
      },
      { provider },
    );
  },
};
const containers = JSON.stringify([{ name: "api", image: "public.ecr.aws/docker/library/node:22", essential: true }]);

/** A gateway's name in a region, with a certificate. */
function gatewayName(region: typeof home | typeof far, provider: aws.Provider) {
  const certificateArn = `arn:aws:acm:${region}:123456789012:certificate/00000000-0000-0000-0000-000000000000`;
  return new apigatewayv2.DomainName(
    `${region}-name`,
    {
      domainName: "api.example.com",
      domainNameConfiguration: { certificateArn, endpointType: "REGIONAL", securityPolicy: "TLS_1_2" },
    },
    { provider },
  );
}

function failover(secondary: "same region" | "other region", checked: "regional name" | "failover name"): void {
  const here = providerOf(home);
  const there = providerOf(far);
  const names = [gatewayName(home, here), gatewayName(far, there)] as const;
  const zone = new route53.Zone("zone", { name: "example.com" }, { provider: here });
  const check = new route53.HealthCheck(
    "check",
    {
      type: "HTTPS",
      fqdn: checked === "regional name" ? `${home}.api.example.com` : "api.example.com",
      port: 443,
      resourcePath: "/healthz",
      requestInterval: 10,
      failureThreshold: 3,
    },
    { provider: here },
  );
  for (const [index, type] of (["PRIMARY", "SECONDARY"] as const).entries()) {
    const target = names[secondary === "same region" ? 0 : index]!.domainNameConfiguration;
    new route53.Record(
      `record-${type.toLowerCase()}`,
      {
        zoneId: zone.zoneId,
        name: "api.example.com",
        type: "A",
        setIdentifier: type,
        failoverRoutingPolicies: [{ type }],
        ...(type === "PRIMARY" ? { healthCheckId: check.id } : {}),
        aliases: [
          {
            name: target.apply(({ targetDomainName }) => targetDomainName!),
            zoneId: target.apply(({ hostedZoneId }) => hostedZoneId!),
            evaluateTargetHealth: true,
          },
        ],
      },
      { provider: here },
    );
  }
}

const oneRegion: Design = {
  name: "Both failover records lead to one region",
  fault: "The region goes, and DNS fails over to the same region.",
  program: (sound) => failover(sound ? "other region" : "same region", "regional name"),
};

const selfCheck: Design = {
  name: "Health check on the failover name",
  fault: "After the switch it asks the healthy region, switches back to the broken one, and so on.",
  program: (sound) => failover("other region", sound ? "regional name" : "failover name"),
};

const role = "arn:aws:iam::123456789012:role/api";

const handler: Design = {
  name: "Function in one subnet",
  fault: "Its zone goes, and the function cannot start.",
  program: (sound) => {
    const provider = providerOf(home);
    const vpc = network(provider);
    const sg = new ec2.SecurityGroup("function", { description: "Function", vpcId: vpc.vpcId }, { provider });
    new lambda.Function(
      "api",
      {
        role,
        runtime: "nodejs22.x",
        handler: "index.handler",
        code: new pulumi.asset.FileArchive("apps"),
        vpcConfig: { subnetIds: subnetsOf(vpc, sound), securityGroupIds: [sg.id] },
      },
      { provider },
    );
  },
};

const table: Design = {
  name: "Two regions, a table in one",
  fault: "The table's region goes, and the other one has no data.",
  program: (sound) => {
    const [here, there] = [providerOf(home), providerOf(far)];
    const data = new dynamodb.Table(
      "data",
      {
        attributes: [{ name: "id", type: "S" }],
        hashKey: "id",
        billingMode: "PAY_PER_REQUEST",
        deletionProtectionEnabled: true,
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
        streamEnabled: true,
        streamViewType: "NEW_AND_OLD_IMAGES",
        replicas: sound ? [{ regionName: far, pointInTimeRecovery: true, deletionProtectionEnabled: true }] : [],
      },
      { provider: here },
    );
    for (const [region, provider] of [
      [home, here],
      [far, there],
    ] as const) {
      new lambda.Function(
        `${region}-api`,
        {
          role,
          runtime: "nodejs22.x",
          handler: "index.handler",
          code: new pulumi.asset.FileArchive("apps"),
          environment: { variables: { TABLE_NAME: data.name } },
        },
        { provider },
      );
    }
  },
};

const balancer: Design = {
  name: "Load balancer over one zone",
  fault: "The zone goes, and nothing reaches the servers of the others.",
  program: (sound) => {
    const provider = providerOf(home);
    const subnets = subnetsOf(network(provider), sound);
    new lb.LoadBalancer("api", { internal: true, loadBalancerType: "application", subnets }, { provider });
  },
};

/** Checkers add what they see of each in their own tests; the peers' part is in docs/peers.md. */
export const designs: readonly Design[] = [group, nat, task, oneRegion, selfCheck, handler, table, balancer];
