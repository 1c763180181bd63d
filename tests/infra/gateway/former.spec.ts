import assert from "node:assert/strict";
import { routesOf } from "../../../graph/access/routes";
import type { GraphIndex } from "../../../graph/model";
import { replanned, withTenants } from "../../conformance/plans";

const AUTHORIZER = "aws:apigatewayv2/authorizer:Authorizer";
const ROUTE = "aws:apigatewayv2/route:Route";
const PERMISSION = "aws:lambda/permission:Permission";

const former = "PUT /catalogue/v1/pets/{id}";

function plannedWith(change: (config: any) => void = () => undefined): Promise<GraphIndex> {
  return replanned("dev", (config) => {
    config.formerHeaders = { authorization: "x-auth-token" };
    config.services["pet-store"].routes = {
      "put-pet": { formerPath: "/catalogue/v1/pets/{id}" },
      "get-pet": { formerPath: "/catalogue/v1/pets/{id}" },
    };
    config.services["food-store"].routes = { "put-food": { formerPath: "/catalogue/v1/foods/{id}" } };
    change(config);
  });
}

const withIssuers = (config: any) => {
  config.issuers = {
    corporate: {
      issuer: "https://login.example.com/",
      audiences: ["platform"],
      jwksUrl: "https://login.example.com/jwks",
    },
  };
  config.outside["login.example.com"] = "The existing gateway's keys.";
};
const withRest = (config: any) => {
  config.gateways.rest = { services: Object.keys(config.services), domain: `rest.${config.domain.api}` };
};
const withBoth = (config: any) => {
  withIssuers(config);
  withRest(config);
};

describe("a path that clients of an existing gateway know", () => {
  it("leads to what its route leads to, on the HTTP API, with an authorizer of its header", async () => {
    const plan = await plannedWith();
    const routeOf = (routeKey: string) => plan.one(ROUTE, { routeKey }).inputs;
    const [own, other] = [routeOf("PUT /pet-store/pets/{id}"), routeOf(former)];
    assert.equal(other["target"], own["target"]);
    assert.deepEqual(other["authorizationScopes"], own["authorizationScopes"]);
    const sourcesOf = (id: string) => plan.one(AUTHORIZER, { id }).inputs["identitySources"];
    assert.deepEqual(sourcesOf(other["authorizerId"]), ["$request.header.x-auth-token"]);
    assert.deepEqual(sourcesOf(own["authorizerId"]), ["$request.header.Authorization"]);
    assert.equal(routeOf("GET /catalogue/v1/pets/{id}")["authorizationType"], "NONE");
    const settings = plan.one("aws:apigatewayv2/stage:Stage", {}).inputs["routeSettings"];
    assert.ok(settings.some((each: any) => each.routeKey === former && each.throttlingRateLimit === 20));
    const cors = plan.one("aws:apigatewayv2/api:Api", {}).inputs["corsConfiguration"];
    assert.ok(cors.allowHeaders.includes("x-auth-token"));
  });

  it("has a permission of the function that answers it, for this method and path alone", async () => {
    const plan = await plannedWith();
    const sources = plan.ofType(PERMISSION).map(({ inputs }) => String(inputs["sourceArn"]));
    assert.equal(sources.filter((each) => each.endsWith("/$default/PUT/catalogue/v1/pets/*")).length, 1);
  });

  it("is told to its service, and to no other", async () => {
    const plan = await plannedWith();
    const pets = plan.ofType("aws:lambda/function:Function").find(({ name }) => name.includes("pet-store-function"));
    const { variables } = pets!.inputs["environment"];
    assert.equal(variables["FORMER_PATH_PUT_PET"], "/catalogue/v1/pets/{id}");
    assert.equal(variables["FORMER_PATH_PUT_FOOD"], undefined);
  });

  it("has its header in the table of access, under each kind of authorizer", async () => {
    for (const [change, gateways] of [
      [(config: any) => withRest(config), ["http", "rest"]],
      [withBoth, ["http", "rest"]],
      [(config: any) => withTenants(config), ["http", "rest"]],
    ] as const) {
      const plan = await plannedWith(change);
      const routes = routesOf(plan).filter(({ method, path }) => `${method} ${path}` === former);
      assert.deepEqual(
        routes.map(({ gateway }) => gateway),
        gateways,
      );
      for (const route of routes) {
        assert.equal(route.tokenHeader, "x-auth-token", route.gateway);
        const direct = routesOf(plan).find(
          ({ gateway, method, path }) =>
            gateway === route.gateway && `${method} ${path}` === "PUT /pet-store/pets/{id}",
        )!;
        assert.deepEqual([direct.tokenHeader, direct.demand], [undefined, route.demand], route.gateway);
      }
    }
  });

  it("is in the document of a REST API with the model of its route, and in no published one", async () => {
    const plan = await plannedWith(withRest);
    const api = plan.ofType("aws:apigateway/restApi:RestApi").find(({ name }) => name === "eu-west-1-rest-api")!;
    const { paths, components } = JSON.parse(api.inputs["body"]);
    const bodyOf = (path: string) => paths[path].put.requestBody.content["application/json"].schema;
    assert.deepEqual(bodyOf("/catalogue/v1/pets/{id}"), bodyOf("/pet-store/pets/{id}"));
    assert.deepEqual(paths["/catalogue/v1/pets/{id}"].put.security, [{ userPoolFormer: ["pet-store/write"] }]);
    assert.equal(components.securitySchemes.userPoolFormer.name, "x-auth-token");
    const { responses } = paths["/catalogue/v1/pets/{id}"].options["x-amazon-apigateway-integration"];
    const allowed = responses.default.responseParameters["method.response.header.Access-Control-Allow-Headers"];
    assert.match(allowed, /x-auth-token/);
    const forwarder = plan.ofType("aws:lambda/function:Function").find(({ name }) => /-forwarder-/.test(name));
    const targets = JSON.parse(forwarder!.inputs["environment"].variables["TARGETS"]);
    assert.equal(targets["/catalogue/v1/foods/{id}"].service, targets["food-store"].service);
    assert.equal(targets["catalogue"], undefined);
  });
});
