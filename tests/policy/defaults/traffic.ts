import type { Draft } from "../helpers";
import { type Default, operated, redundant } from "./default";

const balancer = (inputs: object = {}) => ["aws:lb/loadBalancer:LoadBalancer", inputs] as const;
const distribution = (inputs: object) => ["aws:cloudfront/distribution:Distribution", inputs] as const;
const behaviour = { targetOriginId: "files", viewerProtocolPolicy: "redirect-to-https" };
const files = (inputs: object = {}) =>
  distribution({
    origins: [{ originId: "files", domainName: "files.s3.eu-west-1.amazonaws.com" }],
    defaultCacheBehavior: behaviour,
    ...inputs,
  });
const servers = distribution({
  origins: [
    { originId: "files", domainName: "api.example.com", customOriginConfig: { originProtocolPolicy: "https-only" } },
  ],
  defaultCacheBehavior: behaviour,
});
const website = distribution({
  origins: [{ originId: "files", domainName: "files.s3-website-eu-west-1.amazonaws.com", customOriginConfig: {} }],
  defaultCacheBehavior: behaviour,
});
const stage = (inputs: object = {}) => ["aws:apigatewayv2/stage:Stage", inputs] as const;
const restStage: Draft = {
  api: ["aws:apigateway/restApi:RestApi", {}],
  stage: ["aws:apigateway/stage:Stage", { restApi: "@{api}", stageName: "v1" }],
};
const methods: Draft = {
  ...restStage,
  settings: ["aws:apigateway/methodSettings:MethodSettings", { restApi: "@{api}", stageName: "v1", settings: {} }],
};
const logs: Draft = { logged: stage({ accessLogSettings: { format: "x", destinationArn: "y" } }) };
const trail: Draft = { trail: ["aws:cloudtrail/trail:Trail"] };
const acl: Draft = { acl: ["aws:wafv2/webAcl:WebAcl", {}] };
const behind = (healthCheck?: object): Draft => ({
  targets: ["aws:lb/targetGroup:TargetGroup", { protocol: "HTTP", ...(healthCheck && { healthCheck }) }],
  web: ["aws:autoscaling/group:Group", { targetGroupArns: ["@{targets.arn}"] }],
});
const checked = (healthCheck: object): Draft => ({
  ...operated,
  ...redundant,
  targets: ["aws:lb/targetGroup:TargetGroup", { protocol: "HTTP", healthCheck }],
});
const deployed = (deploymentMinimumHealthyPercent: number): Draft => ({
  web: ["aws:ecs/service:Service", { desiredCount: 2, deploymentMinimumHealthyPercent }],
});
const layers = (timeoutMilliseconds: number): Draft => ({
  api: ["aws:apigatewayv2/api:Api", { protocolType: "HTTP" }],
  work: ["aws:lambda/function:Function", { timeout: 20 }],
  calls: [
    "aws:apigatewayv2/integration:Integration",
    { apiId: "@{api}", integrationType: "AWS_PROXY", integrationUri: "@{work.arn}", timeoutMilliseconds },
  ],
});

const scaled = (maxCapacity: number): Draft => ({
  ...operated,
  tasks: ["aws:ecs/service:Service", { desiredCount: 4 }],
  size: [
    "aws:appautoscaling/target:Target",
    { resourceId: "service/@{tasks}", serviceNamespace: "ecs", minCapacity: 4, maxCapacity },
  ],
  load: ["aws:appautoscaling/policy:Policy", { resourceId: "@{size}", serviceNamespace: "ecs" }],
});

