import assert from "node:assert/strict";
import { catalog, serviceNames } from "../../../apps/catalog";
import type { GraphIndex } from "../../../graph/model";
import { planned, replanned } from "../../conformance/plans";
import { type Document, plannedDocuments, referenceFolder, validate } from "../../helpers/openapi";

const tenants = { tiers: { free: { rate: 10, burst: 20 } } };

/** Plans dev with a REST API of two stages in front of every service. */
function withRest(more: object = {}): Promise<GraphIndex> {
  return replanned("dev", (config) => {
    config.gateways.rest = {
      services: Object.keys(config.services),
      domain: "rest.api.dev.example.com",
      stages: ["v2"],
    };
    Object.assign(config, more);
  });
}

const operationsOf = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ key: `${method.toUpperCase()} ${path}`, operation })),
  );

/** Returns every reference of a document. */
function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== "object" || value === null) return [];
  const { $ref, ...rest } = value as { readonly $ref?: unknown };
  return [...(typeof $ref === "string" ? [$ref] : []), ...Object.values(rest).flatMap(references)];
}

describe("the published OpenAPI documents", function () {
  // Planning and validating take a few seconds on an idle machine.
  this.timeout(180_000);
  let dev: Record<string, Document>;
  let rest: Record<string, Document>;
  before(async () => {
    dev = plannedDocuments(await planned("dev"));
    rest = plannedDocuments(await withRest({ tenants }));
  });

  it("are one of the platform and one of each service, for each gateway", () => {
    const files = (gateway: string) =>
      ["", ...serviceNames.map((name) => `${name}/`)].map((each) => `${gateway}/${each}openapi.json`);
    assert.deepEqual(Object.keys(dev), files("http").sort());
    assert.deepEqual(Object.keys(rest), [...files("http"), ...files("rest")].sort());
  });

  it("describe a route by its contract when it has moved to the service, and as another's until then", async () => {
    const answersOf = async (to: unknown) => {
      const plan = await replanned("dev", (config) => {
        config.services.shipping.routes = { "get-rates": { to, formerPath: "/rates" } };
      });
      const documents = plannedDocuments(plan);
      assert.deepEqual(await validate(documents), []);
      const { paths } = documents["http/shipping/openapi.json"]!;
      assert.equal(paths["/rates"], undefined);
      return (paths["/shipping/rates"] as any).get.responses;
    };
    const moved = await answersOf("service");
    assert.deepEqual(Object.keys(moved[200].content["application/json"].schema.properties), ["currency", "rates"]);
    assert.equal(moved.default, undefined);
    for (const to of ["legacy", { service: 10 }]) {
      const { default: any, 200: own } = await answersOf(to);
      assert.deepEqual([any, own], [{ description: "Answered outside the platform" }, undefined]);
    }
  });

  it("pass two public validators, in dev, in both regions of prod, and with a REST API and tenants", async () => {
    const prod = await planned("prod");
    const [one, other] = ["eu-west-1", "eu-central-1"].map((region) => plannedDocuments(prod, region));
    assert.deepEqual(one, other);
    assert.deepEqual(await validate(dev), []);
    assert.deepEqual(await validate(one!), []);
    assert.deepEqual(await validate(rest), []);
  });

  it("would not pass with a fault that each validator knows", async () => {
    const undescribed = structuredClone(dev["http/shipping/openapi.json"]!) as any;
    delete undescribed.paths["/shipping/healthz"].get.responses[200].description;
    assert.match((await validate({ undescribed })).join(), /undescribed: .*must have required property 'description'/);
    const twice = structuredClone(dev["http/shipping/openapi.json"]!) as any;
    twice.paths["/shipping/shipments"].get.operationId = "shipping-put-shipment";
    assert.match((await validate({ twice })).join(), /twice: operation-operationId-unique/);
  });

  it("have the routes of their gateway and no other, with an id of their own", () => {
    for (const service of Object.values(catalog)) {
      const keys = (routes: readonly { method: string; path: string }[]) =>
        routes.map(({ method, path }) => `${method} ${path}`).sort();
      const own = (documents: typeof dev, gateway: string) =>
        operationsOf(documents[`${gateway}/${service.name}/openapi.json`]!)
          .map(({ key }) => key)
          .sort();
      assert.deepEqual(own(dev, "http"), keys([...service.routes, ...service.legacyRoutes, ...service.workRoutes]));
      assert.deepEqual(
        own(rest, "rest"),
        keys([...service.routes, ...service.legacyRoutes, ...service.gatewayRoutes, ...service.workRoutes]),
      );
    }
    for (const document of [dev["http/openapi.json"]!, rest["rest/openapi.json"]!]) {
      const ids = operationsOf(document).map(({ operation }) => operation["operationId"]);
      assert.equal(new Set(ids).size, ids.length);
    }
  });

  it("are joined to the platform's: all operations as the services have them, no name of a component taken twice", () => {
    for (const [gateway, documents] of [
      ["http", dev],
      ["rest", rest],
    ] as const) {
      const whole = documents[`${gateway}/openapi.json`]!;
      const parts = serviceNames.map((name) => documents[`${gateway}/${name}/openapi.json`]!);
      assert.deepEqual(whole.paths, Object.assign({}, ...parts.map(({ paths }) => paths)));
      for (const kind of ["schemas", "responses"]) {
        assert.deepEqual(whole.components[kind], Object.assign({}, ...parts.map(({ components }) => components[kind])));
        const own = parts.map(({ components }, i) =>
          Object.keys(components[kind]!).filter((name) => name.startsWith(`${serviceNames[i]}.`)),
        );
        assert.equal(new Set(own.flat()).size, own.flat().length);
        assert.ok(own.every((names) => names.length > 0));
      }
    }
  });

  it("lead by every reference to a component, and have none that nothing leads to", () => {
    for (const [name, document] of Object.entries({ ...dev, ...rest })) {
      const used = new Set(references(document));
      const there = ["schemas", "responses", "headers"].flatMap((kind) =>
        Object.keys(document.components[kind]!).map((each) => `#/components/${kind}/${each}`),
      );
      assert.deepEqual([...used].sort(), there.sort(), name);
    }
  });

  it("name the environment's URL, with the stages of a REST API", () => {
    const urls = (document: Document) => document.servers.map(({ url }) => url);
    assert.deepEqual(urls(dev["http/shipping/openapi.json"]!), ["https://api.dev.example.com"]);
    assert.deepEqual(urls(rest["rest/openapi.json"]!), [
      "https://rest.api.dev.example.com",
      "https://rest.api.dev.example.com/v2",
    ]);
  });

  it("say which routes need a token, with which scope, and where tokens come from", () => {
    const document = dev["http/openapi.json"]!;
    const writes = operationsOf(document).filter(({ operation }) => operation["security"].length > 0);
    assert.ok(writes.length > 4);
    for (const { key, operation } of writes) {
      const service = /\/([a-z-]+)\//.exec(key)![1];
      assert.deepEqual(operation["security"], [{ userPool: [`${service}/write`] }, { accessToken: [] }]);
      assert.ok(operation["responses"][401] && operation["responses"][403], key);
    }
    const { userPool } = document.components["securitySchemes"]!;
    const url = "https://example-platform-dev.auth.eu-west-1.amazoncognito.com/oauth2";
    assert.equal(userPool.flows.authorizationCode.authorizationUrl, `${url}/authorize`);
    assert.equal(userPool.flows.clientCredentials.tokenUrl, `${url}/token`);
    assert.deepEqual(
      Object.keys(userPool.flows.clientCredentials.scopes),
      serviceNames.map((name) => `${name}/write`).sort(),
    );
    const open = operationsOf(rest["rest/openapi.json"]!).filter(({ operation }) => operation["security"].length === 0);
    assert.ok(open.length > 0 && open.every(({ key }) => /^GET \/[a-z-]+\/healthz(\/region)?$/.test(key)));
  });

  it("declare on every route what its gateway answers itself", () => {
    const statuses = {
      http: [400, 404, 413, 429, 431, 500, 503, 504],
      rest: [400, 403, 413, 415, 429, 500, 502, 503, 504],
    };
    for (const [gateway, documents] of [
      ["http", dev],
      ["rest", rest],
    ] as const) {
      for (const { key, operation } of operationsOf(documents[`${gateway}/openapi.json`]!)) {
        for (const status of statuses[gateway])
          assert.ok(operation["responses"][status], `${gateway} ${key} ${status}`);
      }
    }
  });

  it("lose a route that is turned off, and stay as they are when only a throttle changes", async () => {
    const folder = referenceFolder(await planned("dev"));
    const throttled = await replanned("dev", ({ services }) => {
      services["food-store"].routes = { "get-food": { throttle: { rate: 5, burst: 5 } } };
    });
    assert.equal(referenceFolder(throttled), folder);
    const without = await replanned("dev", ({ services }) => {
      services["food-store"].routes = { "put-food": { enabled: false } };
    });
    assert.notEqual(referenceFolder(without), folder);
    const keys = Object.values(plannedDocuments(without)).flatMap((each) => operationsOf(each).map(({ key }) => key));
    assert.ok(keys.includes("GET /food-store/foods/{id}") && !keys.includes("PUT /food-store/foods/{id}"));
  });
});
