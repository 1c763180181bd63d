import type { Purpose } from "../../../graph/ledger/need";
import type { Plant } from "./plant";

const account = "123456789012";
const healthCheck = "aws:route53/healthCheck:HealthCheck";
const integration = "aws:apigatewayv2/integration:Integration";
const route = "eu-west-1-http-food-store-integration";
const central = { region: "eu-central-1" };
const west = { region: "eu-west-1" };
const serve = { purpose: "serve" as Purpose };

/** A resource that is put next to another one. */
function added(
  where: { readonly region: string },
  purpose: Purpose,
  answeredBy: string,
  [type, name, inputs]: readonly [type: string, name: string, inputs: Record<string, unknown>],
  also: readonly string[] = [],
): Plant {
  return {
    ...where,
    ...{ purpose, answeredBy, on: name, what: `${type} ${name}`, also },
    change: (graph) =>
      graph.add(
        type,
        `${where.region}-${name}`,
        inputs,
        graph.one("aws:ecs/cluster:Cluster", `${where.region}-food-store-cluster`),
      ),
  };
}

const integrationTo = (name: string, integrationUri: string) =>
  [integration, name, { integrationType: "HTTP_PROXY", integrationUri, connectionType: "INTERNET" }] as const;
const check = (name: string, inputs: Record<string, unknown>) => [healthCheck, name, inputs] as const;

