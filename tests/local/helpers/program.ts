import type { Region as RegionName } from "@pulumi/aws";
import * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import * as autoscaling from "@pulumi/aws/autoscaling";
import * as dynamodb from "@pulumi/aws/dynamodb";
import * as ec2 from "@pulumi/aws/ec2";
import * as ecs from "@pulumi/aws/ecs";
import * as beanstalk from "@pulumi/aws/elasticbeanstalk";
import * as lambda from "@pulumi/aws/lambda";
import * as lb from "@pulumi/aws/lb";
import * as aws from "@pulumi/aws/provider";
import * as route53 from "@pulumi/aws/route53";
import * as s3 from "@pulumi/aws/s3";
import * as discovery from "@pulumi/aws/servicediscovery";
import { Vpc } from "@pulumi/awsx/ec2";
import { Image } from "@pulumi/awsx/ecr";
import * as pulumi from "@pulumi/pulumi";
import { capture } from "../../../graph/capture/capture";
import { GraphIndex } from "../../../graph/model";

/** What one region of the test program shares. */
export interface Region {
  readonly name: string;
  readonly opts: pulumi.CustomResourceOptions;
  readonly subnets: pulumi.Output<string[]>;
  readonly folder: string;
}

/** Captures a program that registers something in each region. */
export async function plan(
  folder: string,
  register: (region: Region) => void,
  regions: readonly RegionName[] = ["eu-west-1"],
): Promise<GraphIndex> {
  const graph = await capture(() => {
    for (const name of regions) {
      const provider = new aws.Provider(`${name}-aws`, { region: name });
      const zones = [`${name}a`, `${name}b`];
      const specs = [{ type: "Private" as const }];
      const vpc = new Vpc(`${name}-vpc`, { availabilityZoneNames: zones, subnetSpecs: specs }, { provider });
      register({ name, opts: { provider }, subnets: vpc.privateSubnetIds, folder });
    }
  });
  return new GraphIndex(graph);
}

const environment = { SERVICE_NAME: "thing", TABLE_NAME: "things", PORT: "8081", DRAIN_SECONDS: "2" };
const environmentList = Object.entries(environment).map(([name, value]) => ({ name, value }));
const check = {
  path: "/healthz",
  interval: 10,
  timeout: 5,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
  matcher: "200",
};

export function addTable({ name, opts }: Region, args: Partial<dynamodb.TableArgs> = {}): dynamodb.Table {
  return new dynamodb.Table(
    `${name}-things`,
    {
      name: "things",
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attributes: ["id", "kind"].map((each) => ({ name: each, type: "S" })),
      globalSecondaryIndexes: [
        { name: "by-kind", keySchemas: [{ attributeName: "kind", keyType: "HASH" }], projectionType: "ALL" },
      ],
      ...args,
    },
    opts,
  );
}

export function addBalancer({ name, opts, subnets }: Region): lb.LoadBalancer {
  return new lb.LoadBalancer(`${name}-alb`, { internal: true, subnets }, opts);
}

export function addTargets({ name, opts }: Region, balancer: lb.LoadBalancer, args: Partial<lb.TargetGroupArgs> = {}) {
  const targets = new lb.TargetGroup(
    `${name}-targets`,
    { port: 8081, protocol: "HTTP", healthCheck: check, deregistrationDelay: 30, ...args },
    opts,
  );
  const listener = new lb.Listener(
    `${name}-listener`,
    {
      loadBalancerArn: balancer.arn,
      port: 8081,
      protocol: "HTTP",
      defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
    },
    opts,
  );
  return { targets, listener };
}

export function addEcs({ name, opts, subnets, folder }: Region, container: object = {}) {
  const registry = new discovery.Service(
    `${name}-discovery`,
    {
      name: "thing",
      dnsConfig: { namespaceId: "ns-1", routingPolicy: "MULTIVALUE", dnsRecords: [{ type: "SRV", ttl: 10 }] },
      healthCheckCustomConfig: {},
    },
    opts,
  );
  const image = new Image(`${name}-image`, { repositoryUrl: "123456789012.dkr.ecr/thing", context: folder }, opts);
  const definition = (uri: string) => ({
    name: "thing",
    image: uri,
    command: ["node", "server.cjs"],
    environment: environmentList,
    stopTimeout: 60,
    healthCheck: { command: ["CMD", "node", "healthcheck.cjs"], interval: 10, timeout: 5, retries: 2, startPeriod: 0 },
    ...container,
  });
  const task = new ecs.TaskDefinition(
    `${name}-task`,
    { family: "thing", containerDefinitions: image.imageUri.apply((uri) => JSON.stringify([definition(uri)])) },
    opts,
  );
  new ecs.Service(
    `${name}-service`,
    {
      taskDefinition: task.arn,
      desiredCount: 3,
      networkConfiguration: { subnets },
      serviceRegistries: { registryArn: registry.arn, containerName: "thing", containerPort: 8081 },
    },
    opts,
  );
  return registry;
}