/** Of rules on load balancers, distributions, APIs and what is behind them. */
export const trafficDefaults: Readonly<Record<string, Default>> = {
  "a balancer without logs": {
    rule: "load-balancer-access-logs",
    low: { front: balancer(), ...operated },
    reported: {
      "a balancer of an account with a trail": { front: balancer(), ...trail },
      "one balancer of two": { front: balancer(), other: balancer({ accessLogs: { enabled: true, bucket: "x" } }) },
    },
  },
  "a balancer that may be deleted": {
    rule: "load-balancer-deletion-protection",
    low: { front: balancer(), ...operated },
    reported: {
      "one balancer of two that may be deleted": {
        front: balancer(),
        other: balancer({ enableDeletionProtection: true }),
      },
    },
  },
  "a public balancer without a firewall": {
    rule: "load-balancer-waf",
    low: { front: balancer(), ...operated },
    reported: { "a balancer of a program with a web ACL": { front: balancer(), ...acl } },
  },
  "a distribution without a firewall": {
    rule: "distribution-waf",
    low: { front: servers, ...operated },
    reported: { "a distribution of a program with a web ACL": { front: servers, ...acl } },
  },
  "a REST API without a firewall": {
    rule: "stage-waf",
    low: { ...restStage, ...operated },
    reported: { "a stage of a program with a web ACL": { ...restStage, ...acl } },
  },
  "a distribution without logs": {
    rule: "distribution-logging",
    low: { front: files(), ...operated },
    reported: { "one distribution of two": { front: files(), other: files({ loggingConfig: { bucket: "logs.s3" } }) } },
  },
  "a stage without logs": {
    rule: "stage-access-logs",
    low: { live: stage(), ...operated },
    reported: { "one stage of two": { live: stage(), ...logs } },
  },
  "a REST API without settings": {
    rule: "stage-method-settings",
    low: { ...restStage, ...operated },
    reported: { "a REST API next to a stage that logs": { ...restStage, ...logs } },
  },
  "methods without logs": {
    rule: "method-settings-logging",
    low: { ...methods, ...operated },
    reported: { "methods next to a stage that logs": { ...methods, ...logs } },
  },
  "a distribution of files": {
    rule: "distribution-root-object",
    low: { front: files() },
    reported: {
      "a distribution of pages": { front: files(), page: ["aws:s3/bucketObject:BucketObject", { key: "index.html" }] },
    },
  },
  "a distribution of a website": {
    rule: "distribution-origin-access",
    low: { front: website },
    reported: { "a distribution of an open bucket": { front: files() } },
  },
  "a distribution that no name leads to": {
    rule: "distribution-tls",
    low: { front: files(), zone: ["aws:route53/zone:Zone", {}] },
    reported: { "a distribution with a name": { front: files({ aliases: ["www.example.com"] }) } },
  },
  "a group whose path nothing names": {
    rule: "group-elb-health",
    low: behind(),
    reported: { "a group whose path is named": behind({ path: "/healthz" }) },
  },
  "targets whose path nothing names": {
    rule: "target-group-health-check",
    low: checked({}),
    reported: { "targets that nothing checks": checked({ enabled: false }) },
  },
  "a release with half of the tasks": {
    rule: "service-deployment",
    low: deployed(50),
    reported: { "a release with no task": deployed(0) },
  },
  "layers that wait for the same time": {
    rule: "nested-timeouts",
    low: layers(19_000),
    reported: { "a layer that gives up first": layers(10_000) },
  },
  "an API that admits more than its servers carry": {
    rule: "throttle-capacity",
    low: {
      ...layers(29_000),
      ...operated,
      live: stage({ apiId: "@{api}", defaultRouteSettings: { throttlingRateLimit: 100_000 } }),
    },
  },
  "an API with a domain and its own name": {
    rule: "execute-api-closed",
    low: {
      ...operated,
      api: ["aws:apigatewayv2/api:Api", { protocolType: "HTTP" }],
      live: stage({ apiId: "@{api}" }),
      domain: ["aws:apigatewayv2/domainName:DomainName", {}],
      mapped: [
        "aws:apigatewayv2/apiMapping:ApiMapping",
        { apiId: "@{api}", domainName: "@{domain}", stage: "@{live}" },
      ],
    },
  },
  "a service with little room": {
    rule: "scaling-room",
    low: scaled(5),
    reported: { "a service without room": scaled(4) },
  },
};
