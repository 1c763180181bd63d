import type { Editor } from "../ledger/plant";

/** A change of the plan that contradicts a statement. */
export interface Mutation {
  readonly statement: number;
  readonly what: string;
  readonly change: (plan: Editor) => void;
  /** What the proof must say. */
  readonly says: RegExp;
}

const account = "123456789012";
const check = "aws:route53/healthCheck:HealthCheck";
const record = "aws:route53/record:Record";
const group = "aws:autoscaling/group:Group";
const service = "aws:ecs/service:Service";
const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const role = "eu-west-1-food-store-role-policy";
const cluster = (plan: Editor) => plan.one("aws:ecs/cluster:Cluster", "eu-central-1-food-store-cluster");

/** Replaces a setting of a Beanstalk environment. */
function setting(plan: Editor, name: string, value: string): void {
  const environment = plan.first(
    ({ type, region }) => type === "aws:elasticbeanstalk/environment:Environment" && region === "eu-west-1",
  );
  for (const each of environment.inputs["settings"]) if (each.name === name) each.value = value;
}

/** Changes that contradict statements about failover. */
export const failoverMutations: readonly Mutation[] = [
  {
    ...{
      statement: 2,
      what: "the standby is decided by the primary's check",
      says: /decides for eu-central-1 and eu-west-1|decides for eu-west-1 and eu-central-1/,
    },
    change: (plan) => {
      plan.inputs(record, "eu-central-1-names-api-record")["healthCheckId"] = plan.inputs(
        record,
        "eu-west-1-names-api-record",
      )["healthCheckId"];
    },
  },
  {
    ...{
      statement: 2,
      what: "a check asks the name that fails over",
      says: /asks api\.example\.com, which both regions answer/,
    },
    change: (plan) => {
      plan.inputs(check, "eu-west-1-names-health-shipping")["fqdn"] = "api.example.com";
    },
  },
  {
    ...{ statement: 2, what: "a check reads an alarm of another region", says: /reads an alarm of us-east-1/ },
    change: (plan) =>
      Object.assign(plan.inputs(check, "eu-west-1-names-health-shipping"), {
        type: "CLOUDWATCH_METRIC",
        cloudwatchAlarmRegion: "us-east-1",
      }),
  },
  {
    ...{
      statement: 2,
      what: "the deep probe feeds a target group",
      says: /checks \/healthz\/region: servers would be replaced/,
    },
    change: (plan) => {
      plan.first(({ type }) => type === "aws:lb/targetGroup:TargetGroup").inputs["healthCheck"].path =
        "/healthz/region";
    },
  },
  {
    ...{ statement: 2, what: "the deep probe feeds Beanstalk's target group", says: /checks \/healthz\/region/ },
    change: (plan) => setting(plan, "HealthCheckPath", "/healthz/region"),
  },
  {
    ...{ statement: 3, what: "a check is inverted", says: /is inverted/ },
    change: (plan) => {
      plan.inputs(check, "eu-west-1-names-health-all")["invertHealthcheck"] = true;
    },
  },
  {
    ...{ statement: 3, what: "a check is disabled", says: /is disabled/ },
    change: (plan) => {
      plan.inputs(check, "eu-west-1-names-health-pet-store")["disabled"] = true;
    },
  },
  {
    ...{ statement: 3, what: "a region is healthy with no healthy service", says: /asks for no healthy child/ },
    change: (plan) => {
      plan.inputs(check, "eu-west-1-names-health-all")["childHealthThreshold"] = 0;
    },
  },
  {
    ...{ statement: 3, what: "silence counts as healthy", says: /is not unhealthy when its alarm has no data/ },
    change: (plan) =>
      Object.assign(plan.inputs(check, "eu-west-1-names-health-pet-store"), {
        type: "CLOUDWATCH_METRIC",
        insufficientDataHealthStatus: "LastKnownStatus",
      }),
  },
  {
    ...{ statement: 3, what: "no record is the primary", says: /has the records SECONDARY, SECONDARY/ },
    change: (plan) => {
      plan.inputs(record, "eu-west-1-names-api-record")["failoverRoutingPolicies"] = [{ type: "SECONDARY" }];
    },
  },
  {
    ...{ statement: 4, what: "an alarm runs a function", says: /the alarm .* does arn:aws:lambda/ },
    change: (plan) => {
      plan
        .first(({ type }) => type === alarm)
        .inputs["alarmActions"].push(`arn:aws:lambda:eu-west-1:${account}:function:fail-over`);
    },
  },
  {
    ...{ statement: 4, what: "a topic of alarms runs a function", says: /sends alarms to lambda/ },
    change: (plan) => {
      const ofAlarms = ({ type, name }: { type: string; name: string }) =>
        type === "aws:sns/topicSubscription:TopicSubscription" && name.endsWith("-alarms-email-1");
      Object.assign(plan.first(ofAlarms).inputs, { protocol: "lambda" });
    },
  },
  {
    ...{ statement: 4, what: "an event starts something", says: /may start something when health changes/ },
    change: (plan) =>
      plan.add(
        "aws:cloudwatch/eventRule:EventRule",
        "eu-central-1-on-health",
        { eventPattern: '{"source":["aws.health"]}' },
        cluster(plan),
      ),
  },
  {
    ...{
      statement: 4,
      what: "the standby has other counts",
      says: /minCapacity is 3 in eu-west-1 and 1 in eu-central-1/,
    },
    change: (plan) => {
      plan.inputs("aws:appautoscaling/target:Target", "eu-central-1-food-store-scaling")["minCapacity"] = 1;
    },
  },
  {
    ...{ statement: 5, what: "a role may change records", says: /allows route53:ChangeResourceRecordSets/ },
    change: (plan) => plan.allow(role, "route53:ChangeResourceRecordSets", "*"),
  },
  {
    ...{
      statement: 5,
      what: "a health check asks a route that writes",
      says: /POST \/food-store\/healthz\/region is asked by a health check/,
    },
    change: (plan) => {
      plan.inputs("aws:apigatewayv2/route:Route", "eu-west-1-http-food-store-probe-region")["routeKey"] =
        "POST /food-store/healthz/region";
    },
  },
  {
    ...{
      statement: 23,
      what: "a region's check asks for more healthy services than it has",
      says: /asks for 9 of 5 healthy checks/,
    },
    change: (plan) => {
      plan.inputs(check, "eu-west-1-names-health-all")["childHealthThreshold"] = 9;
    },
  },
  {
    ...{ statement: 23, what: "nothing decides for a region", says: /no check decides for eu-west-1-names-api-record/ },
    change: (plan) => {
      plan.inputs(record, "eu-west-1-names-api-record")["healthCheckId"] = "00000000-0000-4000-8000-000000000000";
    },
  },
  {
    ...{
      statement: 16,
      what: "a region has no certificate of its own",
      says: /has the certificate arn:aws:acm:us-east-1/,
    },
    change: (plan) => {
      plan.inputs("aws:apigatewayv2/domainName:DomainName", "eu-central-1-names-api-domain")[
        "domainNameConfiguration"
      ].certificateArn = `arn:aws:acm:us-east-1:${account}:certificate/1`;
    },
  },
  {
    ...{
      statement: 16,
      what: "a region does not have the name",
      says: /eu-central-1 has no domain api\.example\.com of its own/,
    },
    change: (plan) => plan.remove(({ name }) => name === "eu-central-1-names-api-domain"),
  },
  {
    ...{ statement: 16, what: "the name leads to CloudFront", says: /leads to CloudFront/ },
    change: (plan) => {
      plan.inputs(record, "eu-west-1-names-api-record")["aliases"][0].name = "d111111abcdef8.cloudfront.net";
    },
  },
  {
    ...{
      statement: 16,
      what: "a region has no VPC link",
      says: /eu-west-1 has 1 of aws:apigatewayv2\/vpcLink:VpcLink, and eu-central-1 has 0/,
    },
    change: (plan) =>
      plan.remove(({ type, region }) => type === "aws:apigatewayv2/vpcLink:VpcLink" && region === "eu-central-1"),
  },
  {
    ...{ statement: 22, what: "the zone has no accelerated recovery", says: /has no accelerated recovery/ },
    change: (plan) => {
      plan.inputs("aws:route53/zone:Zone", "eu-west-1-dns-zone")["enableAcceleratedRecovery"] = false;
    },
  },
  {
    ...{ statement: 22, what: "something that serves changes DNS", says: /changes DNS to serve/ },
    change: (plan) => plan.allow(role, "route53:ChangeResourceRecordSets", "*"),
  },
];

