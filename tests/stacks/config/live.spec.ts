import assert from "node:assert/strict";
import { catalog } from "../../../apps/catalog";
import { liveProblems } from "../../../stacks/config/live-rules";
import { exampleConfig, problemsOf } from "./example";

/** Problems of prod with live changes at that name. */
function problemsWith(domain: string): string[] {
  const config = exampleConfig("prod");
  config.live = { domain };
  config.web = { domain: "app.example.com" };
  config.signIn.domain = "sign-in.api.example.com";
  return problemsOf(config);
}

describe("the name of live changes", () => {
  it("is any free name in the zone", () => {
    assert.deepEqual(problemsWith("live.example.com"), []);
    assert.deepEqual(problemsWith("live.api.example.com"), []);
  });

  it("is refused outside the zone", () => {
    assert.deepEqual(problemsWith("live.example.org"), [
      'platform:live.domain must lie in the zone example.com, got "live.example.org"; try "live.example.com"',
    ]);
  });

  for (const [of, name] of [
    ["the HTTP API", "api.example.com"],
    ["the HTTP API", "eu-west-1.api.example.com"],
    ["the private API", "internal.example.com"],
    ["the sign-in page", "sign-in.api.example.com"],
    ["the web app", "app.example.com"],
  ] as const) {
    it(`is refused where ${of} has it: ${name}`, () => {
      assert.deepEqual(problemsWith(name), [
        `platform:live.domain must be a name of its own, got "${name}", which ${of} has; try "live.example.com"`,
      ]);
    });
  }

  it("is refused with two regions of which one is to be asked for, as SNS sends from it under another name", () => {
    const of = (names: readonly string[]) => {
      const regions = names.map((name) => ({ ...exampleConfig("prod").regions[0], name }));
      const domain = { zone: "example.com", api: "api.example.com" };
      const context = { contracts: catalog, domain, regions, taken: new Map<string, string>() };
      const none = { web: undefined, tenants: undefined };
      return [...liveProblems({ domain: "live.example.com" }, { ...context, ...none })].map(
        ({ path, text }) => `${path} ${text}`,
      );
    };
    assert.deepEqual(of(["eu-west-1", "eu-central-1"]), []);
    assert.deepEqual(of(["eu-south-1"]), []);
    const [problem, ...more] = of(["eu-west-1", "eu-south-1"]);
    assert.deepEqual(more, []);
    assert.match(problem ?? "", /^live must not be set with two regions .* got "eu-south-1": .*; remove it, or choose/);
  });

  it("is refused with tenants, of whom a connection knows nothing", () => {
    const config = exampleConfig("prod");
    config.live = {};
    config.gateways = { ...config.gateways, rest: {} };
    config.tenants = { tiers: { free: { rate: 2, burst: 4 } } };
    const problems = problemsOf(config);
    assert.equal(problems.length, 1);
    assert.match(problems[0]!, /^platform:live must not be set with platform:tenants: .*; remove one of them$/);
    delete config.live;
    assert.deepEqual(problemsOf(config), []);
  });

  it("is refused while no service publishes changes", () => {
    const silent = Object.values(catalog).map((contract) => [contract.name, { ...contract, publishes: false }]);
    const context = {
      contracts: Object.fromEntries(silent),
      regions: [],
      taken: new Map<string, string>(),
      web: undefined,
      tenants: undefined,
    };
    const domain = { zone: "example.com", api: "api.example.com" };
    assert.deepEqual(
      [...liveProblems({ domain: "live.example.com" }, { ...context, domain })],
      [
        {
          path: "live",
          text: "must not be set while no service publishes changes; remove it, or set publishes in a contract",
        },
      ],
    );
  });
});
