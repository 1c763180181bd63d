import assert from "node:assert/strict";
import { errors, operations } from "./helpers/events";
import { Project } from "./helpers/project";
import { operate, staysAsItIs } from "./helpers/stacks";

/** A gateway next to an existing one: its issuer, its paths and headers, a route that moves, and a caller outside. */
function nextToExisting(config: Record<string, any>): void {
  config["platform:gateways"] = {
    rest: {},
    private: {
      callers: {
        billing: {
          role: "arn:aws:iam::444455556666:role/billing",
          endpoints: { "eu-west-1": "vpce-0123456789abcdef0" },
          routes: { "food-store": ["get-food"] },
        },
      },
    },
  };
  config["platform:issuers"] = {
    corporate: {
      issuer: "https://login.example.com/",
      audiences: ["platform"],
      jwksUrl: "https://login.example.com/oauth2/jwks",
      scopes: { "orders.write": ["shipping/write"] },
    },
  };
  config["platform:formerHeaders"] = { authorization: "x-auth-token" };
  config["platform:services"].shipping.routes = {
    "put-shipment": { formerPath: "/logistics/v1/shipments/{id}" },
    "get-rates": { to: "legacy", formerPath: "/logistics/v1/rates" },
  };
}

describe("a gateway next to an existing one, under the real engine", () => {
  let project: Project;
  const move = (to: unknown) =>
    project.configure("dev", (config) => {
      config["platform:services"].shipping.routes["get-rates"].to = to;
    });
  const up = async () => {
    const done = await operate(project, "up", "dev");
    assert.deepEqual([done.code, errors(done.events)], [0, []]);
    return operations(done.events);
  };
  before(async () => {
    project = await Project.make();
    project.configure("dev", nextToExisting);
    await project.run("stack", "init", "dev");
  });
  after(() => project?.close());

  it("is made in one go, and a second up changes nothing", async () => {
    const made = await up();
    for (const name of ["http-issuers-former", "http-shipping-put-shipment-former", "http-shipping-get-rates-former"]) {
      assert.ok(
        made.some((line) => line.startsWith("create aws:apigatewayv2/") && line.endsWith(` eu-west-1-${name}`)),
        name,
      );
    }
    await staysAsItIs(project, "dev", 1);
  });

  it("has a route moved by one word and by weight: its paths stay, and another target answers", async () => {
    for (const [to, gone] of [
      [{ service: 10 }, ["http-shipping-get-rates-former-integration", "http-shipping-get-rates-integration"]],
      ["service", []],
    ] as const) {
      move(to);
      const did = await up();
      const routes = did.filter((line) => line.includes("aws:apigatewayv2/route:Route "));
      const changed = gone.length > 0 ? ["get-rates", "get-rates-former"] : [];
      assert.deepEqual(
        routes,
        changed.map((id) => `update aws:apigatewayv2/route:Route eu-west-1-http-shipping-${id}`).sort(),
      );
      const deleted = did.filter((line) => line.startsWith("delete aws:apigatewayv2/integration:Integration "));
      assert.deepEqual(deleted.map((line) => line.split("eu-west-1-")[1]).sort(), [...gone]);
      await staysAsItIs(project, "dev", 1);
    }
  });

  it("is one gateway for all again when nothing of the existing one is left", async () => {
    project.configure("dev", (config) => {
      delete config["platform:issuers"];
      delete config["platform:formerHeaders"];
      delete config["platform:gateways"].private;
      config["platform:services"].shipping.routes = { "get-rates": { to: "service" } };
    });
    const did = await up();
    for (const line of ["http-issuers-former", "http-shipping-put-shipment-former"]) {
      assert.ok(
        did.some((each) => each.startsWith("delete aws:apigatewayv2/") && each.endsWith(`-${line}`)),
        line,
      );
    }
    await staysAsItIs(project, "dev", 1);
  });
});
