import assert from "node:assert/strict";
import { routesOf } from "../../../graph/access/routes";
import type { GraphIndex } from "../../../graph/model";
import { replanned, withTenants } from "../../conformance/plans";

const AUTHORIZER = "aws:apigatewayv2/authorizer:Authorizer";
const FUNCTION = "aws:lambda/function:Function";
const INTEGRATION = "aws:apigatewayv2/integration:Integration";
const PERMISSION = "aws:lambda/permission:Permission";
const ROUTE = "aws:apigatewayv2/route:Route";
const API = "aws:apigateway/restApi:RestApi";

const corporate = {
  issuer: "https://login.example.com/",
  audiences: ["platform"],
  jwksUrl: "https://login.example.com/jwks",
  scopes: { "orders.write": ["shipping/write"] },
};

function plannedWith(change: (config: any) => void = () => undefined): Promise<GraphIndex> {
  return replanned("dev", (config) => {
    config.issuers = structuredClone({ corporate });
    config.outside["login.example.com"] =
      "The existing gateway's keys, which the authorizer keeps while they cannot be fetched.";
    change(config);
  });
}

const variablesOf = (plan: GraphIndex, name: string): Record<string, string> =>
  plan.ofType(FUNCTION).find((each) => each.name === name)!.inputs["environment"].variables;

describe("several token issuers", () => {
  describe("on the HTTP API", () => {
    let plan: GraphIndex;
    before(async () => {
      plan = await plannedWith();
    });

    it("are decided on by one function, whose decisions are kept for a token and a route, for a minute at most", () => {
      const [authorizer, ...others] = plan.ofType(AUTHORIZER);
      assert.deepEqual(others, []);
      const { authorizerType, identitySources, enableSimpleResponses, authorizerPayloadFormatVersion, ...inputs } =
        authorizer!.inputs;
      assert.deepEqual(
        [authorizerType, identitySources, enableSimpleResponses, authorizerPayloadFormatVersion],
        ["REQUEST", ["$request.header.Authorization", "$context.routeKey"], true, "2.0"],
      );
      assert.ok(inputs["authorizerResultTtlInSeconds"] <= 60);
      const alias = plan.ofType("aws:lambda/alias:Alias").find(({ name }) => name === "eu-west-1-http-issuers-alias")!;
      assert.equal(inputs["authorizerUri"], alias.outputs["invokeArn"]);
    });

    it("open the same routes as the pool alone: those with scopes ask the function, and no other does", () => {
      const [authorizer] = plan.ofType(AUTHORIZER);
      const table = Object.values<string[]>(JSON.parse(variablesOf(plan, "eu-west-1-http-issuers")["ROUTES"]!)).flat();
      const secured = plan.ofType(ROUTE).filter(({ inputs }) => inputs["authorizationType"] !== "NONE");
      assert.deepEqual(secured.map(({ inputs }) => inputs["routeKey"]).sort(), table.sort());
      assert.ok(secured.length >= 4);
      for (const { inputs } of secured) {
        const { authorizationType, authorizerId, authorizationScopes } = inputs;
        assert.deepEqual(
          [authorizationType, authorizerId, authorizationScopes],
          ["CUSTOM", authorizer!.outputs["id"], undefined],
        );
      }
    });

    it("are told to the function with the pool, and each has its keys' URL in a variable", () => {
      const variables = variablesOf(plan, "eu-west-1-http-issuers");
      const { jwksUrl, ...listed } = corporate;
      assert.deepEqual(JSON.parse(variables["ISSUERS"]!), [{ name: "corporate", ...listed }]);
      assert.equal(variables["JWKS_URL_CORPORATE"], jwksUrl);
      assert.match(variables["ISSUER"]!, /^https:\/\/cognito-idp\./);
    });

    it("leave every route's demand in the table of access as it is with the pool alone", async () => {
      const alone = await replanned("dev", () => undefined);
      const demands = (index: GraphIndex) =>
        routesOf(index).map(({ gateway, method, path, demand }) =>
          gateway === "private" ? "" : JSON.stringify([gateway, method, path, demand]),
        );
      assert.deepEqual(demands(plan), demands(alone));
    });

    it("let the API's authorizers invoke the function, and nothing else", () => {
      const api = plan.one("aws:apigatewayv2/api:Api", {});
      const permissions = plan.ofType(PERMISSION).filter(({ name }) => name.startsWith("eu-west-1-http-issuers"));
      assert.deepEqual(
        permissions.map(({ inputs }) => [inputs["principal"], inputs["sourceArn"]]),
        [["apigateway.amazonaws.com", `${api.outputs["executionArn"]}/authorizers/*`]],
      );
    });

    it("give each server the verified subject in place of a client's header", () => {
      for (const { name, inputs } of plan.ofType(INTEGRATION)) {
        if (inputs["integrationType"] === "AWS_PROXY") continue;
        assert.equal(inputs["requestParameters"]["overwrite:header.x-subject"], "$context.authorizer.subject", name);
      }
    });

    it("have an alarm of the function's errors that notifies people", () => {
      const alarm = plan
        .ofType("aws:cloudwatch/metricAlarm:MetricAlarm")
        .find(({ name }) => name.startsWith("eu-west-1-http-issuers"));
      assert.equal(alarm?.inputs["alarmActions"].length, 1);
    });
  });

  it("may be without the pool, whose tokens the function then does not know", async () => {
    const plan = await plannedWith((config) => {
      config.tokens.pool = false;
    });
    const variables = variablesOf(plan, "eu-west-1-http-issuers");
    assert.deepEqual([variables["ISSUER"], variables["CLIENT_IDS"]], [undefined, undefined]);
  });

  it("are decided on by a function on the REST API too, whose context the servers get", async () => {
    const plan = await plannedWith((config) => {
      config.gateways.rest = { services: Object.keys(config.services), domain: `rest.${config.domain.api}` };
    });
    const definition = JSON.parse(plan.ofType(API).find(({ name }) => name === "eu-west-1-rest-api")!.inputs["body"]);
    const operation = definition.paths["/shipping/shipments/{id}"];
    assert.deepEqual(operation.put.security, [{ issuers: [] }]);
    assert.deepEqual(operation.get.security ?? [], []);
    const parameters = operation.put["x-amazon-apigateway-integration"].requestParameters;
    assert.equal(parameters["integration.request.header.x-subject"], "context.authorizer.subject");
    assert.equal(definition.components.securitySchemes.issuers["x-amazon-apigateway-authtype"], "custom");
    assert.ok(variablesOf(plan, "eu-west-1-rest-issuers")["ISSUERS"]);
  });

  it("are known to the authorizer of tenants, with the tenant of each", async () => {
    const plan = await plannedWith((config) => {
      withTenants(config);
      config.issuers.corporate.tenant = { name: "acme", tier: "free" };
    });
    const [listed] = JSON.parse(variablesOf(plan, "eu-west-1-authorizer")["ISSUERS"]!);
    assert.deepEqual(listed.tenant, { name: "acme", tier: "free" });
  });
});

describe("the pool as the only issuer", () => {
  it("is verified by the gateway itself, and its subject reaches servers in the same header", async () => {
    const plan = await replanned("dev", () => undefined);
    assert.equal(plan.one(AUTHORIZER, {}).inputs["authorizerType"], "JWT");
    const servers = plan.ofType(INTEGRATION).filter(({ inputs }) => inputs["connectionType"] === "VPC_LINK");
    assert.ok(servers.length > 0);
    for (const { inputs } of servers) {
      assert.equal(inputs["requestParameters"]["overwrite:header.x-subject"], "$context.authorizer.claims.sub");
    }
  });
});