const userData = `#cloud-config
write_files:
  - path: /etc/platform/thing.env
    content: |
      ${Object.entries(environment)
        .map(([name, value]) => `${name}=${value}`)
        .join("\n      ")}
  - path: /etc/systemd/system/thing.service
    content: |
      [Service]
      ExecStart=/usr/bin/env node server.cjs
      Environment=NODE_ENV=production
      RestartSec=1
      TimeoutStopSec=60
runcmd:
  - [mkdir, -p, /opt]
  - [aws, s3, cp, "s3://artifacts/thing/1.zip", /opt/thing.zip]
`;

function addObject({ name, opts, folder }: Region, key: string): s3.BucketObjectv2 {
  return new s3.BucketObjectv2(
    `${name}-${key.replaceAll("/", "-")}`,
    { bucket: "artifacts", key, source: new pulumi.asset.FileArchive(folder) },
    opts,
  );
}

export function addEc2(region: Region, targets: lb.TargetGroup): void {
  const { name, opts, subnets } = region;
  addObject(region, "thing/1.zip");
  const template = new ec2.LaunchTemplate(
    `${name}-template`,
    { userData: Buffer.from(userData).toString("base64") },
    opts,
  );
  new autoscaling.Group(
    `${name}-group`,
    {
      minSize: 2,
      maxSize: 4,
      desiredCapacity: 2,
      vpcZoneIdentifiers: subnets,
      targetGroupArns: [targets.arn],
      healthCheckType: "ELB",
      healthCheckGracePeriod: 180,
      launchTemplate: { id: template.id, version: "1" },
    },
    opts,
  );
}

export function addBeanstalk(region: Region, balancer: lb.LoadBalancer) {
  const { name, opts, subnets } = region;
  addObject(region, "thing/2.zip");
  const version = new beanstalk.ApplicationVersion(
    `${name}-version`,
    { application: "things", bucket: "artifacts", key: "thing/2.zip", name: "v2" },
    opts,
  );
  const process = {
    HealthCheckPath: "/healthz",
    HealthCheckInterval: "10",
    HealthCheckTimeout: "5",
    HealthyThresholdCount: "2",
    UnhealthyThresholdCount: "2",
    DeregistrationDelay: "30",
  };
  const settings = pulumi.all([subnets, balancer.arn]).apply(([ids, arn]) =>
    Object.entries({
      "aws:elasticbeanstalk:application:environment": environment,
      "aws:autoscaling:asg": { MinSize: "2", MaxSize: "4" },
      "aws:ec2:vpc": { Subnets: ids.join(",") },
      "aws:elbv2:loadbalancer": { SharedLoadBalancer: arn },
      "aws:elasticbeanstalk:environment:process:default": process,
      "aws:elbv2:listener:8083": { Rules: "all" },
      "aws:elbv2:listenerrule:all": { PathPatterns: "/*", Priority: "1", Process: "default" },
    }).flatMap(([namespace, options]) =>
      Object.entries(options).map(([option, value]) => ({
        namespace,
        name: option,
        value: value as string,
        resource: "",
      })),
    ),
  );
  const planned = new beanstalk.Environment(
    `${name}-environment`,
    { application: "things", version: version.name as never, settings },
    opts,
  );
  const fixedResponse = { statusCode: "503", contentType: "text/plain", messageBody: "no rule matches" };
  const listener = new lb.Listener(
    `${name}-beanstalk-listener`,
    {
      loadBalancerArn: balancer.arn,
      port: 8083,
      protocol: "HTTP",
      defaultActions: [{ type: "fixed-response", fixedResponse }],
    },
    opts,
  );
  return { listener, host: planned.cname };
}

