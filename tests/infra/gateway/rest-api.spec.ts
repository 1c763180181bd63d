import assert from "node:assert/strict";
import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { gatewayResponses } from "../../../infra/gateway/rest/gateway-responses";
import { replanned, withoutCalls } from "../../conformance/plans";

const API = "aws:apigateway/restApi:RestApi";
const DEPLOYMENT = "aws:apigateway/deployment:Deployment";
const STAGE = "aws:apigateway/stage:Stage";
const SETTINGS = "aws:apigateway/methodSettings:MethodSettings";
const GROUP = "aws:cloudwatch/logGroup:LogGroup";
const services = ["pet-store", "price-calculator", "shipping"];

/** Plans dev with a REST API in front of the services that need no forwarder. */
function plannedWith(change: (config: any) => void = () => undefined): Promise<GraphIndex> {
  return withoutCalls(() =>
    replanned("dev", (config) => {
      config.gateways.rest = { services, domain: "rest.api.dev.example.com" };
      change(config);
    }),
  );
}

function definitionOf(plan: GraphIndex): any {
  return JSON.parse(plan.one(API, {}).inputs["body"]);
}

describe("the REST API", () => {
  let plan: GraphIndex;
  let definition: any;
  before(async () => {
    plan = await plannedWith();
    definition = definitionOf(plan);
  });

  it("is regional, reached by its own domain only, and refuses what an import would leave out", () => {
    const { inputs } = plan.one(API, {});
    assert.deepEqual(inputs["endpointConfiguration"], { types: "REGIONAL" });
    assert.equal(inputs["disableExecuteApiEndpoint"], true);
    assert.equal(inputs["failOnWarnings"], true);
  });

  it("leads to every kind of backend but Cloud Map's", () => {
    const kinds = Object.values<any>(definition.paths)
      .flatMap((item) => Object.values<any>(item))
      .map((operation) => operation["x-amazon-apigateway-integration"])
      .map(({ type, connectionType }) => `${type} ${connectionType ?? ""}`.trim());
    assert.deepEqual([...new Set(kinds)].sort(), ["aws", "aws_proxy", "http_proxy", "http_proxy VPC_LINK", "mock"]);
  });

  it("reaches a listener through the VPC link, with the balancer as its target and the listener's port in the URI", () => {
    const shipping = definition.paths["/shipping/shipments/{id}"].get["x-amazon-apigateway-integration"];
    const [http] = plan.where("aws:apigatewayv2/integration:Integration", { connectionType: "VPC_LINK" });
    assert.equal(shipping.connectionId, http!.inputs["connectionId"]);
    assert.match(shipping.integrationTarget, /^arn:aws:elasticloadbalancing:eu-west-1:\d{12}:loadbalancer\/app\//);
    assert.match(shipping.uri, /^http:\/\/[^/]+:8084\/shipping\/shipments\/\{id\}$/);
    assert.equal(shipping.requestParameters["integration.request.path.id"], "method.request.path.id");
  });

  it("replaces the Host for Beanstalk, whose listener answers to one name only", () => {
    const { uri } = definition.paths["/price-calculator/quotes/{id}"].get["x-amazon-apigateway-integration"];
    assert.match(uri, /^http:\/\/[^/]+\.elasticbeanstalk\.com:8083\/price-calculator\/quotes\/\{id\}$/);
  });

  it("invokes the alias of a function, buffered", () => {
    const integration = definition.paths["/pet-store/pets/{id}"].get["x-amazon-apigateway-integration"];
    const { type, httpMethod, responseTransferMode, uri } = integration;
    assert.deepEqual([type, httpMethod, responseTransferMode], ["aws_proxy", "POST", "BUFFERED"]);
    assert.match(uri, /functions\/arn:aws:lambda:eu-west-1:\d{12}:function:[^/]+:live\/invocations$/);
  });

  it("permits the API on the alias for its own stage, methods and paths only", () => {
    const all = plan.ofType("aws:lambda/permission:Permission").filter(({ name }) => name.includes("-rest-"));
    const [documents, permissions] = [true, false].map((own) =>
      all.filter(({ name }) => name.endsWith("-rest-reference-permission") === own),
    ) as [PlannedResource[], PlannedResource[]];
    assert.match(documents.map(({ inputs }) => inputs["sourceArn"]).join(), /^arn:[^,]+\/live\/GET\/\*$/);
    const routes = Object.entries<any>(definition.paths).filter(
      ([path]) => path.startsWith("/pet-store/") && !path.endsWith("/openapi.json"),
    );
    const methods = routes.flatMap(([, item]) => Object.keys(item).filter((method) => method !== "options"));
    assert.equal(permissions.length, methods.length);
    for (const { name, inputs } of permissions) {
      assert.match(
        inputs["sourceArn"],
        /^arn:aws:execute-api:eu-west-1:\d{12}:[a-z0-9]+\/live\/(GET|PUT|POST|DELETE)\/pet-store\//,
        name,
      );
      assert.equal(inputs["qualifier"], "live", name);
    }
  });

  it("checks bodies by a model, and demands the parameters that the contract demands", () => {
    const put = definition.paths["/pet-store/pets/{id}"].put;
    const name = put.requestBody.content["application/json"].schema.$ref.split("/").at(-1);
    assert.match(name, /^[A-Za-z0-9]+$/);
    const model = definition.components.schemas[name];
    assert.equal(model.type, "object");
    assert.equal(model.additionalProperties, false);
    assert.ok(!("$schema" in model));
    assert.equal(put["x-amazon-apigateway-request-validator"], "body-and-parameters");
    const list = definition.paths["/shipping/shipments"].get;
    assert.deepEqual(
      list.parameters.filter((each: any) => each.in === "query" && each.required).map((each: any) => each.name),
      ["destination"],
    );
  });

  it("needs a token with one of the route's scopes where the contract says so, and leaves no route to the root", () => {
    const put = definition.paths["/pet-store/pets/{id}"].put;
    assert.deepEqual(put.security, [{ userPool: ["pet-store/write"] }]);
    assert.deepEqual(definition.paths["/pet-store/pets/{id}"].get.security, []);
    assert.ok(!("security" in definition));
    const [arn] = definition.components.securitySchemes.userPool["x-amazon-apigateway-authorizer"].providerARNs;
    assert.match(arn, /^arn:aws:cognito-idp:eu-west-1:\d{12}:userpool\/eu-west-1_/);
  });

  it("lets a browser of each of the two origins of dev read the answers of the gateway itself", () => {
    const responses = definition["x-amazon-apigateway-gateway-responses"];
    for (const [kind, answer] of Object.entries<any>(responses)) {
      const origin = answer.responseParameters["gatewayresponse.header.Access-Control-Allow-Origin"];
      assert.equal(origin, "'*'", kind);
    }
    assert.deepEqual([responses.THROTTLED.statusCode, responses.QUOTA_EXCEEDED.statusCode], ["429", "429"]);
  });

  it("names no origin in its own answers when there are several, as they cannot choose, and never allows credentials", () => {
    const origins = ["https://app.example.com", "https://admin.example.com"];
    for (const [count, expected] of [
      [0, undefined],
      [1, "'https://app.example.com'"],
      [2, "'*'"],
    ] as const) {
      for (const answer of Object.values(gatewayResponses(origins.slice(0, count)))) {
        const { "gatewayresponse.header.Access-Control-Allow-Origin": origin, ...others } = answer.responseParameters;
        assert.equal(origin, expected);
        assert.deepEqual(others, count === 1 ? { "gatewayresponse.header.Vary": "'Origin'" } : {});
      }
    }
  });

  it("has log groups of its own, made before anything writes to them", () => {
    const groups = plan.ofType(GROUP).filter(({ name }) => name.includes("-rest-"));
    assert.equal(groups.length, 2);
    const execution = groups.find(({ name }) => name.endsWith("-execution"))!;
    const stage = plan.one(STAGE, {});
    assert.match(execution.inputs["name"], /^API-Gateway-Execution-Logs_[a-z0-9]+\/live$/);
    assert.ok(stage.dependencies.includes(execution.urn));
    for (const { inputs } of groups) assert.equal(inputs["retentionInDays"], 7);
  });

  it("limits each route, logs errors without bodies, and caches nothing in development", () => {
    const all = plan.ofType(SETTINGS);
    assert.equal(
      all.length,
      1 +
        Object.values<any>(definition.paths)
          .flatMap((item) => Object.keys(item))
          .filter((method) => method !== "options").length,
    );
    for (const { name, inputs } of all) {
      const { loggingLevel, dataTraceEnabled, cachingEnabled, throttlingRateLimit, throttlingBurstLimit } =
        inputs["settings"];
      assert.deepEqual([loggingLevel, dataTraceEnabled, cachingEnabled], ["ERROR", false, false], name);
      assert.ok(throttlingRateLimit > 0 && throttlingBurstLimit > 0, name);
    }
    const [put] = plan.where(SETTINGS, { methodPath: "pet-store/pets/{id}/PUT" });
    assert.deepEqual(
      [put!.inputs["settings"].throttlingRateLimit, put!.inputs["settings"].throttlingBurstLimit],
      [20, 10],
    );
  });
});

describe("the deployment of the REST API", () => {
  const hashOf = (plan: GraphIndex): string => plan.one(DEPLOYMENT, {}).inputs["triggers"].definition;
  let original: string;
  before(async () => {
    original = hashOf(await plannedWith());
  });

  const changes: Readonly<Record<string, (config: any) => void>> = {
    "a route is taken away": (config) => (config.services["pet-store"].routes = { "list-pets": { enabled: false } }),
    "a service leaves the API": (config) => (config.gateways.rest.services = ["pet-store", "shipping"]),
    "a backend has another kind": (config) => (config.services.shipping.pattern = "lambda"),
    "a legacy endpoint moves": (config) => (config.services.shipping.legacyUrl = "https://legacy.example.com/prices"),
    "the origins of browsers change": (config) => (config.cors.origins = ["https://other.dev.example.com"]),
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`is made anew when ${what}`, async () => {
      assert.notEqual(hashOf(await plannedWith(change)), original);
    });
  }

  const others: Readonly<Record<string, (config: any) => void>> = {
    "nothing changes": () => undefined,
    "a throttle changes": (config) => (config.throttle = { rate: 400, burst: 200 }),
    "logs are kept longer": (config) => (config.logRetentionDays = 14),
    "the HTTP API loses a service": (config) => (config.gateways.http.services = ["food-store", "pet-store"]),
  };
  for (const [what, change] of Object.entries(others)) {
    it(`stays when ${what}`, async () => {
      assert.equal(hashOf(await plannedWith(change)), original);
    });
  }
});