/** Changes that contradict statements about capacity, releases and schedules. */
export const capacityMutations: readonly Mutation[] = [
  {
    ...{
      statement: 8,
      what: "the standby has fewer servers",
      says: /shipping in eu-central-1 has 1 of 2 servers without a zone, and its peak needs 2/,
    },
    change: (plan) => {
      plan.inputs(group, "eu-central-1-shipping-servers")["minSize"] = 2;
    },
  },
  {
    ...{
      statement: 8,
      what: "the standby's function is kept warm for less",
      says: /pet-store in eu-central-1 has 1 to 200, and eu-west-1 has 6 to 200/,
    },
    change: (plan) => {
      plan.inputs("aws:appautoscaling/target:Target", "eu-central-1-pet-store-scaling")["minCapacity"] = 1;
    },
  },
  {
    ...{ statement: 8, what: "a table has a fixed capacity", says: /has a fixed capacity of writes/ },
    change: (plan) => {
      Object.assign(plan.inputs("aws:dynamodb/table:Table", "eu-west-1-data-shipping"), {
        billingMode: "PROVISIONED",
        writeCapacity: 5,
      });
    },
  },
  {
    ...{
      statement: 8,
      what: "Beanstalk starts one server",
      says: /price-calculator in eu-west-1 has 0 of 1 servers without a zone/,
    },
    change: (plan) => setting(plan, "MinSize", "1"),
  },
  {
    ...{
      statement: 9,
      what: "all tasks run on Spot",
      says: /food-store in eu-west-1 keeps 0 servers when Spot takes back the rest/,
    },
    change: (plan) => {
      plan.inputs(service, "eu-west-1-food-store-service")["capacityProviderStrategies"] = [
        { capacityProvider: "FARGATE_SPOT", weight: 100 },
      ];
    },
  },
  {
    ...{
      statement: 9,
      what: "half of the servers are Spot",
      says: /shipping in eu-west-1 keeps 1 servers when Spot takes back the rest/,
    },
    change: (plan) => {
      plan.inputs(group, "eu-west-1-shipping-servers")[
        "mixedInstancesPolicy"
      ].instancesDistribution.onDemandPercentageAboveBaseCapacity = 50;
    },
  },
  {
    ...{ statement: 9, what: "a release stops tasks first", says: /stops tasks before others run \(50 %\)/ },
    change: (plan) => {
      plan.inputs(service, "eu-west-1-food-store-service")["deploymentMinimumHealthyPercent"] = 50;
    },
  },
  {
    ...{
      statement: 9,
      what: "maintenance terminates servers first",
      says: /terminates servers before others run \(66 %\)/,
    },
    change: (plan) => {
      plan.inputs(group, "eu-west-1-shipping-servers")["instanceMaintenancePolicy"].minHealthyPercentage = 66;
    },
  },
  {
    ...{ statement: 9, what: "Beanstalk deploys all at once", says: /is deployed by AllAtOnce/ },
    change: (plan) => setting(plan, "DeploymentPolicy", "AllAtOnce"),
  },
  {
    ...{
      statement: 9,
      what: "servers are taken away at night",
      says: /the schedule eu-central-1-shipping-night takes the least of servers to 1/,
    },
    change: (plan) =>
      plan.add(
        "aws:autoscaling/schedule:Schedule",
        "eu-central-1-shipping-night",
        { minSize: 1, maxSize: 1, recurrence: "0 22 * * *" },
        cluster(plan),
      ),
  },
  {
    ...{
      statement: 10,
      what: "the count of a service is not stated",
      says: /nothing says how many servers food-store has in eu-west-1/,
    },
    change: (plan) => {
      delete plan.inputs(service, "eu-west-1-food-store-service")["desiredCount"];
      plan.remove(({ name }) => name === "eu-west-1-food-store-scaling");
    },
  },
  {
    ...{ statement: 19, what: "a certificate is imported", says: /is imported/ },
    change: (plan) => {
      plan.inputs("aws:acm/certificate:Certificate", "eu-west-1-names-tls-certificate")["privateKey"] = "[secret]";
    },
  },
  {
    ...{ statement: 19, what: "a certificate is validated by mail", says: /is validated by EMAIL/ },
    change: (plan) => {
      plan.inputs("aws:acm/certificate:Certificate", "eu-west-1-names-tls-certificate")["validationMethod"] = "EMAIL";
    },
  },
  {
    ...{ statement: 19, what: "a late run is lost", says: /has no queue for runs that were not delivered/ },
    change: (plan) => {
      delete plan.inputs("aws:scheduler/schedule:Schedule", "eu-west-1-pet-store-schedules-record-list")["target"]
        .deadLetterConfig;
    },
  },
  {
    ...{ statement: 19, what: "a secret rotates each day", says: /rotates more often than every two days/ },
    change: (plan) =>
      plan.add(
        "aws:secretsmanager/secretRotation:SecretRotation",
        "eu-central-1-rotation",
        { rotationRules: { automaticallyAfterDays: 1 } },
        cluster(plan),
      ),
  },
  {
    ...{
      statement: 19,
      what: "the peak waits for a scheduled action",
      says: /changes the number of servers at a time/,
    },
    change: (plan) =>
      plan.add(
        "aws:appautoscaling/scheduledAction:ScheduledAction",
        "eu-central-1-food-store-morning",
        { scalableTargetAction: { minCapacity: 9 } },
        cluster(plan),
      ),
  },
];

