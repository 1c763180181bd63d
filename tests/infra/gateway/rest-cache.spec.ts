import assert from "node:assert/strict";
import type { GraphIndex } from "../../../graph/model";
import { cacheKeys, isCached } from "../../../infra/gateway/rest/cache";
import { replanned, withoutCalls } from "../../conformance/plans";

const SETTINGS = "aws:apigateway/methodSettings:MethodSettings";

/** Plans dev with a cache in front of every service, with or without tenants. */
function planned(tenants: boolean): Promise<GraphIndex> {
  return replanned("dev", (config) => {
    config.gateways.rest = {
      services: Object.keys(config.services),
      domain: "rest.api.dev.example.com",
      cache: { gigabytes: 0.5, seconds: 60 },
    };
    if (tenants) config.tenants = { tiers: { free: { rate: 1, burst: 3 } } };
  });
}

function keysOf(plan: GraphIndex, path: string, method = "get"): readonly string[] | undefined {
  const definition = JSON.parse(plan.one("aws:apigateway/restApi:RestApi", {}).inputs["body"]);
  return definition.paths[path][method]["x-amazon-apigateway-integration"].cacheKeyParameters;
}

function cachedMethods(plan: GraphIndex): string[] {
  return plan
    .ofType(SETTINGS)
    .filter(({ inputs }) => inputs["settings"].cachingEnabled)
    .map(({ inputs }) => inputs["methodPath"]);
}

describe("the cache of a REST API", () => {
  let withTenants: GraphIndex;
  let withUsers: GraphIndex;
  before(async () => {
    // One after the other: in a fresh copy, as the guards are removed in, the first one builds what it deploys.
    [withTenants, withUsers] = await withoutCalls(async () => [await planned(true), await planned(false)] as const);
  });

  it("keys answers by tenant, path, query and origin, as API Gateway tells them apart by nothing else", () => {
    assert.deepEqual(keysOf(withTenants, "/pet-store/pets/{id}"), [
      "method.request.path.id",
      "method.request.header.origin",
      "integration.request.header.x-tenant-id",
    ]);
    assert.deepEqual(keysOf(withTenants, "/shipping/shipments"), [
      "method.request.querystring.destination",
      "method.request.querystring.limit",
      "method.request.querystring.after",
      "method.request.header.origin",
      "integration.request.header.x-tenant-id",
    ]);
    assert.deepEqual(keysOf(withUsers, "/pet-store/pets/{id}"), [
      "method.request.path.id",
      "method.request.header.origin",
    ]);
  });

  it("declares each parameter of the request that is a part of a key, as API Gateway demands", () => {
    const places: Readonly<Record<string, string>> = { path: "path", query: "querystring", header: "header" };
    const definition = JSON.parse(withTenants.one("aws:apigateway/restApi:RestApi", {}).inputs["body"]);
    const kept = Object.entries<any>(definition.paths)
      .map(([path, { get }]) => ({ path, get, keys: get?.["x-amazon-apigateway-integration"].cacheKeyParameters }))
      .filter(({ keys }) => keys !== undefined);
    assert.ok(kept.length >= 4);
    for (const { path, get, keys } of kept) {
      const declared = get.parameters.map((each: any) => `method.request.${places[each.in]}.${each.name}`);
      const ofRequest = keys.filter((key: string) => key.startsWith("method.request."));
      assert.deepEqual(ofRequest, declared, path);
      assert.ok(
        get.parameters.every((each: any) => each.in !== "header" || each.required === false),
        path,
      );
    }
  });

  it("has no origin in its keys where no page of another origin may read answers", () => {
    const route = { id: "get-own", method: "GET", path: "/a/{id}", scopes: [] } as never;
    const { cacheKeyParameters } = cacheKeys(route, { kind: "user-pool", userPoolArn: "arn" }, false);
    assert.deepEqual(cacheKeyParameters, ["method.request.path.id"]);
  });

  it("takes the tenant from the authorizer under every kind of backend", () => {
    const definition = JSON.parse(withTenants.one("aws:apigateway/restApi:RestApi", {}).inputs["body"]);
    for (const path of ["/food-store/foods/{id}", "/pet-store/pets/{id}", "/shipping/shipments/{id}"]) {
      const { requestParameters } = definition.paths[path].get["x-amazon-apigateway-integration"];
      assert.equal(requestParameters["integration.request.header.x-tenant-id"], "context.authorizer.tenant", path);
    }
  });

  it("keeps no health check, no write, and nothing of a legacy endpoint", () => {
    for (const plan of [withTenants, withUsers]) {
      const methods = cachedMethods(plan);
      assert.ok(methods.length >= 4, String(methods));
      assert.deepEqual(
        methods.filter((method) => !method.endsWith("/GET") || /healthz|rates/.test(method)),
        [],
      );
    }
    assert.equal(keysOf(withTenants, "/pet-store/healthz"), undefined);
    assert.equal(keysOf(withTenants, "/shipping/rates"), undefined);
    assert.equal(keysOf(withTenants, "/pet-store/pets/{id}", "put"), undefined);
  });

  it("keeps no answer of a route that needs a scope, which may be that user's, unless the tenant is in the key", () => {
    const route = { id: "get-own", method: "GET", path: "/a", scopes: ["a/read"] } as never;
    const users = { kind: "user-pool", userPoolArn: "arn" } as const;
    const tenants = { kind: "tenants", invokeArn: "arn" } as const;
    assert.deepEqual([isCached(route, users), isCached(route, tenants)], [false, true]);
    assert.equal(isCached({ ...(route as object), scopes: [] } as never, users), true, "every user gets the same");
  });

  it("is off by default for what has no settings of its own, and encrypted", () => {
    const all = withTenants.where(SETTINGS, { methodPath: "*/*" });
    assert.deepEqual(
      all.map(({ inputs }) => inputs["settings"].cachingEnabled),
      [false],
    );
    for (const { inputs } of withTenants.ofType(SETTINGS).filter((each) => each.inputs["settings"].cachingEnabled)) {
      assert.equal(inputs["settings"].cacheDataEncrypted, true);
      assert.equal(inputs["settings"].requireAuthorizationForCacheControl, true);
    }
  });
});
