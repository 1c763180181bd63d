import assert from "node:assert/strict";
import type { GatewayAnswer, ServiceContract } from "../../../apps/kit/contract";
import { sampleCatalog as catalog } from "../../helpers/samples";
import { contract, exampleConfig, problemsOf, route } from "./example";

/** The problems of the example when the contract of shipping has changes. */
function problemsWith(changes: Partial<ServiceContract>): string[] {
  return problemsOf(exampleConfig("prod"), "prod", { ...catalog, shipping: contract("shipping", changes) });
}

const { routes, legacyRoutes } = catalog.shipping as ServiceContract;
const added = (...changes: Parameters<typeof route>[0][]): Partial<ServiceContract> => ({
  routes: [...routes, ...changes.map(route)],
});
const answered = (answer: GatewayAnswer): Partial<ServiceContract> => ({
  gatewayRoutes: [{ ...route({ path: "/shipping/toys" }), answer }],
});
const health = (changes: Parameters<typeof route>[0]): Partial<ServiceContract> => ({
  routes: routes.map((each) => (each.id === "get-health" ? { ...each, ...changes } : each)),
});
const index = (name: string, hashKey = "status") => ({ name, hashKey });
const indexes = (...all: ReturnType<typeof index>[]): Partial<ServiceContract> => ({
  table: { hashKey: "id", indexes: all },
});
const many = (number: number) => Array.from({ length: number }, (_, i) => i);

/** Services other than shipping that publish, as a message lists them. */
const PUBLISHERS =
  Object.values<ServiceContract>(catalog)
    .filter(({ publishes, name }) => publishes && name !== "shipping")
    .map(({ name }) => name)
    .join(", ") || "none does";

const calls = (declared: ServiceContract["calls"]): Partial<ServiceContract> => ({ calls: declared });

