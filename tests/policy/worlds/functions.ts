import type { Draft, World } from "../helpers";
import { balancer, front, key, network, subnetIds, trust } from "./network";

const topic: Draft = { topic: balancer["topic"]! };
const logs: Draft = { logs: ["aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 90, kmsKeyId: "@{key.arn}" }] };
const lambda = (variables: Record<string, string> = {}) =>
  [
    "aws:lambda/function:Function",
    {
      role: "@{role.arn}",
      runtime: "nodejs22.x",
      timeout: 12,
      reservedConcurrentExecutions: 200,
      tracingConfig: { mode: "Active" },
      environment: { variables: { REQUEST_TIMEOUT_SECONDS: "10", ...variables } },
    },
  ] as const;
const alarmOn = (name: string) =>
  [
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    { alarmActions: ["@{topic.arn}"], treatMissingData: "notBreaching", dimensions: { FunctionName: `@{${name}}` } },
  ] as const;
const role: Draft = { role: ["aws:iam/role:Role", { assumeRolePolicy: trust("lambda.amazonaws.com") }] };

/** Functions behind an HTTP API, one fed by a queue. */
export const functions: World = {
  draft: {
    ...key,
    ...topic,
    ...logs,
    "more-logs": logs["logs"]!,
    ...role,
    "role-policy": [
      "aws:iam/rolePolicy:RolePolicy",
      {
        role: "@{role}",
        policy: {
          Statement: [
            {
              Effect: "Allow",
              Action: ["dynamodb:GetItem"],
              Resource: "arn:aws:dynamodb:eu-west-1:123456789012:table/orders",
            },
          ],
        },
      },
    ],
    orders: lambda(),
    "orders-alarm": alarmOn("orders"),
    permission: [
      "aws:lambda/permission:Permission",
      {
        action: "lambda:InvokeFunction",
        function: "@{orders}",
        principal: "apigateway.amazonaws.com",
        sourceArn: "arn:aws:execute-api:eu-west-1:123456789012:abc/$default/GET/orders",
      },
    ],
    "orders-url": ["aws:lambda/functionUrl:FunctionUrl", { functionName: "@{orders}", authorizationType: "AWS_IAM" }],
    worker: lambda({ IDEMPOTENCY: "key" }),
    "worker-mapping": [
      "aws:lambda/eventSourceMapping:EventSourceMapping",
      {
        functionName: "@{worker}",
        eventSourceArn: "arn:aws:sqs:eu-west-1:123456789012:orders",
        scalingConfig: { maximumConcurrency: 100 },
        functionResponseTypes: ["ReportBatchItemFailures"],
      },
    ],
    api: ["aws:apigatewayv2/api:Api", { protocolType: "HTTP", disableExecuteApiEndpoint: true }],
    domain: [
      "aws:apigatewayv2/domainName:DomainName",
      {
        domainName: "api.example.com",
        domainNameConfiguration: {
          endpointType: "REGIONAL",
          securityPolicy: "TLS_1_2",
          certificateArn: "@{certificate.arn}",
        },
      },
    ],
    mapping: [
      "aws:apigatewayv2/apiMapping:ApiMapping",
      { apiId: "@{api}", domainName: "@{domain}", stage: "$default" },
    ],
    certificate: ["aws:acm/certificate:Certificate", { domainName: "api.example.com", keyAlgorithm: "RSA_2048" }],
    integration: [
      "aws:apigatewayv2/integration:Integration",
      { apiId: "@{api}", integrationType: "AWS_PROXY", integrationUri: "@{orders.arn}", timeoutMilliseconds: 15000 },
    ],
    "get-orders": [
      "aws:apigatewayv2/route:Route",
      {
        apiId: "@{api}",
        routeKey: "GET /orders",
        authorizationType: "JWT",
        authorizationScopes: ["orders/read"],
        target: "integrations/@{integration}",
      },
    ],
    "get-health": [
      "aws:apigatewayv2/route:Route",
      {
        apiId: "@{api}",
        routeKey: "GET /orders/healthz",
        authorizationType: "NONE",
        target: "integrations/@{integration}",
      },
    ],
    stage: [
      "aws:apigatewayv2/stage:Stage",
      {
        apiId: "@{api}",
        defaultRouteSettings: { throttlingRateLimit: 500, throttlingBurstLimit: 250 },
        accessLogSettings: { destinationArn: "@{logs.arn}", format: "$context.requestId" },
      },
    ],
    gate: [...lambda().slice(0, 1), { ...lambda()[1], timeout: 9, environment: {} }] as unknown as Draft[string],
    authorizer: [
      "aws:apigatewayv2/authorizer:Authorizer",
      {
        apiId: "@{api}",
        authorizerType: "REQUEST",
        authorizerUri: "@{gate.arn}",
        authorizerResultTtlInSeconds: 300,
        identitySources: ["$request.header.Authorization"],
      },
    ],
  },
};

/** A function inside a VPC. */
export const inside: World = {
  draft: {
    ...network,
    ...role,
    group: ["aws:ec2/securityGroup:SecurityGroup", { vpcId: "@{vpc}", description: "Function" }],
    orders: [lambda()[0], { ...lambda()[1], vpcConfig: { subnetIds, securityGroupIds: ["@{group}"] } }],
  },
};

/** A REST API. */
export const rest: World = {
  draft: {
    ...key,
    ...logs,
    api: ["aws:apigateway/restApi:RestApi", { endpointConfiguration: { types: "REGIONAL" } }],
    stage: [
      "aws:apigateway/stage:Stage",
      {
        restApi: "@{api}",
        stageName: "live",
        xrayTracingEnabled: true,
        accessLogSettings: { destinationArn: "@{logs.arn}", format: "$context.requestId" },
      },
    ],
    plan: [
      "aws:apigateway/usagePlan:UsagePlan",
      { apiStages: [{ apiId: "@{api}", stage: "live" }], throttleSettings: { rateLimit: 10, burstLimit: 20 } },
    ],
    "stage-acl": [
      "aws:wafv2/webAclAssociation:WebAclAssociation",
      { resourceArn: "@{stage.arn}", webAclArn: "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a" },
    ],
    settings: [
      "aws:apigateway/methodSettings:MethodSettings",
      {
        restApi: "@{api}",
        stageName: "live",
        methodPath: "*/*",
        settings: {
          loggingLevel: "ERROR",
          dataTraceEnabled: false,
          throttlingRateLimit: 100,
          throttlingBurstLimit: 50,
          cachingEnabled: true,
          cacheDataEncrypted: true,
          requireAuthorizationForCacheControl: true,
        },
      },
    ],
    "get-orders": [
      "aws:apigateway/method:Method",
      { restApi: "@{api}", httpMethod: "GET", authorization: "AWS_IAM", requestValidatorId: "v", apiKeyRequired: true },
    ],
    "add-order": [
      "aws:apigateway/method:Method",
      {
        restApi: "@{api}",
        httpMethod: "POST",
        authorization: "AWS_IAM",
        requestValidatorId: "v",
        apiKeyRequired: true,
      },
    ],
    flow: ["aws:sfn/stateMachine:StateMachine", { tracingConfiguration: { enabled: true } }],
    "key-of-client": ["aws:apigateway/apiKey:ApiKey", {}],
    "plan-key": [
      "aws:apigateway/usagePlanKey:UsagePlanKey",
      { keyId: "@{key-of-client}", keyType: "API_KEY", usagePlanId: "@{plan}" },
    ],
    domain: ["aws:apigateway/domainName:DomainName", { domainName: "api.example.com", securityPolicy: "TLS_1_2" }],
  },
};

/** A balancer that faces the internet. */
export const publicEdge: World = {
  draft: {
    ...network,
    ...balancer,
    ...front,
    balancer: [
      balancer["balancer"]![0],
      { ...balancer["balancer"]![1], internal: false, subnets: ["@{public-a}", "@{public-b}", "@{public-c}"] },
    ],
    "balancer-https": [
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      {
        securityGroupId: "@{balancer-group}",
        cidrIpv4: "0.0.0.0/0",
        fromPort: 443,
        toPort: 443,
        ipProtocol: "tcp",
        description: "The world",
      },
    ],
    "balancer-acl": [
      "aws:wafv2/webAclAssociation:WebAclAssociation",
      { resourceArn: "@{balancer.arn}", webAclArn: "@{acl-rules.arn}" },
    ],
    "acl-rules": [
      "aws:wafv2/webAcl:WebAcl",
      {
        rules: [{ name: "common", visibilityConfig: { cloudwatchMetricsEnabled: true } }],
        visibilityConfig: { cloudwatchMetricsEnabled: true },
      },
    ],
    "acl-log": [
      "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
      {
        resourceArn: "@{acl-rules.arn}",
        logDestinationConfigs: ["arn:aws:logs:eu-west-1:123456789012:log-group:aws-waf-logs-front"],
        redactedFields: [{ singleHeader: { name: "authorization" } }],
      },
    ],
    listener: [
      "aws:lb/listener:Listener",
      {
        loadBalancerArn: "@{balancer.arn}",
        port: 443,
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        defaultActions: [{ type: "forward", targetGroupArn: "@{targets.arn}" }],
      },
    ],
    redirect: [
      "aws:lb/listener:Listener",
      {
        loadBalancerArn: "@{balancer.arn}",
        port: 80,
        protocol: "HTTP",
        defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", statusCode: "HTTP_301" } }],
      },
    ],
  },
};
