import assert from "node:assert/strict";
import type { GraphIndex } from "../../../graph/model";
import { replanned, withoutCalls } from "../../conformance/plans";

const FUNCTION = "aws:lambda/function:Function";
const PERMISSION = "aws:lambda/permission:Permission";

/** Plans dev with food-store, one of whose routes streams, under a pattern. */
function planned(pattern: string, rest = true): Promise<GraphIndex> {
  return withoutCalls(() =>
    replanned("dev", (config) => {
      config.services["food-store"].pattern = pattern;
      if (rest) config.gateways.rest = { services: ["food-store"], domain: "rest.api.dev.example.com" };
    }),
  );
}

function integrationOf(plan: GraphIndex, path: string): any {
  const definition = JSON.parse(plan.one("aws:apigateway/restApi:RestApi", {}).inputs["body"]);
  return definition.paths[path].get["x-amazon-apigateway-integration"];
}

describe("routes that stream", () => {
  it("have a function of their own under lambda, released by a canary as the other one", async () => {
    const plan = await planned("lambda");
    const functions = plan
      .ofType(FUNCTION)
      .filter(({ inputs }) => inputs["environment"]?.variables.SERVICE_NAME === "food-store");
    assert.deepEqual(
      functions.map(({ inputs }) => [inputs["handler"], inputs["timeout"]]),
      [
        ["handler.handler", 12],
        ["handler.streamingHandler", 26],
      ],
    );
    assert.equal(functions[0]!.inputs["role"], functions[1]!.inputs["role"]);
    const groups = plan
      .ofType("aws:codedeploy/deploymentGroup:DeploymentGroup")
      .filter(({ name }) => name.includes("food-store"));
    assert.equal(groups.length, 2);
    const streaming = functions[1]!.outputs["arn"];
    const { uri, responseTransferMode, timeoutInMillis } = integrationOf(plan, "/food-store/export");
    assert.deepEqual([responseTransferMode, timeoutInMillis], ["STREAM", 29_000]);
    assert.ok(uri.endsWith(`/2021-11-15/functions/${streaming}:live/response-streaming-invocations`), uri);
    const permitted = plan.where(PERMISSION, { function: streaming });
    assert.deepEqual(
      permitted.map(({ inputs }) => inputs["sourceArn"].replace(/^.*\/live/, "")),
      ["/GET/food-store/export"],
    );
  });

  it("have no function of their own without a REST API, and none where servers stream", async () => {
    const names = (plan: GraphIndex) => plan.ofType(FUNCTION).map(({ inputs }) => inputs["handler"]);
    assert.ok(!names(await planned("lambda", false)).includes("handler.streamingHandler"));
    const plan = await planned("ec2");
    assert.ok(!names(plan).includes("handler.streamingHandler"));
    const { type, connectionType, responseTransferMode } = integrationOf(plan, "/food-store/export");
    assert.deepEqual([type, connectionType, responseTransferMode], ["http_proxy", "VPC_LINK", "STREAM"]);
    assert.equal(integrationOf(plan, "/food-store/foods").responseTransferMode, "BUFFERED");
  });

  it("go through a forwarder of their own to servers in Cloud Map", async () => {
    const plan = await planned("ecs");
    const forwarders = plan.ofType(FUNCTION).filter(({ inputs }) => inputs["environment"]?.variables.TARGETS);
    assert.deepEqual(
      forwarders.map(({ inputs }) => inputs["handler"]),
      ["handler.handler", "handler.streamingHandler"],
    );
    const { uri } = integrationOf(plan, "/food-store/export");
    assert.ok(uri.includes(`${forwarders[1]!.outputs["arn"]}:live/response-streaming`), uri);
    for (const { outputs } of forwarders) {
      const permissions = plan.where(PERMISSION, { function: outputs["arn"] });
      assert.deepEqual(
        permissions.map(({ inputs }) => inputs["sourceArn"].split("/").slice(1).join("/")),
        ["live/*"],
      );
    }
  });

  it("are never kept in the cache", async () => {
    const plan = await replanned("dev", (config) => {
      const cache = { gigabytes: 0.5, seconds: 60 };
      config.gateways.rest = { services: ["food-store"], domain: "rest.api.dev.example.com", cache };
    });
    const settings = (methodPath: string) =>
      plan.one("aws:apigateway/methodSettings:MethodSettings", { methodPath }).inputs["settings"].cachingEnabled;
    assert.equal(settings("food-store/foods/GET"), true);
    assert.equal(settings("food-store/export/GET"), false);
    assert.equal(settings("food-store/prices/{id}/GET"), false);
  });
});

describe("routes that the REST API answers itself", () => {
  let plan: GraphIndex;
  before(async () => {
    plan = await withoutCalls(() =>
      replanned("dev", (config) => {
        config.gateways.rest = { services: ["food-store", "price-calculator"], domain: "rest.api.dev.example.com" };
      }),
    );
  });

  it("read as a role that may read items of this table and nothing else", () => {
    const { credentials } = integrationOf(plan, "/food-store/prices/{id}");
    const role = plan.one("aws:iam/role:Role", { arn: credentials });
    const trust = JSON.parse(role.inputs["assumeRolePolicy"]).Statement;
    // API Gateway sends no source account here: with such a condition every request would fail.
    assert.deepEqual(trust, [
      { Effect: "Allow", Principal: { Service: "apigateway.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
    const policy = plan.one("aws:iam/rolePolicy:RolePolicy", { role: role.outputs["name"] });
    const table = plan.ofType("aws:dynamodb/table:Table").find(({ name }) => name.includes("food-store"))!;
    assert.deepEqual(JSON.parse(policy.inputs["policy"]).Statement, [
      { Effect: "Allow", Action: ["dynamodb:GetItem"], Resource: table.outputs["arn"] },
    ]);
  });

  it("are not on the HTTP API, and reach no server", () => {
    const keys = plan.ofType("aws:apigatewayv2/route:Route").map(({ inputs }) => inputs["routeKey"]);
    assert.ok(!keys.some((key) => /prices|rounding/.test(key)));
    assert.equal(integrationOf(plan, "/price-calculator/rounding").type, "mock");
  });
});