const refusals: readonly (readonly [title: string, changes: Partial<ServiceContract>, sentence: string])[] = [
  [
    "the port of another service",
    { port: 8081 },
    "services.shipping must listen on a port of its own, got 8081, the port of food-store; change it in its contract",
  ],
  ...[0, -1, 65_536, 80.5].map(
    (port) =>
      [
        `port ${port}`,
        { port },
        `services.shipping must listen on a port from 1 to 65535, got ${port}; change it in its contract`,
      ] as const,
  ),
  [
    "a call of a service that there is not",
    calls({ "book-store": ["get-book"] }),
    'services.shipping must call other services (food-store, pet-store, price-calculator), got "book-store"; correct its contract',
  ],
  [
    "a call of itself",
    calls({ shipping: ["get-shipment"] }),
    'services.shipping must call other services (food-store, pet-store, price-calculator), got "shipping"; correct its contract',
  ],
  ...["get-toy", "get-health", "probe-region", "export-foods", "get-price"].map(
    (id) =>
      [
        `a call of ${id} of the food store`,
        calls({ "food-store": [id] }),
        `services.shipping must call routes that food-store answers in one piece (put-food, get-food, list-foods), got "${id}"; correct its contract`,
      ] as const,
  ),
  ...["book-store", "shipping", "price-calculator"].map(
    (service) =>
      [
        `changes of ${service}, which are not published to it`,
        { publishes: service === "shipping", consumes: [{ service, method: "POST", path: "/shipping/changes" }] },
        `services.shipping must consume what other services publish (${PUBLISHERS}), got "${service}"; correct its contract, or set publishes in that of ${service}`,
      ] as const,
  ),
  [
    "a route key of its own twice",
    added({ path: "/shipping/shipments/{id}" }),
    'services.shipping must have a route key of its own for get-toy, got "GET /shipping/shipments/{id}", which get-shipment of shipping has; change it in its contract',
  ],
  [
    "a route key twice but for the name of a parameter",
    added({ path: "/shipping/shipments/{shipment}" }),
    'services.shipping must have a route key of its own for get-toy, got "GET /shipping/shipments/{shipment}", which get-shipment of shipping has; change it in its contract',
  ],
  [
    "a legacy route's key",
    added({ path: "/shipping/rates" }),
    'services.shipping must have a route key of its own for get-rates, got "GET /shipping/rates", which get-toy of shipping has; change it in its contract',
  ],
  [
    "a route id twice",
    added({ id: "get-shipment", path: "/shipping/toys" }),
    'services.shipping must name each route differently, got "get-shipment" twice; rename one',
  ],
  [
    "a write that streams",
    added({ method: "PUT", stream: true }),
    "services.shipping must be GET where a route streams, got PUT of get-toy; do not stream it",
  ],
  [
    "a parameter of a legacy route that sets the path",
    { legacyRoutes: legacyRoutes.map((each) => ({ ...each, parameters: { "integration.request.path.id": "'1'" } })) },
    `services.shipping must set parameters integration.request.header|querystring.<name> to '<text>', method.request.… or context.… of route get-rates, got "integration.request.path.id": "'1'"; correct it in its contract`,
  ],
  [
    "an item whose key is not in the path",
    answered({ kind: "item", attributes: ["status"], template: "{}" }),
    'services.shipping must have one path parameter, the key of the item, and attributes of route get-toy, got "/shipping/toys" and ["status"]; correct it in its contract',
  ],
  [
    "a fixed answer with what VTL reads",
    answered({ kind: "fixed", body: { price: "5 $" } }),
    'services.shipping must have a fixed answer without $ and # of route get-toy, got "{\\"price\\":\\"5 $\\"}"; write it otherwise',
  ],
  [
    "294 routes",
    added(...many(258).map((i) => ({ id: `get-toy-${i}`, path: `/shipping/toys/${i}` }))),
    "services must have at most 293 routes together, which an HTTP API takes in addition to those of the OpenAPI documents, got 294; remove some from the contracts",
  ],
  [
    "the path of its OpenAPI document",
    added({ path: "/shipping/openapi.json" }),
    'services.shipping must have a route key of its own for get-toy, got "GET /shipping/openapi.json", which the document that is published there has; change it in its contract',
  ],
  [
    "48 scopes",
    added(...many(45).map((i) => ({ id: `put-toy-${i}`, path: `/shipping/toys/${i}`, scopes: [`shipping/s${i}`] }))),
    "services must have at most 47 scopes together, which a client of the user pool takes, got 49; remove some from the contracts",
  ],
  [
    "a health route below rate 5",
    health({ throttle: { rate: 4, burst: 20 } }),
    "services.shipping must be a throttle of route get-health of at least rate 5 and burst 20, as Route 53 checks every region with it, got rate 4 and burst 20; raise it in its contract",
  ],
  [
    "a health route below burst 20",
    health({ throttle: { rate: 5, burst: 19 } }),
    "services.shipping must be a throttle of route get-health of at least rate 5 and burst 20, as Route 53 checks every region with it, got rate 5 and burst 19; raise it in its contract",
  ],
  [
    "no health route",
    { routes: routes.filter(({ id }) => id !== "get-health") },
    'services.shipping must have a route get-health that is GET /shipping/healthz and open, as health checks ask it, got "none"; make the contract with defineService',
  ],
  [
    "no route that probes the region",
    { routes: routes.filter(({ id }) => id !== "probe-region") },
    'services.shipping must have a route probe-region that is GET /shipping/healthz/region and open, as health checks ask it, got "none"; make the contract with defineService',
  ],
  [
    "a health route that needs a token",
    health({ scopes: ["shipping/read"] }),
    'services.shipping must have a route get-health that is GET /shipping/healthz and open, as health checks ask it, got "GET /shipping/healthz"; make the contract with defineService',
  ],
  [
    "a throttle that API Gateway does not take",
    added({ throttle: { rate: 10_001, burst: 5_001 } }),
    "services.shipping must have a rate up to 10000 and a burst of 1 to 5000 of route get-toy, got 10001 and 5001; correct it in its contract",
  ],
  [
    "eleven scopes of a route",
    added({ scopes: many(11).map((i) => `shipping/s${i}`) }),
    'services.shipping must have at most 10 scopes <service>/<scope> of route get-toy, got ["shipping/s0","shipping/s1","shipping/s2","shipping/s3",...; correct it in its contract',
  ],
  [
    "a scope without its service",
    added({ scopes: ["write"] }),
    'services.shipping must have at most 10 scopes <service>/<scope> of route get-toy, got ["write"]; correct it in its contract',
  ],
  [
    "a method that no route has",
    added({ method: "TRACE" as "GET" }),
    'services.shipping must have one of GET, PUT, POST, PATCH, DELETE as method of route get-toy, got "TRACE"; choose one',
  ],
  ...[
    "/toys/{id}",
    "/shipping",
    "/shipping/",
    "/shipping//toys",
    "/shipping/{id}/{id}",
    "/shipping/{all+}/toys",
    "/shipping/to ys",
    "/shipping/t{id}",
    "/shipping/{id",
    "/shipping/{}",
    "/shipping/toys?x=1",
    "/shipping/spielzüge",
  ].map(
    (path) =>
      [
        `the path ${path}`,
        added({ path }),
        `services.shipping must have a path of route get-toy that begins with /shipping/ and has only words, {name} and, at its end, {name+}, each name once, got ${JSON.stringify(path)}; correct it in its contract`,
      ] as const,
  ),
  [
    "a route id in another form",
    added({ id: "getToy" }),
    'services.shipping must have route ids in kebab-case, got "getToy"; rename it in its contract',
  ],
  [
    "21 indexes",
    indexes(...many(21).map((i) => index(`by-${i}x`))),
    "services.shipping must have at most 20 indexes, which DynamoDB takes per table, got 21; remove some from its contract",
  ],
  ...["by", "", "by status", "by/status", "nach-größe", "a".repeat(256)].map(
    (name) =>
      [
        `the index name ${name.slice(0, 20)}`,
        indexes(index(name)),
        `services.shipping must name indexes with 3-255 letters, digits, _, - and ., got ${JSON.stringify(name).length > 60 ? `"${"a".repeat(56)}...` : JSON.stringify(name)}; rename it in its contract`,
      ] as const,
  ),
  [
    "an index name twice",
    indexes(index("by-status"), index("by-status", "city")),
    'services.shipping must name each index differently, got "by-status" twice; rename one in its contract',
  ],
  [
    "a key attribute without a name",
    indexes(index("by-nothing", "")),
    'services.shipping must name key attributes with 1-255 bytes, got ""; rename it in its contract',
  ],
];

