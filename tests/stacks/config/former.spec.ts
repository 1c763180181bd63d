import assert from "node:assert/strict";
import { sampleCatalog as catalog } from "../../helpers/samples";
import { exampleConfig, problemsOf } from "./example";

type Paths = Readonly<Record<string, string>>;

/** Problems of prod with former paths of shipping's routes. */
function problemsWith(paths: Paths, headers?: unknown, change: (config: any) => void = () => undefined) {
  const config: any = exampleConfig("prod");
  const routes = Object.entries(paths).map(([id, formerPath]) => [id, { formerPath }]);
  config.services.shipping.routes = Object.fromEntries(routes);
  if (headers !== undefined) config.formerHeaders = headers;
  change(config);
  return problemsOf(config, "prod", catalog);
}

const put = { "put-shipment": "/logistics/v1/shipments/{id}" };

describe("the former paths of routes", () => {
  it("are a path and headers that nothing else has", () => {
    assert.deepEqual(problemsWith(put), []);
    assert.deepEqual(problemsWith(put, { authorization: "x-auth-token" }), []);
    assert.deepEqual(problemsWith({ ...put, "get-rates": "/rates" }, { "idempotency-key": "x-request-key" }), []);
  });

  const at = "platform:services.shipping.routes.put-shipment.formerPath";
  for (const [title, paths, sentence] of [
    ["of a health route", { "get-health": "/up" }, /get-health\.formerPath must not be of a health route, .*remove it/],
    ["that is no path", { "put-shipment": "shipments/{id}" }, /must be a path such as .*got "shipments\/\{id\}"/],
    ["that begins with a parameter", { "put-shipment": "/{id}/x" }, /must be a path such as .*a word first/],
    [
      "of a service",
      { "put-shipment": "/pet-store/x/{id}" },
      /must begin with a word that nothing else has \(.*pet-store/,
    ],
    ["of the documents", { "put-shipment": "/docs/{id}" }, /must begin with a word that nothing else has .*correct it/],
    [
      "without the parameter",
      { "put-shipment": "/x/{name}" },
      /must have the parameters of the route's own path \(id\)/,
    ],
    ["with it twice", { "put-shipment": "/x/{id}/{id}" }, /must have the parameters .*got "\/x\/\{id\}\/\{id\}"/],
  ] as const) {
    it(`are refused ${title}`, () => {
      const [problem, ...others] = problemsWith(paths);
      assert.match(problem ?? "", sentence);
      assert.deepEqual(others, []);
    });
  }

  it("are refused as the path of two routes", () => {
    const [problem] = problemsWith({ "put-shipment": "/x/{id}", "get-shipment": "/x/{id}" }, undefined, (config) => {
      config.services["pet-store"].routes = { "get-pet": { formerPath: "/x/{id}" } };
    });
    assert.match(problem ?? "", /get-(pet|shipment)\.formerPath must be the path of one route, got "GET \/x\/\{id\}"/);
  });

  it("are refused where the policy of an authorizer would open more than the route", () => {
    const paths = { "put-shipment": "/x/{id}" };
    const [problem] = problemsWith(paths, undefined, (config) => {
      config.services["pet-store"].routes = { "put-pet": { formerPath: "/x/{id}/pet" } };
    });
    assert.match(problem ?? "", /must not match a route that needs another scope, got "PUT .*as "PUT .*correct it/);
  });

  it("are refused where a REST API would have two names for one parameter, which an HTTP API takes", () => {
    const config: any = exampleConfig("prod");
    config.services.shipping.routes = { "put-shipment": { formerPath: "/x/{id}" } };
    config.services["pet-store"].routes = { "get-pet": { formerPath: "/x/{name}/pet" } };
    const pets = catalog["pet-store"]!;
    const routes = pets.routes.map((each) =>
      each.id === "get-pet" ? { ...each, path: "/pet-store/named/{name}" } : each,
    );
    const contracts = { ...catalog, "pet-store": { ...pets, routes } };
    assert.deepEqual(problemsOf(config, "prod", contracts), []);
    config.gateways.rest = { domain: "rest.api.example.com" };
    assert.deepEqual(problemsOf(config, "prod", contracts), [
      'platform:gateways.rest.services must have one name for the parameter at one place of the paths, as a REST API takes no second one, got "/x/{name}" and "/x/{id}"; change one of the paths',
    ]);
  });

  it("are refused where the contract has a route of the id that they would make", () => {
    const pets = catalog["pet-store"]!;
    const get = pets.routes.find(({ id }) => id === "get-pet")!;
    const contracts = {
      ...catalog,
      "pet-store": { ...pets, routes: [...pets.routes, { ...get, id: "get-pet-former", path: "/pet-store/old/{id}" }] },
    };
    const config: any = exampleConfig("prod");
    assert.deepEqual(problemsOf(config, "prod", contracts), []);
    config.services["pet-store"].routes = { "get-pet": { formerPath: "/x/{id}" } };
    assert.deepEqual(problemsOf(config, "prod", contracts), [
      'platform:services.pet-store.routes.get-pet.formerPath makes a route of the id "get-pet-former", which the contract has; rename that route',
    ]);
  });

  it("count as path segments of a REST API", () => {
    const paths = Object.fromEntries(
      ["put-shipment", "get-shipment", "get-rates", "list-shipments"].map((id, i) => [
        id,
        `/x${i}${"/a".repeat(90)}${/-shipment$/.test(id) ? "/{id}" : ""}`,
      ]),
    );
    assert.deepEqual(problemsWith(paths), []);
    const problems = problemsWith(paths, undefined, (config) => {
      config.gateways.rest = { domain: "rest.api.example.com" };
    });
    assert.match(
      problems.join("\n"),
      /^platform:gateways\.rest\.services must have at most 300 path segments together, .*got \d{3}; /,
    );
  });

  it("are refused with a header that has a use, one that is named twice, and headers without a path", () => {
    assert.match(
      problemsWith(put, { authorization: "x-subject" })[0] ?? "",
      /^platform:formerHeaders\.authorization must be a header that has no other use, got "x-subject"/,
    );
    assert.match(
      problemsWith(put, { authorization: "x-a", "idempotency-key": "x-a" })[0] ?? "",
      /^platform:formerHeaders must be different headers, got "x-a" twice; correct one/,
    );
    assert.match(
      problemsWith({}, { authorization: "x-a" })[0] ?? "",
      /^platform:formerHeaders is of no use without a formerPath of a route, .*remove it, or add the path/,
    );
    assert.match(problemsWith(put, { accept: "x-a" })[0] ?? "", /formerHeaders\.accept is not a key/);
  });

  it("are named by their place", () => {
    assert.ok(problemsWith({ "put-shipment": "/x" })[0]?.startsWith(at));
  });
});
