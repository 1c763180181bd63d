import assert from "node:assert/strict";
import type * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import { UserError } from "../../../../graph/user-error";
import { compileLogFormat } from "../../../../local/apigateway/http/access-log";
import { functionUri, type PlannedApi, plannedApi } from "./helpers/planned";

const get = { key: "GET /a" };
const withIntegration = (integration: Partial<apigatewayv2.IntegrationArgs>, to?: string): PlannedApi => ({
  routes: [{ ...get, integration, ...(to && { to }) }],
});

describe("gateway: what it reads from the plan", () => {
  it("reads routes, limits, stages and names of a planned API", async () => {
    const { model } = await plannedApi({
      routes: [
        { ...get, limit: [5, 2] },
        { key: "PUT /a/{id}", scopes: ["s/write"], to: "discovery" },
        { key: "$default", to: "function" },
        { key: "ANY /old/{proxy+}", to: "https://legacy.example.com/v1/{proxy}" },
      ],
      domains: ["api.example.com"],
    });
    assert.deepEqual([...model.domains], [["api.example.com", "$default"]]);
    assert.deepEqual([...model.stages.get("$default")!.limits], [["GET /a", { rate: 5, burst: 2 }]]);
    const kinds = model.routes.map(({ key, integration, authorization }) => [
      key,
      integration.kind,
      authorization?.scopes,
    ]);
    assert.deepEqual(kinds, [
      ["GET /a", "private", undefined],
      ["PUT /a/{id}", "private", ["s/write"]],
      ["$default", "function", undefined],
      ["ANY /old/{proxy+}", "url", undefined],
    ]);
    assert.equal(model.accountId, "123456789012");
  });

  for (const [fact, plan, message] of [
    [
      "a region with a WebSocket API alone",
      { routes: [get], api: { protocolType: "WEBSOCKET" } },
      /^stack "test" has no aws:apigatewayv2\/api:Api of the protocol HTTP in eu-west-1; plan an edge layer there$/,
    ],
    ["an API imported from a document", { routes: [get], api: { body: "{}" } }, /Api "api": body must be unset/],
    [
      "a MOCK integration",
      withIntegration({ integrationType: "MOCK" }),
      /Integration "i0": integrationType must be .*"MOCK"/,
    ],
    [
      "an AWS service that is not run here",
      withIntegration({ integrationSubtype: "EventBridge-PutEvents" }, "function"),
      /integrationSubtype must be "SQS-SendMessage" .*"EventBridge-PutEvents"/,
    ],
    [
      "payload 2.0 for a queue",
      withIntegration({ integrationSubtype: "SQS-SendMessage" }, "function"),
      /payloadFormatVersion must be "1.0" .*"2.0"/,
    ],
    [
      "a queue without its URL",
      withIntegration({ integrationSubtype: "SQS-SendMessage", payloadFormatVersion: "1.0" }, "function"),
      /requestParameters\.QueueUrl must be set/,
    ],
    [
      "payload 1.0 for a function",
      withIntegration({ payloadFormatVersion: "1.0" }, "function"),
      /payloadFormatVersion must be "2.0" .*"1.0"/,
    ],
    [
      "payload 2.0 for a server",
      withIntegration({ payloadFormatVersion: "2.0" }),
      /payloadFormatVersion must be "1.0"/,
    ],
    [
      "a function behind a link",
      withIntegration({ connectionType: "VPC_LINK" }, "function"),
      /connectionType must be "INTERNET"/,
    ],
    [
      "mappings for a function",
      withIntegration({ requestParameters: { "overwrite:header.a": "b" } }, "function"),
      /requestParameters must be unset/,
    ],
    [
      "a balancer's ARN instead of its listener's",
      withIntegration({ integrationUri: "arn:lb" }),
      /integrationUri must be the ARN of a planned listener/,
    ],
    ["an unknown link", withIntegration({ connectionId: "nope" }), /connectionId must be the id of a planned VPC link/],
    [
      "TLS to the servers",
      withIntegration({ tlsConfig: { serverNameToVerify: "x.example.com" } }),
      /tlsConfig must be unset/,
    ],
    [
      "a response mapping with an unknown key",
      withIntegration({ responseParameters: [{ statusCode: "200", mappings: { "overwrite:body": "b" } }] }),
      /responseParameters\["200"\]\["overwrite:body"\] must be append.*overwrite:statuscode/,
    ],
    [
      "a response mapping from the request",
      withIntegration({
        responseParameters: [{ statusCode: "200", mappings: { "append:header.a": "$request.header.b" } }],
      }),
      /text with variables of HTTP APIs .*\$request\.header\.b/,
    ],
    [
      "request mappings of a function",
      { routes: [{ key: "GET /a", to: "function", integration: { requestParameters: { "append:header.a": "b" } } }] },
      /requestParameters must be unset/,
    ],
    [
      "a timeout over 30 s",
      withIntegration({ timeoutMilliseconds: 30_001 }),
      /timeoutMilliseconds must be 50-30000 .*30001/,
    ],
    [
      "a path that is appended to",
      withIntegration({ requestParameters: { "append:path": "/x" } }),
      /requestParameters\["append:path"\] must be append, overwrite or remove:header/,
    ],
    [
      "a mapping of a reserved header",
      withIntegration({ requestParameters: { "overwrite:header.Via": "b" } }),
      /a header that AWS does not reserve/,
    ],
    [
      "a mapping from a body by a filter",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how AWS writes it
      withIntegration({ requestParameters: { "overwrite:header.a": "${request.body.a[?(@.b)]}" } }),
      /text with variables of HTTP APIs .*@\.b/,
    ],
    [
      "a mapping from a body by recursive descent",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how AWS writes it
      withIntegration({ requestParameters: { "overwrite:header.a": "${request.body..b}" } }),
      /text with variables of HTTP APIs .*body\.\.b/,
    ],
    [
      "a mapping from an unknown variable",
      withIntegration({ requestParameters: { "overwrite:header.a": "$context.nope" } }),
      /text with variables of HTTP APIs .*\$context\.nope/,
    ],
    ["a URL with a query", withIntegration({}, "https://legacy.example.com/a?b"), /an http\(s\) URL without query/],
    ["a URL with a parameter as its host", withIntegration({}, "https://{host}/a"), /an http\(s\) URL without query/],
    [
      "an IAM route",
      { routes: [{ ...get, route: { authorizationType: "AWS_IAM" } }] },
      /Route "r0": authorizationType must be "NONE" or "JWT"/,
    ],
    [
      "scopes without authorizer",
      { routes: [{ ...get, route: { authorizationScopes: ["a"] } }] },
      /authorizationScopes must be unset/,
    ],
    [
      "an unknown authorizer",
      { routes: [{ ...get, jwt: true, route: { authorizerId: "nope" } }] },
      /authorizerId must be set/,
    ],
    [
      "an unknown target",
      { routes: [{ ...get, route: { target: "integrations/nope" } }] },
      /target must be integrations\/<id>/,
    ],
    [
      "a route with an API key",
      { routes: [{ ...get, route: { apiKeyRequired: true } }] },
      /apiKeyRequired must be unset/,
    ],
    ["a route key without path", { routes: [{ key: "$connect" }] }, /routeKey must be/],
    ["a greedy parameter in the middle", { routes: [{ key: "GET /{a+}/b" }] }, /routeKey must be/],
    ["a parameter within a segment", { routes: [{ key: "GET /a-{b}" }] }, /routeKey must be/],
    ["an unknown method", { routes: [{ key: "FETCH /a" }] }, /routeKey must be/],
    [
      "a Lambda authorizer whose answers are policies",
      {
        routes: [get],
        authorizer: {
          ...{ authorizerType: "REQUEST", authorizerPayloadFormatVersion: "2.0", identitySources: [] },
          jwtConfiguration: undefined as never,
        },
      },
      /Authorizer "jwt": enableSimpleResponses must be/,
    ],
    [
      "a token in the query",
      { routes: [get], authorizer: { identitySources: ["$request.querystring.t"] } },
      /identitySources must be/,
    ],
    [
      "an authorizer without audience",
      { routes: [get], authorizer: { jwtConfiguration: { issuer: "https://i.example.com" } } },
      /audiences must be a list/,
    ],
    [
      "a limit for a route that does not exist",
      {
        routes: [get],
        stage: { routeSettings: [{ routeKey: "GET /b", throttlingRateLimit: 1, throttlingBurstLimit: 1 }] },
      },
      /routeKey must be the key of a route .*"GET \/b"/,
    ],
    [
      "a rate without a burst",
      { routes: [get], stage: { defaultRouteSettings: { throttlingRateLimit: 1 } } },
      /both a rate and a burst/,
    ],
    [
      "execution logs",
      { routes: [get], stage: { defaultRouteSettings: { loggingLevel: "INFO" } } },
      /loggingLevel must be unset/,
    ],
    [
      "a stage that is not deployed",
      { routes: [get], stage: { autoDeploy: false } },
      /Stage "stage-\$default": autoDeploy must be true/,
    ],
    [
      "a client certificate",
      { routes: [get], stage: { clientCertificateId: "c" } },
      /clientCertificateId must be unset/,
    ],
    ["no stage", { routes: [get], stages: [] }, /at least one aws:apigatewayv2 Stage/],
    [
      "a base path",
      { routes: [get], domains: ["api.example.com"], mapping: { apiMappingKey: "v1" } },
      /apiMappingKey must be unset/,
    ],
    [
      "a mapping to an unknown stage",
      { routes: [get], domains: ["api.example.com"], mapping: { stage: "nope" } },
      /stage must be one of \$default/,
    ],
    [
      "* with credentials",
      { routes: [get], api: { corsConfiguration: { allowOrigins: ["*"], allowCredentials: true } } },
      /unset with the origin \*/,
    ],
    [
      "an origin pattern",
      { routes: [get], api: { corsConfiguration: { allowOrigins: ["https://*.example.com"] } } },
      /exact origins, \*, https:\/\/\* or http:\/\/\*/,
    ],
  ] as const satisfies readonly (readonly [string, PlannedApi, RegExp])[]) {
    it(`refuses ${fact}`, async () => {
      await assert.rejects(plannedApi(plan as PlannedApi), (error: Error) => {
        assert.ok(error instanceof UserError, error.stack);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it("refuses a log variable that nothing fills", () => {
    assert.throws(() => compileLogFormat("$context.nope"), /got \$context\.nope; remove it/);
    assert.throws(() => compileLogFormat("$request.header.authorization"), /access log format/);
    assert.throws(() => compileLogFormat("$context.constructor"), /access log format/);
  });

  it("has one authorizer for all routes that share it", async () => {
    const { model } = await plannedApi({
      routes: [
        { ...get, jwt: true },
        { key: "GET /b", scopes: ["s"] },
      ],
    });
    assert.equal(model.routes[0]!.authorization!.authorizer, model.routes[1]!.authorization!.authorizer);
    assert.ok(functionUri.includes(":live/"));
  });
});