/** Dependencies of the path of requests, of DNS, of sign-in and of deployments. */
export const pathPlants: readonly Plant[] = [
  added(west, "serve", "us-east-1", integrationTo("to-balancer", "http://web-123.us-east-1.elb.amazonaws.com/x")),
  added(
    west,
    "serve",
    "eu-central-1",
    integrationTo(
      "to-function",
      `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:${account}:function:x/invocations`,
    ),
  ),
  added(west, "serve", "rates.example.org", integrationTo("to-rates", "https://rates.example.org/v1")),
  added(
    central,
    "serve",
    "eu-west-1",
    integrationTo("to-api", "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/live"),
  ),
  added(
    central,
    "serve",
    "us-west-1",
    integrationTo("to-listener", `arn:aws:elasticloadbalancing:us-west-1:${account}:listener/app/x/1/2`),
  ),
  {
    ...{
      what: "an integration that is sent to the other region's registry",
      answeredBy: "eu-central-1",
      on: "food-store-integration",
    },
    ...{ ...west, ...serve },
    change: (graph) => {
      graph.inputs(integration, route)["integrationUri"] =
        `arn:aws:servicediscovery:eu-central-1:${account}:service/srv-1`;
    },
  },
  added(west, "serve", "eu-north-1", [
    "aws:apigatewayv2/authorizer:Authorizer",
    "lambda-authorizer",
    {
      authorizerType: "REQUEST",
      authorizerUri: `arn:aws:apigateway:eu-north-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-north-1:${account}:function:a/invocations`,
    },
  ]),
  added(west, "serve", "tenant.example.org", [
    "aws:apigatewayv2/authorizer:Authorizer",
    "other-issuer",
    { authorizerType: "JWT", jwtConfiguration: { issuer: "https://tenant.example.org/", audiences: ["x"] } },
  ]),
  added(west, "sign in", "us-east-2", [
    "aws:apigatewayv2/authorizer:Authorizer",
    "far-pool",
    { authorizerType: "JWT", jwtConfiguration: { issuer: "https://cognito-idp.us-east-2.amazonaws.com/us-east-2_x" } },
  ]),
  added(central, "serve", "the edge network", [
    "aws:apigateway/domainName:DomainName",
    "edge-name",
    { domainName: "x.example.com", endpointConfiguration: { types: "EDGE" } },
  ]),
  added(
    west,
    "deploy",
    "us-east-1",
    ["aws:cloudfront/distribution:Distribution", "cdn", { enabled: true, origins: [] }],
    ["the edge network"],
  ),
  added(central, "serve", "the edge network", [
    "aws:cloudfront/distribution:Distribution",
    "front",
    { enabled: true, origins: [] },
  ]),
  added(west, "serve", "the edge network", [
    "aws:globalaccelerator/accelerator:Accelerator",
    "accelerator",
    { enabled: true },
  ]),
  added(central, "deploy", "us-west-2", ["aws:globalaccelerator/listener:Listener", "accelerator-listener", {}]),
  added(west, "deploy", "us-east-1", ["aws:wafv2/webAcl:WebAcl", "edge-acl", { scope: "CLOUDFRONT", rules: [] }]),
  added(
    west,
    "fail over",
    "us-east-1",
    check("alarm-check", { type: "CLOUDWATCH_METRIC", cloudwatchAlarmName: "x", cloudwatchAlarmRegion: "us-east-1" }),
  ),
  added(
    west,
    "fail over",
    "five regions of a cluster",
    check("control-check", {
      type: "RECOVERY_CONTROL",
      routingControlArn: `arn:aws:route53-recovery-control::${account}:controlpanel/1/routingcontrol/2`,
    }),
  ),
  added(
    west,
    "fail over",
    "eu-central-1",
    check("other-check", { type: "HTTPS", fqdn: "eu-central-1.api.example.com" }),
  ),
  added(
    central,
    "fail over",
    "the region that api.example.com leads to",
    check("self-check", { type: "HTTPS", fqdn: "api.example.com" }),
  ),
  added(
    central,
    "fail over",
    "status.example.net",
    check("status-check", { type: "HTTPS", fqdn: "status.example.net" }),
  ),
  added(west, "serve", "us-west-2", [
    "aws:scheduler/schedule:Schedule",
    "far-target",
    { target: { arn: `arn:aws:lambda:us-west-2:${account}:function:x` } },
  ]),
  added(west, "serve", "eu-central-1", [
    "aws:lambda/eventSourceMapping:EventSourceMapping",
    "far-queue",
    { eventSourceArn: `arn:aws:sqs:eu-central-1:${account}:q` },
  ]),
  added(central, "serve", "eu-west-2", [
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    "far-failures",
    { destinationConfig: { onFailure: { destination: `arn:aws:sqs:eu-west-2:${account}:dead` } } },
  ]),
  added(central, "scale", "us-east-1", [
    "aws:ecs/service:Service",
    "registered",
    { serviceRegistries: { registryArn: `arn:aws:servicediscovery:eu-central-1:${account}:service/srv-9` } },
  ]),
  added(west, "serve", "eu-west-2", [
    "aws:lambda/function:Function",
    "with-file-system",
    { publish: true, fileSystemConfig: { arn: `arn:aws:elasticfilesystem:eu-west-2:${account}:access-point/fsap-1` } },
  ]),
  added(west, "serve", "ap-northeast-3", [
    "aws:lb/listener:Listener",
    "sign-in-listener",
    {
      defaultActions: [
        { authenticateOidc: { issuer: "x", tokenEndpoint: "https://cognito-idp.ap-northeast-3.amazonaws.com/t" } },
      ],
    },
  ]),
  {
    ...{
      what: "a policy of AWS for Route 53 on a task",
      answeredBy: "us-east-1",
      on: "food-store-dns",
      ...central,
      ...serve,
    },
    change: (graph) => {
      const role = graph.one("aws:iam/role:Role", "eu-central-1-food-store-role");
      graph.add(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "eu-central-1-food-store-dns",
        { role: role.outputs["name"], policyArn: "arn:aws:iam::aws:policy/AmazonRoute53FullAccess" },
        role,
      );
    },
  },
  {
    ...{
      what: "the other region's bucket by its name",
      answeredBy: "eu-central-1",
      on: "pet-store-function",
      ...west,
      ...serve,
    },
    change: (graph) => {
      const bucket = graph.one("aws:s3/bucket:Bucket", "eu-central-1-pet-store-objects-bucket");
      graph.functionVariable("eu-west-1-pet-store-function", "MORE_OBJECTS", bucket.outputs["id"]);
    },
  },
  {
    ...{
      what: "a table without a replica, by its name",
      answeredBy: "eu-west-1",
      on: "pet-store-function",
      ...central,
      ...serve,
    },
    change: (graph) => {
      const table = graph.one("aws:dynamodb/table:Table", "eu-west-1-data-food-store");
      graph.add(table.type, "eu-west-1-lonely", { name: "lonely" }, table, {
        id: "lonely",
        name: "lonely",
        arn: `arn:aws:dynamodb:eu-west-1:${account}:table/lonely`,
      });
      graph.functionVariable("eu-central-1-pet-store-function", "LONELY_TABLE", "lonely");
    },
  },
  {
    ...{
      what: "a resource that its own input puts elsewhere",
      answeredBy: "us-west-1",
      on: "pet-store-schedules-failed",
      ...central,
      ...serve,
    },
    change: (graph) => {
      graph.inputs("aws:sqs/queue:Queue", "eu-central-1-pet-store-schedules-failed")["region"] = "us-west-1";
    },
  },
  {
    ...{
      what: "a record of a name that leads to the other region",
      answeredBy: "eu-west-1",
      on: "far-record",
      ...central,
      ...serve,
    },
    change: (graph) => {
      const record = graph.one("aws:route53/record:Record", "eu-central-1-names-probe-record");
      graph.add(
        record.type,
        "eu-central-1-far-record",
        {
          name: "far.example.com",
          type: "CNAME",
          records: ["d-1.execute-api.eu-west-1.amazonaws.com"],
          zoneId: record.inputs["zoneId"],
        },
        record,
      );
    },
  },
  {
    ...{
      what: "the pool of sign-in sends mail through another region",
      answeredBy: "us-west-2",
      on: "identity-pool",
      ...west,
    },
    purpose: "sign in",
    change: (graph) => {
      graph.inputs("aws:cognito/userPool:UserPool", "eu-west-1-identity-pool")["emailConfiguration"] = {
        sourceArn: "x",
        emailSendingAccount: "DEVELOPER",
        configurationSet: "x",
        from: "x",
        sesArn: `arn:aws:ses:us-west-2:${account}:identity/example.com`,
      };
    },
  },
  {
    ...{
      what: "a name of sign-in of one's own, which is at CloudFront",
      answeredBy: "the edge network",
      also: ["us-east-1"],
      on: "sign-in-name",
      ...west,
    },
    purpose: "sign in",
    change: (graph) => {
      const domain = graph.first(({ type }) => type === "aws:cognito/userPoolDomain:UserPoolDomain");
      graph.add(
        domain.type,
        "eu-west-1-sign-in-name",
        {
          ...domain.inputs,
          domain: "login.example.com",
          certificateArn: `arn:aws:acm:us-east-1:${account}:certificate/1`,
        },
        domain,
      );
    },
  },
];
