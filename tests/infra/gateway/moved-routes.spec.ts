import assert from "node:assert/strict";
import { catalog } from "../../../apps/catalog";
import type { GraphIndex } from "../../../graph/model";
import { replanned } from "../../conformance/plans";
import { sampleCatalog } from "../../helpers/samples";
import { exampleConfig, problemsOf } from "../../stacks/config/example";

const ROUTE = "aws:apigatewayv2/route:Route";
const throttle = { rate: 1, burst: 1 };
const INTEGRATION = "aws:apigatewayv2/integration:Integration";

/** Plans dev with get-rates answered by a side, and shipping under a pattern. */
const plannedTo = (to: unknown, pattern = "ec2", change: (config: any) => void = () => undefined) =>
  replanned("dev", (config) => {
    config.services.shipping.pattern = pattern;
    if (to !== undefined) config.services.shipping.routes = { "get-rates": { to } };
    change(config);
  });

/** What the route leads to. */
function targetOf(plan: GraphIndex): string {
  const { inputs } = plan.one(ROUTE, { routeKey: "GET /shipping/rates" });
  const id = String(inputs["target"]).replace("integrations/", "");
  return plan.ofType(INTEGRATION).find(({ outputs }) => outputs["id"] === id)!.name;
}

/** What shipping is run with, as text; user data of instances is base64. */
function textOf(plan: GraphIndex): string {
  const own = plan.graph.resources.filter(({ name }) => name.startsWith("eu-west-1-shipping"));
  const userData = own.map(({ inputs }) => Buffer.from(String(inputs["userData"] ?? ""), "base64").toString());
  return [JSON.stringify(own.map(({ inputs }) => inputs)), ...userData].join("\n");
}

describe("a route that moves from a legacy endpoint to its service", () => {
  it("stays with the endpoint until it is said to move", async () => {
    for (const to of [undefined, "legacy"]) {
      assert.equal(targetOf(await plannedTo(to)), "eu-west-1-http-shipping-get-rates-integration");
    }
  });

  it("moves by one word: the route leads to the service, and the endpoint's integration goes", async () => {
    const plan = await plannedTo("service");
    assert.equal(targetOf(plan), "eu-west-1-http-shipping-integration");
    assert.deepEqual(
      plan.ofType(INTEGRATION).filter(({ name }) => name.includes("get-rates")),
      [],
    );
    assert.ok(!textOf(plan).includes("LEGACY_URL"));
  });

  it("has its scope in the user pool and its method in CORS, also while the endpoint answers it", async () => {
    const { shipping } = catalog;
    const { openapi, info, paths, components } = shipping.openApi();
    const path = "/shipping/orders/{id}";
    const cancel = { id: "cancel", method: "DELETE", path, scopes: ["shipping/cancel"], throttle } as const;
    const withCancel = { openapi, info, paths: { ...paths, [path]: { delete: { responses: {} } } }, components };
    const legacyRoutes = [...shipping.legacyRoutes, cancel];
    Object.assign(catalog, { shipping: { ...shipping, legacyRoutes, openApi: () => withCancel } });
    try {
      const plan = await plannedTo(undefined);
      const server = plan.one("aws:cognito/resourceServer:ResourceServer", { identifier: "shipping" });
      const names = server.inputs["scopes"].map(({ scopeName }: { scopeName: string }) => scopeName);
      assert.deepEqual(names, ["cancel", "write"]);
      const { allowMethods } = plan.one("aws:apigatewayv2/api:Api", {}).inputs["corsConfiguration"];
      assert.deepEqual(allowMethods, ["DELETE", "GET", "POST", "PUT"]);
    } finally {
      Object.assign(catalog, { shipping });
    }
  });

  for (const pattern of ["ec2", "ecs", "beanstalk", "lambda"]) {
    it(`moves by weight under ${pattern}: the route leads to the service, which knows the endpoint and its part`, async () => {
      const plan = await plannedTo({ service: 10 }, pattern);
      assert.match(targetOf(plan), /^eu-west-1-http-shipping-integration$/);
      const text = textOf(plan);
      assert.ok(text.includes("LEGACY_URL_GET_RATES") && text.includes("https://legacy.example.com/rates"), pattern);
      assert.ok(text.includes("SERVICE_PERCENT_GET_RATES"));
    });
  }

  it("moves on the REST API in the same way", async () => {
    const rest = (config: any) => {
      config.gateways.rest = { services: ["shipping"], domain: `rest.${config.domain.api}` };
    };
    const uriOf = async (to: unknown) => {
      const plan = await plannedTo(to, "ec2", rest);
      const api = plan.ofType("aws:apigateway/restApi:RestApi").find(({ name }) => name === "eu-west-1-rest-api")!;
      return String(JSON.parse(api.inputs["body"]).paths["/shipping/rates"].get["x-amazon-apigateway-integration"].uri);
    };
    assert.equal(await uriOf("legacy"), "https://legacy.example.com/rates");
    for (const to of ["service", { service: 10 }]) assert.match(await uriOf(to), /:8084\/shipping\/rates$/);
  });

  describe("in the configuration", () => {
    const problemsWith = (change: (shipping: any, config: any) => void) => {
      const config: any = exampleConfig("prod");
      change(config.services.shipping, config);
      return problemsOf(config, "prod", sampleCatalog);
    };

    it("needs no endpoint any more once the service answers it", () => {
      const moved = (to: unknown) => (shipping: any) => {
        delete shipping.legacyUrl;
        shipping.routes = { "get-rates": { to } };
      };
      assert.deepEqual(problemsWith(moved("service")), []);
      assert.match(
        problemsWith(moved({ service: 99 }))[0] ?? "",
        /legacyUrl is missing; set the https URL that get-rates stays with/,
      );
    });

    it("is one that both sides can answer", () => {
      const [problem] = problemsWith((shipping) => {
        shipping.routes = { "get-shipment": { to: "legacy" } };
      });
      assert.match(
        problem ?? "",
        /routes\.get-shipment\.to must be of a route that both sides can answer, got "legacy" of one that the service answers alone/,
      );
    });

    for (const to of [{ service: 0 }, { service: 100 }, { service: 1.5 }, { legacy: 10 }, "both", 10]) {
      it(`refuses ${JSON.stringify(to)}`, () => {
        const [problem] = problemsWith((shipping) => {
          shipping.routes = { "get-rates": { to } };
        });
        assert.match(problem ?? "", /services\.shipping\.routes\.get-rates\.to/);
      });
    }

    it("cannot be shared without a way out", () => {
      const problems = problemsWith((shipping, config) => {
        shipping.routes = { "get-rates": { to: { service: 10 } } };
        config.network = { nat: "none" };
      });
      assert.ok(
        problems.some((each) =>
          /network\.nat must not be none, as shipping could not send the callers of shared routes on to legacyUrl/.test(
            each,
          ),
        ),
        problems.join("\n"),
      );
    });
  });
});
