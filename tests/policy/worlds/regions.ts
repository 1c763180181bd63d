import type { Draft, World } from "../helpers";
import { trust } from "./network";

/** What one of two regions has: a function behind a gateway, with names and checks of its own. */
function region(name: string, failover: "PRIMARY" | "SECONDARY"): Draft {
  const own = (role: string) => `${name}-${role}`;
  const ref = (role: string, attribute = "") => `@{${name}-${role}${attribute}}`;
  return {
    [own("role")]: ["aws:iam/role:Role", { assumeRolePolicy: trust("lambda.amazonaws.com") }],
    [own("orders")]: [
      "aws:lambda/function:Function",
      {
        role: ref("role", ".arn"),
        runtime: "nodejs22.x",
        timeout: 12,
        reservedConcurrentExecutions: 200,
        tracingConfig: { mode: "Active" },
        environment: { variables: { TABLE: "@{eu-west-1-table}" } },
      },
    ],
    [own("alarm")]: [
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      {
        alarmActions: ["arn:aws:sns:eu-west-1:123456789012:alarms"],
        treatMissingData: "notBreaching",
        dimensions: { FunctionName: ref("orders") },
      },
    ],
    [own("api")]: ["aws:apigatewayv2/api:Api", { protocolType: "HTTP", disableExecuteApiEndpoint: true }],
    [own("integration")]: [
      "aws:apigatewayv2/integration:Integration",
      { apiId: ref("api"), integrationUri: ref("orders", ".arn"), timeoutMilliseconds: 15000 },
    ],
    [own("certificate")]: ["aws:acm/certificate:Certificate", { domainName: "api.example.com" }],
    [own("domain")]: [
      "aws:apigatewayv2/domainName:DomainName",
      {
        domainName: "api.example.com",
        domainNameConfiguration: {
          endpointType: "REGIONAL",
          securityPolicy: "TLS_1_2",
          certificateArn: ref("certificate", ".arn"),
        },
      },
    ],
    [own("mapping")]: [
      "aws:apigatewayv2/apiMapping:ApiMapping",
      { apiId: ref("api"), domainName: ref("domain"), stage: "$default" },
    ],
    [own("check")]: [
      "aws:route53/healthCheck:HealthCheck",
      {
        type: "HTTPS",
        fqdn: `${name}.api.example.com`,
        resourcePath: "/orders/healthz",
        requestInterval: 10,
        failureThreshold: 3,
        enableSni: true,
      },
    ],
    [own("silence")]: [
      "aws:route53/healthCheck:HealthCheck",
      { type: "CLOUDWATCH_METRIC", insufficientDataHealthStatus: "Unhealthy" },
    ],
    [own("record")]: [
      "aws:route53/record:Record",
      {
        name: "api.example.com",
        type: "A",
        zoneId: "@{zone}",
        setIdentifier: name,
        failoverRoutingPolicies: [{ type: failover }],
        healthCheckId: ref("check"),
        aliases: [
          {
            name: `${name === "eu-west-1" ? "d-1" : "d-2"}.execute-api.${name}.amazonaws.com`,
            zoneId: ref("domain", ".zone"),
            evaluateTargetHealth: true,
          },
        ],
      },
    ],
    [own("pipe")]: [
      "aws:pipes/pipe:Pipe",
      {
        source: "@{eu-west-1-table.streamArn}",
        target: `arn:aws:sns:${name}:123456789012:changes`,
        sourceParameters: {
          filterCriteria: {
            filters: [{ pattern: JSON.stringify({ dynamodb: { NewImage: { writtenIn: { S: [name] } } } }) }],
          },
          dynamodbStreamParameters: {
            startingPosition: "TRIM_HORIZON",
            maximumRetryAttempts: 5,
            deadLetterConfig: { arn: `arn:aws:sqs:${name}:123456789012:failed` },
          },
        },
      },
    ],
    [own("probe")]: [
      "aws:route53/record:Record",
      { name: `${name}.api.example.com`, type: "CNAME", ttl: 60, zoneId: "@{zone}", records: ["gateway.example.com"] },
    ],
  };
}

/** Two regions with failover between them. */
export const regions: World = {
  draft: {
    zone: [
      "aws:route53/zone:Zone",
      { name: "example.com", forceDestroy: false, enableAcceleratedRecovery: true },
      { protect: true },
    ],
    "zone-log": [
      "aws:route53/queryLog:QueryLog",
      { zoneId: "@{zone}", cloudwatchLogGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:dns" },
    ],
    "zone-signed": ["aws:route53/hostedZoneDnsSec:HostedZoneDnsSec", { hostedZoneId: "@{zone}" }],
    "eu-west-1-table": [
      "aws:dynamodb/table:Table",
      {
        billingMode: "PAY_PER_REQUEST",
        deletionProtectionEnabled: true,
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
        replicas: [{ regionName: "eu-central-1", pointInTimeRecovery: true, deletionProtectionEnabled: true }],
      },
      { protect: true },
    ],
    ...region("eu-west-1", "PRIMARY"),
    ...region("eu-central-1", "SECONDARY"),
  },
  // Both regions in one stack is what the fixture is about.
  config: { "regions-apart": { enforcementLevel: "disabled" }, "availability-target": { percent: 99.99 } },
};
