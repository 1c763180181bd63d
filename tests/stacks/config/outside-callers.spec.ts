import assert from "node:assert/strict";
import { sampleCatalog as catalog } from "../../helpers/samples";
import { exampleConfig, problemsOf } from "./example";

const billing = {
  role: "arn:aws:iam::444455556666:role/billing",
  endpoints: { "eu-west-1": "vpce-0123456789abcdef0" },
  routes: { "food-store": ["get-food"] },
};
const at = "platform:gateways.private.callers";

function problemsWith(callers: unknown): readonly string[] {
  return problemsOf({ ...(exampleConfig("prod") as any), gateways: { private: { callers } } }, "prod", catalog);
}

describe("callers from other accounts and VPCs", () => {
  it("are a role, its endpoint and the routes that it may request", () => {
    assert.deepEqual(problemsWith({ billing }), []);
  });

  for (const [title, change, sentence] of [
    [
      "a whole account",
      { role: "arn:aws:iam::444455556666:root" },
      /billing\.role must be the ARN of one role such as .*root"/,
    ],
    ["any role", { role: "arn:aws:iam::444455556666:role/*" }, /billing\.role must be the ARN of one role/],
    ["no endpoint", { endpoints: {} }, /billing\.endpoints must have a region, got \{\}/],
    [
      "any endpoint",
      { endpoints: { "eu-west-1": "*" } },
      /endpoints\.eu-west-1 must be a VPC endpoint such as vpce-.*got "\*"/,
    ],
    [
      "a region without the API",
      { endpoints: { "us-east-1": billing.endpoints["eu-west-1"] } },
      /must be of a region of the environment \(eu-west-1, eu-central-1\), got "us-east-1"; remove it/,
    ],
    [
      "a service that does not exist",
      { routes: { unknown: ["get-food"] } },
      /billing\.routes\.unknown must be of services \(food-store,/,
    ],
    [
      "a route that does not exist",
      { routes: { "food-store": ["get-foo"] } },
      /routes\.food-store must be routes that the service answers in one piece \(.*get-food.*got "get-foo"; correct it/,
    ],
    [
      "a stream",
      { routes: { "food-store": ["export-foods"] } },
      /must be routes that the service answers in one piece .*got "export-foods"/,
    ],
    [
      "a health route",
      { routes: { "food-store": ["get-health"] } },
      /must be routes that the service answers in one piece .*got "get-health"/,
    ],
  ] as const) {
    it(`are refused with ${title}`, () => {
      const [problem, ...others] = problemsWith({ billing: { ...billing, ...change } });
      assert.match(problem ?? "", sentence);
      assert.ok(problem!.startsWith(at), problem);
      assert.deepEqual(others, []);
    });
  }

  it("are refused where the private API is left out", () => {
    const config = { ...(exampleConfig("prod") as any), leaveOut: ["private"] };
    assert.deepEqual(problemsOf({ ...config, gateways: { private: { callers: { billing } } } }, "prod", catalog), [
      `${at} needs the private API, which leaveOut leaves out; remove it, or private from leaveOut`,
    ]);
  });

  it("are refused with a route whose parameter has another name than that of a called one at the same place", () => {
    const foods = catalog["food-store"]!;
    const get = foods.routes.find(({ id }) => id === "get-food")!;
    const brand = { ...get, id: "get-brand", path: "/food-store/foods/{food}/brand" };
    const contracts = { ...catalog, "food-store": { ...foods, routes: [...foods.routes, brand] } };
    const gateways = (routes: object) => ({ private: { callers: { billing: { ...billing, routes } } } });
    const problems = (routes: object) =>
      problemsOf({ ...(exampleConfig("prod") as any), gateways: gateways(routes) }, "prod", contracts);
    assert.deepEqual(problems({ "food-store": ["get-food"] }), []);
    assert.deepEqual(problems({ "food-store": ["get-brand"] }), [
      'platform:gateways.private must have one name for the parameter at one place of the paths, as a REST API takes no second one, got "/food-store/foods/{id}" and "/food-store/foods/{food}"; change one of the paths',
    ]);
  });

  it("are refused with one role twice, and a name that is none", () => {
    assert.match(
      problemsWith({ billing, other: billing })[0] ?? "",
      /other\.role must be a role of its own, .*which billing has; join them/,
    );
    assert.match(problemsWith({ Billing: billing })[0] ?? "", /Billing must be 1-31 lower-case letters/);
  });
});
