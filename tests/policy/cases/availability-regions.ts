import type { Case } from "../case";
import { identity } from "../worlds/front";

export const availabilityRegionsCases: Readonly<Record<string, Case>> = {
  "failover-pair": {
    world: "regions",
    change: [["eu-central-1-record", "failoverRoutingPolicies.0.type", "PRIMARY"]],
    on: "eu-west-1-record",
    says: 'Route 53 record "eu-west-1-record" must have one PRIMARY and one SECONDARY, got PRIMARY and PRIMARY',
  },
  "primary-health-check": {
    world: "regions",
    change: [["eu-west-1-record", "healthCheckId"]],
    on: "eu-west-1-record",
    says: 'Route 53 record "eu-west-1-record" must be checked, got no healthCheckId',
  },
  "health-check-settings": {
    world: "regions",
    change: [["eu-west-1-check", "enableSni", false]],
    on: "eu-west-1-check",
    says: 'Route 53 health check "eu-west-1-check" must name the host in TLS, got enableSni false',
  },
  "failover-time": {
    world: "regions",
    change: [],
    config: { "failover-time": { recoveryTimeSeconds: 80 } },
    on: "eu-west-1-record",
    says: 'Route 53 record "eu-west-1-record" must fail over within 80 s, got 30 s of detection and 60 s of caches',
  },
  "record-ttl": {
    world: "regions",
    change: [["eu-west-1-probe", "ttl", 3600]],
    on: "eu-west-1-probe",
    says: 'Route 53 record "eu-west-1-probe" must be kept for 60 s at most, got ttl 3600',
  },
  "health-check-name": {
    world: "regions",
    change: [["eu-west-1-check", "fqdn", "api.example.com"]],
    on: "eu-west-1-check",
    says: 'Route 53 health check "eu-west-1-check" must ask a regional name, got the failover name "api.example.com"',
  },
  "insufficient-data": {
    world: "regions",
    change: [["eu-west-1-silence", "insufficientDataHealthStatus", "Healthy"]],
    on: "eu-west-1-silence",
    says: 'Route 53 health check "eu-west-1-silence" must not be healthy without data, got "Healthy"',
  },
  "regional-domain": {
    world: "regions",
    change: [["eu-west-1-domain", "domainNameConfiguration.endpointType", "EDGE"]],
    on: "eu-west-1-domain",
    says: 'API Gateway domain name "eu-west-1-domain" must have a regional endpoint, got "EDGE"',
  },
  "execute-api-closed": {
    world: "functions",
    change: [["api", "disableExecuteApiEndpoint"]],
    on: "api",
    says: 'API Gateway API "api" must close its generated name, got disableExecuteApiEndpoint none',
  },
  "failover-data-plane": {
    world: "regions",
    change: [["eu-west-1-probe", "weightedRoutingPolicies", [{ weight: 0 }]]],
    on: "eu-west-1-probe",
    says: 'Route 53 record "eu-west-1-probe" must not wait for a change of weights, got weight 0',
  },
  "no-other-region": {
    world: "regions",
    change: [
      ["eu-west-1-orders", "environment.variables.TABLE", "arn:aws:dynamodb:eu-central-1:123456789012:table/orders"],
    ],
    on: "eu-west-1-orders",
    says: 'Lambda function "eu-west-1-orders" must name no region but eu-west-1 in environment, got eu-central-1',
  },
  "region-parity": {
    world: "regions",
    change: [["eu-central-1-orders", "reservedConcurrentExecutions", 100]],
    on: "eu-central-1-orders",
    says: 'Lambda function "eu-central-1-orders" must reserve as much as its twin, which is 200, got 100',
  },
  "regions-apart": {
    world: "regions",
    change: [],
    add: { "shop-prod": ["pulumi:pulumi:Stack"] },
    config: { "regions-apart": {} },
    on: "shop-prod",
    says: 'pulumi stack "shop-prod" must deploy one region at a time, got eu-central-1 and eu-west-1',
  },
  "sign-in-region": {
    world: "regions",
    change: [],
    add: { "eu-west-1-pool": identity.draft["pool"]! },
    on: "eu-west-1-pool",
    says: 'Cognito user pool "eu-west-1-pool" must not be all there is to sign in with, got eu-west-1 for 2',
  },
  "sign-in-off-path": {
    world: "functions",
    change: [["role-policy", "policy.Statement.0.Action", ["cognito-idp:GetUser"]]],
    on: "role-policy",
    says: 'IAM role policy "role-policy" must not call Cognito per request, got cognito-idp:GetUser',
  },
  "table-replicas": {
    world: "regions",
    change: [["eu-west-1-table", "replicas", []]],
    on: "eu-west-1-table",
    says: 'DynamoDB table "eu-west-1-table" must have a replica in every region, got none in eu-central-1',
  },
  "aurora-instances": {
    world: "databases",
    change: [["reader", "availabilityZone", "eu-west-1a"]],
    on: "cluster",
    says: 'RDS cluster "cluster" must have instances in two zones, got all in eu-west-1a',
  },
  "cache-replicas": {
    world: "databases",
    change: [["cache", "numCacheClusters", 1]],
    on: "cache",
    says: 'ElastiCache replication group "cache" must have a replica, got 0',
  },
  "stateful-protected": {
    world: "stores",
    change: [["bucket", "forceDestroy", true]],
    on: "bucket",
    says: 'S3 bucket "bucket" must not be deleted with what is in it, got forceDestroy true',
  },
  "search-off-path": {
    world: "databases",
    change: [["search", "clusterConfig.zoneAwarenessConfig.availabilityZoneCount", 2]],
    on: "search",
    says: 'OpenSearch domain "search" must be in 3 zones, got 2',
  },
  "alarm-per-cut": {
    world: "functions",
    change: [["orders-alarm", ""]],
    on: "orders",
    says: 'Lambda function "orders" must have an alarm, got none on it',
  },
  "quota-headroom": {
    world: "functions",
    change: [],
    add: Object.fromEntries(
      Array.from({ length: 250 }, (_, i) => [
        `route-${i}`,
        [
          "aws:apigatewayv2/route:Route",
          { apiId: "@{api}", routeKey: `GET /orders/${i}`, authorizationType: "AWS_IAM" },
        ],
      ]),
    ),
    on: "api",
    says: 'API Gateway API "api" must leave room in its quota of 300 Route, got 252',
  },
  "availability-target": {
    world: "functions",
    change: [],
    config: { "availability-target": { percent: 99.95 } },
    on: "integration",
    says: 'API Gateway integration "integration" must reach 99.95 percent, got 99.9000 by published levels of API Gateway, Lambda',
  },
};
