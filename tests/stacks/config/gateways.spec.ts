import assert from "node:assert/strict";
import { foodStore } from "../../../apps/food-store/contract";
import type { ServiceContract } from "../../../apps/kit/contract";
import { parseConfig } from "../../../stacks/config/read";
import { sampleCatalog as catalog } from "../../helpers/samples";
import { exampleConfig, problemsAfter, problemsOf } from "./example";

const names = "food-store, pet-store, price-calculator, shipping";

describe("the gateways", () => {
  it("lead to every service by the HTTP API alone, when nothing is said", () => {
    const { gateways: _, ...config } = exampleConfig("prod");
    assert.deepEqual(parseConfig(config, "prod", catalog).gateways, {
      http: { services: names.split(", ") },
      private: { name: "internal" },
    });
  });

  it("have a REST API at a name below the API's, without a cache, when it is only asked for", () => {
    const config = { ...exampleConfig("prod"), gateways: { rest: {} } };
    const { rest } = parseConfig(config, "prod", catalog).gateways;
    assert.deepEqual(rest, { services: names.split(", "), domain: "rest.api.example.com" });
  });

  for (const [path, value, problem] of [
    ["gateways.http.services", ["shop"], `must be services of this file (${names}), got "shop"; remove it`],
    ["gateways.http.services", [], "must be at least 1 entries, got []; raise it"],
    ["gateways.rest", { services: ["food-store", "food-store"] }, ".services[1] is listed twice"],
    [
      "gateways.rest",
      { domain: "api.example.com" },
      '.domain must differ from domain.api, which is the HTTP API\'s, got "api.example.com"; try "rest.api.example.com"',
    ],
    [
      "gateways.rest",
      { domain: "rest.example.org" },
      '.domain must lie in the zone example.com, got "rest.example.org"; try "rest.api.example.com"',
    ],
    ["gateways.rest", { stages: ["V2"] }, ".stages[0] must be 1-8 lower-case letters and digits"],
    ["gateways.rest", { stages: ["v2", "v2"] }, ".stages[1] is listed twice"],
    [
      "gateways.rest",
      { stages: ["live"] },
      '.stages must have other names than the first stage, the paths of the platform and the services (live, docs, usage, food-store, pet-store, price-calculator, shipping), got "live"; rename it',
    ],
    [
      "gateways.rest",
      { stages: ["shipping"] },
      '.stages must have other names than the first stage, the paths of the platform and the services (live, docs, usage, food-store, pet-store, price-calculator, shipping), got "shipping"; rename it',
    ],
    [
      "gateways.rest",
      { stages: ["docs"] },
      '.stages must have other names than the first stage, the paths of the platform and the services (live, docs, usage, food-store, pet-store, price-calculator, shipping), got "docs"; rename it',
    ],
    ["gateways.rest", { waf: { requestsPerFiveMinutes: 9 } }, ".waf.requestsPerFiveMinutes must be at least 10"],
    ["web", { waf: { requestsPerFiveMinutes: 9 } }, ".waf.requestsPerFiveMinutes must be at least 10"],
    ["gateways.private.name", "In", "must be 1-32 lower-case letters, digits and inner hyphens"],
    ["gateways.private.name", "api", 'must not make the name of a public API (api.example.com), got "api"; rename it'],
    ["gateways.rest", { cache: { gigabytes: 1, seconds: 60 } }, ".cache.gigabytes must be one of 0.5, 1.6,"],
    ["gateways.rest", { cache: { gigabytes: 0.5, seconds: 3601 } }, ".cache.seconds must be at most 3600"],
  ] as const) {
    it(`are refused with ${path} ${JSON.stringify(value)}`, () => {
      const [found, ...others] = problemsAfter(path, value);
      const joint = problem.startsWith(".") ? "" : " ";
      assert.ok(found?.startsWith(`platform:${path}${joint}${problem}`), found);
      assert.deepEqual(others, []);
    });
  }

  it("are refused when a REST API would have more path segments than AWS takes", () => {
    const [route] = foodStore.routes;
    const routes = Array.from({ length: 290 }, (_, i) => ({
      ...route!,
      id: `extra-${i}`,
      path: `/food-store/extra-${i}`,
    }));
    const contract: ServiceContract = { ...foodStore, routes: [...foodStore.routes, ...routes] };
    const config = { ...exampleConfig("prod"), gateways: { rest: {} } };
    const found = problemsOf(config, "prod", { ...catalog, "food-store": contract });
    assert.ok(
      found.some((each) =>
        /gateways\.rest\.services must have at most 300 path segments together.*, got 3\d\d; /.test(each),
      ),
      found.join("\n"),
    );
  });

  it("are refused when the policy of a function has no place for the permissions of its routes", () => {
    const petStore = catalog["pet-store"];
    const [route] = petStore.routes;
    const withRoutes = (count: number): ServiceContract => ({
      ...petStore,
      routes: Array.from({ length: count }, (_, i) => ({ ...route!, id: `extra-${i}`, path: `/pet-store/extra-${i}` })),
    });
    const found = (count: number, gateways: unknown, pattern = "lambda") => {
      const config = { ...exampleConfig("prod"), gateways };
      config.services["pet-store"].pattern = pattern;
      const problems = problemsOf(config, "prod", { ...catalog, "pet-store": withRoutes(count) });
      return problems.filter((each) => each.includes("permissions"));
    };
    assert.deepEqual(found(40, {}), []);
    assert.match(
      found(60, {}).join("\n"),
      /^platform:services\.pet-store must have routes whose permissions take at most 20480 bytes on all its gateways, which the policy of a function takes, got 2\d{4}; turn routes off, or take it from a gateway$/,
    );
    assert.equal(found(40, { rest: {} }).length, 1);
    assert.deepEqual(found(60, {}, "ecs"), []);
  });
});
