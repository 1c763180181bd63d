import assert from "node:assert/strict";
import { parseConfig } from "../../../stacks/config/read";
import { sampleCatalog as catalog } from "../../helpers/samples";
import { exampleConfig, problemsOf } from "./example";

const free = { rate: 10, burst: 20 };

/** The problems of prod with a REST API and these tenants. */
function problemsWith(tiers: unknown, change: (config: any) => void = () => undefined): readonly string[] {
  const config: any = { ...exampleConfig("prod"), gateways: { rest: {} }, tenants: { tiers } };
  change(config);
  return problemsOf(config, "prod", catalog);
}

describe("the tenants of an environment", () => {
  it("are none when nothing is said", () => {
    assert.equal(parseConfig(exampleConfig("prod"), "prod", catalog).tenants, undefined);
  });

  it("have tiers with limits, a quota, and lower limits of single routes", () => {
    const quota = { requests: 10_000, per: "DAY" };
    const tiers = { free: { ...free, quota, routes: { "food-store/put-food": { rate: 1, burst: 2 } } }, premium: free };
    assert.deepEqual(problemsWith(tiers), []);
  });

  it("may have a rate of less than one request per second", () => {
    assert.deepEqual(problemsWith({ trial: { rate: 0.2, burst: 5 } }), []);
  });

  for (const [title, tiers, problem] of [
    ["no tier", {}, /^platform:tenants\.tiers must have 1-300 tiers.*, got 0; add one/],
    ["a name that is no name", { Free_1: free }, /^platform:tenants\.tiers\.Free_1 must be 1-64 of a-z.*rename it/],
    [
      "a rate that admits nothing",
      { free: { ...free, rate: 0 } },
      /^platform:tenants\.tiers\.free\.rate must be .*0\.01.*got 0/,
    ],
    ["a rate without a burst", { free: { rate: 10 } }, /^platform:tenants\.tiers\.free\.burst /],
    [
      "an unknown period",
      { free: { ...free, quota: { requests: 1, per: "HOUR" } } },
      /\.quota\.per must be one of DAY, WEEK, MONTH/,
    ],
    [
      "a route that no service has",
      { free: { ...free, routes: { "food-store/put-fod": free } } },
      /must be a route of a service on the REST API \(food-store\/put-food, .*got "food-store\/put-fod"; correct it/,
    ],
    [
      "a route's limit above the tier's",
      { free: { ...free, routes: { "food-store/put-food": { rate: 11, burst: 1 } } } },
      /must be at most the tier's own limit \(rate 10, burst 20\), got rate 11, burst 1; lower it/,
    ],
  ] as const) {
    it(`are refused with ${title}`, () => {
      const [found, ...others] = problemsWith(tiers);
      assert.match(found ?? "", problem);
      assert.deepEqual(others, []);
    });
  }

  it("are refused with more tiers than an account has usage plans", () => {
    const tiers = Object.fromEntries(Array.from({ length: 301 }, (_, i) => [`tier-${i}`, free]));
    assert.match(problemsWith(tiers).join("\n"), /must have 1-300 tiers.*got 301; join some/);
  });

  it("are refused with a limit of a route that the environment turns off", () => {
    const tiers = { free: { ...free, routes: { "food-store/put-food": { rate: 1, burst: 2 } } } };
    const turnOff = (config: any) => {
      config.services["food-store"].routes = { "put-food": { enabled: false } };
    };
    assert.deepEqual(problemsWith(tiers, turnOff), [
      'platform:tenants.tiers.free.routes.food-store/put-food must limit a route that is on, got "food-store/put-food", which services.food-store.routes.put-food.enabled turns off; remove the limit, or turn the route on',
    ]);
  });

  it("are refused without a REST API", () => {
    assert.match(
      problemsWith({ free }, (config) => delete config.gateways).join("\n"),
      /^platform:tenants needs a REST API, which has usage plans, got none; add gateways\.rest/,
    );
  });

  it("are refused with a rate that an account does not have in one of the regions", () => {
    const problems = problemsWith({ free: { rate: 2_501, burst: 20 } }, (config) => {
      config.regions = [{ name: "eu-west-1" }, { name: "eu-south-1" }];
    });
    assert.match(
      problems.join("\n"),
      /free\.rate must be at most 2500, which an account has for all its APIs in eu-south-1, got 2501/,
    );
  });
});