export function addFunction({ name, opts, folder }: Region, args: Partial<lambda.FunctionArgs> = {}): lambda.Alias {
  const handler = new lambda.Function(
    `${name}-function`,
    {
      role: "arn:aws:iam::123456789012:role/r",
      code: new pulumi.asset.FileArchive(folder),
      handler: "handler.handler",
      runtime: "nodejs22.x",
      environment: { variables: environment },
      memorySize: 512,
      timeout: 12,
      reservedConcurrentExecutions: 4,
      publish: true,
      ...args,
    },
    opts,
  );
  const version = { functionName: handler.name, functionVersion: handler.version };
  return new lambda.Alias(`${name}-alias`, { name: "live", ...version }, opts);
}

/** Names of a region's API as the platform plans them; two regions fail over. */
export function addNames({ name, opts }: Region, apiId: pulumi.Input<string>, role?: "PRIMARY" | "SECONDARY"): void {
  const domain = (domainName: string) => {
    const domainNameConfiguration = {
      certificateArn: "arn:aws:acm:x:123456789012:certificate/c",
      endpointType: "REGIONAL",
      securityPolicy: "TLS_1_2",
    };
    const made = new apigatewayv2.DomainName(`${name}-${domainName}`, { domainName, domainNameConfiguration }, opts);
    new apigatewayv2.ApiMapping(`${name}-${domainName}-map`, { apiId, domainName: made.id, stage: "$default" }, opts);
    const { targetDomainName, hostedZoneId } = made.domainNameConfiguration;
    return {
      name: domainName,
      type: "A",
      zoneId: "Z1",
      aliases: [{ name: targetDomainName, zoneId: hostedZoneId, evaluateTargetHealth: true }],
    };
  };
  const own = `${name}.api.example.com`;
  new route53.Record(`${name}-own`, domain(own), opts);
  if (role === undefined) {
    new route53.Record(`${name}-api`, domain("api.example.com"), opts);
    return;
  }
  const checks = ["a", "b"].map(
    (service) =>
      new route53.HealthCheck(
        `${name}-${service}`,
        {
          type: "HTTPS",
          fqdn: own,
          port: 443,
          resourcePath: `/${service}/healthz`,
          requestInterval: 10,
          failureThreshold: 3,
          regions: ["us-east-1", "eu-west-1", "ap-southeast-1"],
        },
        opts,
      ),
  );
  const all = new route53.HealthCheck(
    `${name}-all`,
    { type: "CALCULATED", childHealthchecks: checks.map((each) => each.id), childHealthThreshold: 2 },
    opts,
  );
  new route53.Record(
    `${name}-api`,
    {
      ...domain("api.example.com"),
      setIdentifier: name,
      failoverRoutingPolicies: [{ type: role }],
      healthCheckId: all.id,
    },
    opts,
  );
}

/** An HTTP API with one open route per service, `ANY /<service>/{proxy+}`, over servers and functions. */
export function addApi(
  { name, opts, subnets }: Region,
  services: Readonly<
    Record<string, { server: pulumi.Input<string>; host?: pulumi.Input<string> } | { invoke: pulumi.Input<string> }>
  >,
): apigatewayv2.Api {
  const api = new apigatewayv2.Api(`${name}-http`, { protocolType: "HTTP" }, opts);
  const link = new apigatewayv2.VpcLink(`${name}-link`, { subnetIds: subnets, securityGroupIds: [] }, opts);
  for (const [service, target] of Object.entries(services)) {
    const integration = new apigatewayv2.Integration(
      `${name}-${service}`,
      {
        apiId: api.id,
        timeoutMilliseconds: 15_000,
        ...("server" in target
          ? {
              integrationType: "HTTP_PROXY",
              integrationMethod: "ANY",
              integrationUri: target.server,
              connectionType: "VPC_LINK",
              connectionId: link.id,
              payloadFormatVersion: "1.0",
              ...(target.host === undefined ? {} : { requestParameters: { "overwrite:header.host": target.host } }),
            }
          : { integrationType: "AWS_PROXY", integrationUri: target.invoke, payloadFormatVersion: "2.0" }),
      },
      opts,
    );
    new apigatewayv2.Route(
      `${name}-${service}-route`,
      {
        apiId: api.id,
        routeKey: `ANY /${service}/{proxy+}`,
        target: pulumi.interpolate`integrations/${integration.id}`,
      },
      opts,
    );
  }
  new apigatewayv2.Stage(`${name}-stage`, { apiId: api.id, name: "$default", autoDeploy: true }, opts);
  return api;
}
