import type { Case } from "../case";
import type { Draft } from "../helpers";

/** A private API whose methods ask for a signature, with these statements in its policy. */
const privateApi = (...Statement: object[]): Draft => ({
  own: [
    "aws:apigateway/restApi:RestApi",
    {
      endpointConfiguration: { types: "PRIVATE" },
      disableExecuteApiEndpoint: true,
      body: JSON.stringify({
        openapi: "3.0.1",
        "x-amazon-apigateway-request-validator": "all",
        paths: { "/a": { get: { security: [{ iam: [] }] } } },
        components: { securitySchemes: { iam: { type: "apiKey", "x-amazon-apigateway-authtype": "awsSigv4" } } },
        "x-amazon-apigateway-policy": { Statement },
      }),
    },
  ],
});
/** Admits a principal through one VPC endpoint. */
const through = (principal: string) => ({
  Effect: "Allow",
  Principal: { AWS: principal },
  Action: "execute-api:Invoke",
  Resource: "execute-api:/*",
  Condition: { StringEquals: { "aws:SourceVpce": "vpce-0a1b2c3d" } },
});

export const edgeCases: Readonly<Record<string, Case>> = {
  "stage-access-logs": {
    world: "functions",
    change: [["stage", "accessLogSettings"]],
    on: "stage",
    says: 'API Gateway stage "stage" must log its requests, got no destinationArn and no format',
  },
  "stage-throttle": {
    world: "functions",
    change: [["stage", "defaultRouteSettings.throttlingRateLimit"]],
    on: "stage",
    says: 'API Gateway stage "stage" must limit the rate of every route, got no throttlingRateLimit',
  },
  "method-settings-logging": {
    world: "rest",
    change: [["settings", "settings.loggingLevel", "OFF"]],
    on: "settings",
    says: 'API Gateway method settings "settings" must log errors, got settings.loggingLevel "OFF"',
  },
  "method-settings-throttle": {
    world: "rest",
    change: [["settings", "settings.throttlingRateLimit"]],
    on: "settings",
    says: 'API Gateway method settings "settings" must limit the rate of requests, got no throttlingRateLimit',
  },
  "method-settings-cache": {
    world: "rest",
    change: [["settings", "settings.cacheDataEncrypted", false]],
    on: "settings",
    says: 'API Gateway method settings "settings" must encrypt its cache, got settings.cacheDataEncrypted false',
  },
  "stage-tracing": {
    world: "rest",
    change: [["stage", "xrayTracingEnabled"]],
    on: "stage",
    says: 'API Gateway stage "stage" must trace its requests, as the program does elsewhere, got xrayTracingEnabled none',
  },
  "stage-waf": {
    world: "rest",
    change: [["stage-acl", ""]],
    on: "stage",
    says: 'API Gateway stage "stage" must have a web ACL, got none',
  },
  "stage-method-settings": {
    world: "rest",
    change: [["settings", ""]],
    on: "stage",
    says: 'API Gateway stage "stage" must have method settings, got none',
  },
  "private-api-policy": {
    world: "rest",
    change: [["api", "endpointConfiguration.types", "PRIVATE"]],
    on: "api",
    says: 'API Gateway REST API "api" must have a resource policy, as it is private, got none',
  },
  "private-api-principals": {
    world: "rest",
    change: [],
    add: privateApi(through("arn:aws:iam::123456789012:role/caller")),
    on: "own",
    says: 'API Gateway REST API "own" must deny principals that it does not name, got no Deny by aws:PrincipalArn',
  },
  "private-api-callers": {
    world: "rest",
    change: [],
    add: privateApi(through("arn:aws:iam::444455556666:root"), {
      Effect: "Deny",
      Principal: "*",
      Action: "execute-api:Invoke",
      Resource: "execute-api:/*",
      Condition: { StringNotEquals: { "aws:PrincipalAccount": "444455556666" } },
    }),
    on: "own",
    says: 'API Gateway REST API "own" must admit roles by name, not a whole account, got "arn:aws:iam::444455556666:root"',
  },
  "private-domain-policy": {
    world: "rest",
    change: [["domain", "endpointConfiguration.types", "PRIVATE"]],
    on: "domain",
    says: 'API Gateway domain name "domain" must have a policy, as it is private, got none',
  },
  "api-key-in-plan": {
    world: "rest",
    change: [["plan-key", ""]],
    on: "key-of-client",
    says: 'API Gateway API key "key-of-client" must belong to a usage plan, got no usage plan key for it',
  },
  "websocket-connect-authorised": {
    world: "functions",
    change: [],
    add: {
      socket: ["aws:apigatewayv2/api:Api", { protocolType: "WEBSOCKET" }],
      connect: ["aws:apigatewayv2/route:Route", { apiId: "@{socket}", routeKey: "$connect" }],
    },
    config: { "execute-api-closed": { prod: "disabled" } },
    on: "connect",
    says: 'API Gateway route "connect" must authorise clients that connect, got authorizationType NONE for $connect',
  },
  "route-authorised": {
    world: "functions",
    change: [["get-orders", "authorizationType", "NONE"]],
    on: "get-orders",
    says: 'API Gateway route "get-orders" must authorise its callers, got authorizationType NONE for "GET /orders"',
  },
  "method-validator": {
    world: "rest",
    change: [["add-order", "requestValidatorId"]],
    on: "add-order",
    says: 'API Gateway method "add-order" must validate requests, got no requestValidatorId',
  },
  "method-api-key": {
    world: "rest",
    change: [["get-orders", "apiKeyRequired"]],
    on: "get-orders",
    says: 'API Gateway method "get-orders" must ask for a key, as its API has usage plans, got apiKeyRequired none',
  },
  "domain-tls": {
    world: "rest",
    change: [["domain", "securityPolicy", "TLS_1_0"]],
    on: "domain",
    says: 'API Gateway domain name "domain" must refuse TLS before 1.2, got securityPolicy "TLS_1_0"',
  },
  "distribution-https": {
    world: "site",
    change: [["distribution", "defaultCacheBehavior.viewerProtocolPolicy", "allow-all"]],
    on: "distribution",
    says: 'CloudFront distribution "distribution" must use HTTPS to viewers, got viewerProtocolPolicy "allow-all"',
  },
  "distribution-tls": {
    world: "site",
    change: [["distribution", "viewerCertificate.minimumProtocolVersion", "TLSv1"]],
    on: "distribution",
    says: 'CloudFront distribution "distribution" must refuse TLS before 1.2, got viewerCertificate.minimumProtocolVersion "TLSv1"',
  },
  "distribution-origin-access": {
    world: "site",
    change: [["distribution", "origins.0.originAccessControlId"]],
    on: "distribution",
    says: 'CloudFront distribution "distribution" must read its bucket by origin access control, got no originAccessControlId for "near"',
  },
  "distribution-root-object": {
    world: "site",
    change: [["distribution", "defaultRootObject"]],
    on: "distribution",
    says: 'CloudFront distribution "distribution" must have a root object, got no defaultRootObject',
  },
  "distribution-logging": {
    world: "site",
    change: [["distribution", "loggingConfig"]],
    on: "distribution",
    says: 'CloudFront distribution "distribution" must log its requests, got no loggingConfig.bucket',
  },
  "distribution-waf": {
    world: "site",
    change: [["distribution", "webAclId"]],
    on: "distribution",
    says: 'CloudFront distribution "distribution" must have a web ACL, as it is in front of "servers", got none',
  },
  "distribution-origin-tls": {
    world: "site",
    change: [["distribution", "origins.2.customOriginConfig.originSslProtocols", ["TLSv1", "TLSv1.2"]]],
    on: "distribution",
    says: 'CloudFront distribution "distribution" must connect to its origins with TLS 1.2, got originSslProtocols TLSv1 for "servers"',
  },
  "distribution-security-headers": {
    world: "site",
    change: [["distribution", "defaultCacheBehavior.responseHeadersPolicyId"]],
    on: "distribution",
    says: 'CloudFront distribution "distribution" must send security headers, got none on 1 of its behaviours',
  },
  "distribution-failover-statuses": {
    world: "site",
    change: [["distribution", "originGroups.0.failoverCriteria.statusCodes", [404, 500, 503]]],
    on: "distribution",
    says: 'CloudFront distribution "distribution" must fail over on 403, which "near" answers for a missing key, got statuses 404, 500, 503',
  },
  "distribution-failover-wait": {
    world: "site",
    change: [
      ["distribution", "origins.0.connectionAttempts"],
      ["distribution", "origins.0.connectionTimeout"],
    ],
    on: "distribution",
    says: 'CloudFront distribution "distribution" must fail over within 5 seconds, got 3 attempts of 10 seconds at "near"',
  },
  "distribution-error-pages": {
    world: "site",
    change: [
      [
        "distribution",
        "customErrorResponses",
        [
          { errorCode: 403, responseCode: 200, responsePagePath: "/index.html" },
          { errorCode: 503, responseCode: 503, responsePagePath: "/sorry.html" },
        ],
      ],
    ],
    on: "distribution",
    says: 'CloudFront distribution "distribution" must leave the errors of "servers" as they are, got status 200 in place of 403',
  },
  "distribution-us-east-1": {
    world: "site",
    change: [["distribution", "webAclId", "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a/b"]],
    on: "distribution",
    says: 'CloudFront distribution "distribution" must have a web ACL of scope CLOUDFRONT, got "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a/b"',
  },
  "response-headers-security": {
    world: "site",
    change: [
      [
        "headers",
        "securityHeadersConfig.contentSecurityPolicy.contentSecurityPolicy",
        "default-src 'self' 'unsafe-inline'",
      ],
    ],
    on: "headers",
    says: "CloudFront response headers policy \"headers\" must let no inline script run, got \"default-src 'self' 'unsafe-inline'\"",
  },
  "distribution-origin-group": {
    world: "site",
    change: [["distribution", "defaultCacheBehavior.targetOriginId", "near"]],
    on: "distribution",
    says: 'CloudFront distribution "distribution" must target a group of two origins, got "near"',
  },
  "zone-query-log": {
    world: "regions",
    change: [["zone-log", ""]],
    on: "zone",
    says: 'Route 53 zone "zone" must log its queries, got no query log',
  },
  "zone-dnssec": {
    world: "regions",
    change: [["zone-signed", ""]],
    on: "zone",
    says: 'Route 53 zone "zone" must be signed by DNSSEC, got no key for it',
  },
  "web-acl-rules": {
    world: "publicEdge",
    change: [["acl-rules", "rules"]],
    on: "acl-rules",
    says: 'WAF web ACL "acl-rules" must have rules, got none',
  },
  "web-acl-metrics": {
    world: "publicEdge",
    change: [["acl-rules", "visibilityConfig.cloudwatchMetricsEnabled", false]],
    on: "acl-rules",
    says: 'WAF web ACL "acl-rules" must publish metrics, got no cloudwatchMetricsEnabled for itself',
  },
  "web-acl-logging": {
    world: "publicEdge",
    change: [["acl-log", ""]],
    on: "acl-rules",
    says: 'WAF web ACL "acl-rules" must log the requests that it allows and blocks, got no logging configuration',
  },
  "certificate-key-size": {
    world: "functions",
    change: [["certificate", "keyAlgorithm", "RSA_1024"]],
    on: "certificate",
    says: 'Certificate Manager certificate "certificate" must have a key of 2048 bits, got keyAlgorithm "RSA_1024"',
  },
};