describe("contracts", () => {
  for (const [title, changes, sentence] of refusals) {
    it(`are refused with ${title}`, () => assert.deepEqual(problemsWith(changes), [`platform:${sentence}`]));
  }

  it("are accepted up to the limits", () => {
    assert.deepEqual(problemsWith(indexes(...many(20).map((i) => index(`by-${i}x`)))), []);
    assert.deepEqual(problemsWith(indexes(index("abc"), index("a".repeat(255)))), []);
    assert.deepEqual(problemsWith(health({ throttle: { rate: 5, burst: 20 } })), []);
    assert.deepEqual(problemsWith({ port: 65_535 }), []);
    assert.deepEqual(problemsWith(added({ path: "/shipping/toys/{all+}", scopes: ["shipping/read"] })), []);
    const spare = many(257).map((i) => ({ id: `get-toy-${i}`, path: `/shipping/toys/${i}` }));
    assert.deepEqual(problemsWith(added(...spare)), []);
  });

  it("with exact idempotency keys need a way to the home region, which another region's endpoint is not", () => {
    const nowhere = (regions: number) => {
      const config = exampleConfig("prod");
      config.network.nat = "none";
      config.network.interfaceEndpoints = true;
      config.regions = config.regions.slice(0, regions);
      const needs = { ...catalog.shipping.needs, egress: [] };
      const shipping = contract("shipping", { needs });
      return problemsOf(config, "prod", { ...catalog, shipping }).filter((each) => each.includes("network.nat"));
    };
    assert.deepEqual(nowhere(2), [
      'platform:network.nat must not be none, as shipping could not claim the idempotency keys of its exact routes in the home region, got "none"; choose zone or single',
    ]);
    assert.deepEqual(nowhere(1), []);
  });

  it("may have placeholders in a legacy URL that the route has, and no others", () => {
    const config = exampleConfig("prod");
    const withPath = (path: string) => ({
      ...catalog,
      shipping: contract("shipping", { legacyRoutes: legacyRoutes.map((each) => ({ ...each, path })) }),
    });
    config.services.shipping.legacyUrl = "https://legacy.example.com/{carrier}/{proxy}";
    assert.deepEqual(problemsOf(config, "prod", withPath("/shipping/rates/{carrier}/{proxy+}")), []);
    assert.deepEqual(problemsOf(config, "prod", withPath("/shipping/rates/{carrier}")), [
      "platform:services.shipping.legacyUrl must have only placeholders that the path of get-rates has (carrier), got {proxy}; remove it, or write its value",
    ]);
  });

  it("are refused under another name than their own, and with a name that AWS refuses", () => {
    const named = (key: string, name: string) => {
      const config = exampleConfig("prod");
      delete config.gateways;
      const { shipping, ...others } = config.services;
      const { shipping: own, ...contracts } = catalog;
      const moved = JSON.parse(JSON.stringify(own).replaceAll("/shipping/", `/${name}/`));
      return problemsOf({ ...config, services: { ...others, [key]: shipping } }, "prod", {
        ...contracts,
        [key]: { ...moved, name },
      });
    };
    assert.deepEqual(named("shipping", "parcels"), [
      'platform:services.shipping must be listed under its own name, got "parcels"; correct apps/catalog.ts',
    ]);
    for (const name of ["Shipping", "shipping_eu", "ship--ping", "-shipping", "shipping-", "1shipping"]) {
      assert.deepEqual(named(name, name), [
        `platform:services.${name} must be named in lower-case letters, digits and single inner hyphens, got "${name}"; rename it in its contract`,
      ]);
    }
  });

  it("refuses variables that together are longer than a function takes, but not those of a server", () => {
    const variables = Object.fromEntries(["ONE", "TWO", "THREE"].map((name) => [name, "x".repeat(1_000)]));
    const shipping = contract("shipping", { needs: { ...catalog.shipping.needs, variables } });
    const found = (pattern: string) => {
      const config = exampleConfig("prod");
      config.services.shipping.pattern = pattern;
      return problemsOf(config, "prod", { ...catalog, shipping });
    };
    assert.deepEqual(found("ecs"), []);
    assert.deepEqual(found("lambda"), [
      "platform:services.shipping.variables must take at most 3000 bytes together with those of the contract under the pattern lambda, got 3011; shorten them, or choose another pattern",
    ]);
  });
});