/** Changes that contradict statements about requests, starts and users. */
export const requestMutations: readonly Mutation[] = [
  {
    ...{
      statement: 6,
      what: "a function asks another region",
      says: /pet-store-function in eu-west-1 asks Amazon SQS .*, answered by us-east-1/,
    },
    change: (plan) =>
      plan.functionVariable("eu-west-1-pet-store-function", "QUEUE", "https://sqs.us-east-1.amazonaws.com/1/q"),
  },
  {
    ...{ statement: 7, what: "a route with scopes verifies no token", says: /names scopes and verifies no token/ },
    change: (plan) => {
      plan.inputs("aws:apigatewayv2/route:Route", "eu-west-1-http-food-store-put-food")["authorizationType"] = "NONE";
    },
  },
  {
    ...{ statement: 7, what: "a function decides on each token", says: /asks a function for each token/ },
    change: (plan) => {
      plan.inputs("aws:apigatewayv2/authorizer:Authorizer", "eu-west-1-http-jwt")["authorizerType"] = "REQUEST";
    },
  },
  {
    ...{
      statement: 7,
      what: "tokens are valid for a day",
      says: /are valid for 1440 minutes, and keys are kept for 120/,
    },
    change: (plan) => {
      Object.assign(plan.first(({ type }) => type === "aws:cognito/userPoolClient:UserPoolClient").inputs, {
        accessTokenValidity: 24,
        tokenValidityUnits: { accessToken: "hours" },
      });
    },
  },
  {
    ...{
      statement: 12,
      what: "a task starts from an image of the internet",
      says: /food-store-task in eu-west-1 starts from registry-1\.docker\.io/,
    },
    change: (plan) => plan.containers("eu-west-1-food-store-task", (container) => (container["image"] = "node:22")),
  },
  {
    ...{ statement: 12, what: "a server loads a package at its start", says: /starts from packages\.example\.net/ },
    change: (plan) =>
      plan.userData("eu-west-1-shipping-template", "runcmd:", ["  - curl -fsS https://packages.example.net/agent.sh"]),
  },
  {
    ...{ statement: 12, what: "a secret of a task is in the other region", says: /answered by eu-central-1/ },
    change: (plan) =>
      plan.containers("eu-west-1-food-store-task", (container) => {
        container["secrets"] = [{ name: "KEY", valueFrom: `arn:aws:ssm:eu-central-1:${account}:parameter/key` }];
      }),
  },
  {
    ...{
      statement: 13,
      what: "STS is asked at its old endpoint",
      says: /AWS STS, named by the variable STS_ENDPOINT, is answered by us-east-1/,
    },
    change: (plan) =>
      plan.functionVariable("eu-west-1-pet-store-function", "STS_ENDPOINT", "https://sts.amazonaws.com"),
  },
  {
    ...{ statement: 13, what: "the SDK is told to use old endpoints", says: /sets AWS_STS_REGIONAL_ENDPOINTS=legacy/ },
    change: (plan) => plan.taskVariable("eu-west-1-food-store-task", "AWS_STS_REGIONAL_ENDPOINTS", "legacy"),
  },
  {
    ...{ statement: 13, what: "servers have another region", says: /is in eu-west-1 and sets AWS_REGION=eu-central-1/ },
    change: (plan) => setting(plan, "AWS_REGION", "eu-central-1"),
  },
  {
    ...{
      statement: 14,
      what: "tasks are in no registry and behind no balancer",
      says: /is in no registry and behind no balancer/,
    },
    change: (plan) => {
      delete plan.inputs(service, "eu-west-1-food-store-service")["serviceRegistries"];
    },
  },
  {
    ...{ statement: 14, what: "the registry has no health of its own", says: /has no health of its own/ },
    change: (plan) => {
      delete plan.inputs("aws:servicediscovery/service:Service", "eu-west-1-food-store-discovery")[
        "healthCheckCustomConfig"
      ];
    },
  },
  {
    ...{ statement: 14, what: "the gateway finds tasks by DNS", says: /finds its targets by DNS/ },
    change: (plan) => {
      plan.inputs("aws:apigatewayv2/integration:Integration", "eu-west-1-http-food-store-integration")[
        "integrationUri"
      ] = "http://food-store.prod.platform.internal:8081";
    },
  },
  {
    ...{ statement: 15, what: "a container waits for its logs", says: /waits for its logs/ },
    change: (plan) =>
      plan.containers("eu-west-1-food-store-task", (container) => delete container["logConfiguration"].options.mode),
  },
  {
    ...{ statement: 15, what: "the memory of logs is not stated", says: /states no memory for its logs/ },
    change: (plan) =>
      plan.containers(
        "eu-west-1-food-store-task",
        (container) => delete container["logConfiguration"].options["max-buffer-size"],
      ),
  },
  {
    ...{ statement: 15, what: "scaling by steps", says: /scales by steps/ },
    change: (plan) => {
      plan.inputs("aws:appautoscaling/policy:Policy", "eu-west-1-food-store-scale-cpu")["policyType"] = "StepScaling";
    },
  },
  {
    ...{
      statement: 21,
      what: "tokens of a pool that the plan does not have are admitted",
      says: /of which nothing here says what is lost/,
    },
    change: (plan) => {
      plan.inputs("aws:apigatewayv2/authorizer:Authorizer", "eu-west-1-http-jwt")["jwtConfiguration"].issuer =
        "https://cognito-idp.us-east-2.amazonaws.com/us-east-2_x";
    },
  },
  {
    ...{ statement: 21, what: "a second pool", says: /is a second pool/ },
    change: (plan) => {
      const pool = plan.first(({ type }) => type === "aws:cognito/userPool:UserPool");
      plan.add(pool.type, "eu-west-1-other-pool", { ...pool.inputs }, pool, { id: "eu-west-1_other" });
    },
  },
];
