import type { Case } from "../case";

/** One mutation for each rule about REST APIs with keys, authorizers and kept answers. */
export const restCases: Readonly<Record<string, Case>> = {
  "api-key-source": {
    world: "rest",
    change: [["api", "apiKeySource", "AUTHORIZER"]],
    on: "api",
    says: 'API Gateway REST API "api" must have a Lambda authorizer, as its API keys come from one, got none',
  },
  "api-usage-plan": {
    world: "rest",
    change: [
      ["plan", ""],
      ["plan-key", ""],
      ["key-of-client", ""],
    ],
    on: "api",
    says: 'API Gateway REST API "api" must have a usage plan, as its methods ask for keys, got none',
  },
  "authorizer-cache": {
    world: "rest",
    change: [],
    add: {
      authorizer: [
        "aws:apigateway/authorizer:Authorizer",
        { restApi: "@{api}", type: "REQUEST", authorizerUri: "arn", authorizerResultTtlInSeconds: 3_600 },
      ],
    },
    on: "authorizer",
    says: 'API Gateway authorizer "authorizer" must keep decisions for 300 s at most, got 3600',
  },
  "cache-key-caller": {
    world: "rest",
    change: [["stage", "cacheClusterEnabled", true]],
    add: {
      integration: ["aws:apigateway/integration:Integration", { restApi: "@{api}", httpMethod: "GET", type: "MOCK" }],
    },
    on: "settings",
    says: 'API Gateway method settings "settings" must keep answers by their caller, got no key of the caller for GET .../',
  },
  "gateway-response-cors": {
    world: "rest",
    change: [],
    add: {
      answer: [
        "aws:apigateway/response:Response",
        {
          restApiId: "@{api}",
          responseType: "DEFAULT_4XX",
          responseParameters: {
            "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
            "gatewayresponse.header.Access-Control-Allow-Credentials": "'true'",
          },
        },
      ],
    },
    on: "answer",
    says: 'API Gateway response "answer" must not allow credentials to any origin, got that for DEFAULT_4XX',
  },
  "integration-streaming": {
    world: "rest",
    change: [],
    add: {
      integration: [
        "aws:apigateway/integration:Integration",
        { restApi: "@{api}", httpMethod: "GET", type: "MOCK", responseTransferMode: "STREAM" },
      ],
    },
    on: "integration",
    says: 'API Gateway integration "integration" must stream through a proxy for GET .../, got type "MOCK"',
  },
  "permission-api-source": {
    world: "functions",
    change: [["permission", "sourceArn", "arn:aws:execute-api:eu-west-1:123456789012:*/*"]],
    on: "permission",
    says: 'Lambda permission "permission" must name an API, got "arn:aws:execute-api:eu-west-1:123456789012:*/*"',
  },
  "usage-plan-method-throttle": {
    world: "rest",
    change: [
      ["plan", "apiStages", [{ apiId: "@{api}", stage: "live", throttles: [{ path: "/orders/GET", rateLimit: 1 }] }]],
    ],
    on: "plan",
    says: 'API Gateway usage plan "plan" must limit rate and burst of "/orders/GET", got no burstLimit',
  },
  "usage-plan-stage": {
    world: "rest",
    change: [],
    add: { spare: ["aws:apigateway/usagePlan:UsagePlan", { throttleSettings: { rateLimit: 10, burstLimit: 20 } }] },
    on: "spare",
    says: 'API Gateway usage plan "spare" must name its stages, got none',
  },
  "web-acl-association-stage": {
    world: "rest",
    change: [],
    add: {
      other: [
        "aws:wafv2/webAclAssociation:WebAclAssociation",
        {
          resourceArn: "arn:aws:execute-api:eu-west-1:123456789012:abc/live",
          webAclArn: "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a",
        },
      ],
    },
    on: "other",
    says: 'WAF web ACL association "other" must name a stage of a REST API, got "arn:aws:execute-api:eu-west-1:123456789012:abc/live"',
  },
};
