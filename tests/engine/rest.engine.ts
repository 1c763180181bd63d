import assert from "node:assert/strict";
import { errors, stepsInOrder } from "./helpers/events";
import { Project } from "./helpers/project";
import { deployed, operate, staysAsItIs } from "./helpers/stacks";

/** Steps of an `up` in the order in which they began, without the region and components. */
function steps(result: Awaited<ReturnType<typeof operate>>): string[] {
  assert.deepEqual([result.code, errors(result.events)], [0, []]);
  return stepsInOrder(result.events)
    .filter((line) => / aws:/.test(line))
    .map((line) => line.replaceAll("eu-west-1-", "").replaceAll(/aws:[^/ ]+\/[^: ]+:/g, ""));
}

describe("dev with a REST API and tenants under the real engine", () => {
  let project: Project;
  before(async () => {
    project = await Project.make();
    project.configure("dev", (config) => {
      config["platform:gateways"] = { rest: {} };
      config["platform:tenants"] = { tiers: { free: { rate: 2, burst: 4 }, premium: { rate: 100, burst: 200 } } };
    });
    await deployed(project, "dev");
  });
  after(() => project?.close());

  async function changed(change: (config: any) => void): Promise<string[]> {
    project.configure("dev", change);
    return steps(await operate(project, "up", "dev"));
  }

  it("changes nothing the second time", () => staysAsItIs(project, "dev", 1));

  it("changes one usage plan when a tier's limit changes", async () => {
    const done = await changed((config) => {
      config["platform:tenants"].tiers.free.rate = 3;
    });
    assert.deepEqual(done, ["update UsagePlan plans-free"]);
  });

  it("makes one usage plan for a new tier, and takes it away with the tier", async () => {
    const added = await changed((config) => {
      config["platform:tenants"].tiers.trial = { rate: 1, burst: 1 };
    });
    assert.deepEqual(added, ["create UsagePlan plans-trial"]);
    const removed = await changed((config) => {
      delete config["platform:tenants"].tiers.trial;
    });
    assert.deepEqual(removed, ["delete UsagePlan plans-trial"]);
  });

  it("deploys the document without a route in one go, and moves the stage before the old deployment goes", async () => {
    const done = await changed((config) => {
      config["platform:services"]["shipping"].routes = { "list-shipments": { enabled: false } };
    });
    const rest = done.filter((line) => / (rest|authorizer)\b/.test(line));
    const inOrder = [
      "update RestApi rest-api",
      "create-replacement Deployment rest-deployment",
      "update Stage rest-stage",
      "delete-replaced Deployment rest-deployment",
    ];
    assert.deepEqual(
      rest.filter((line) => inOrder.includes(line)),
      inOrder,
    );
    assert.deepEqual(rest.filter((line) => !inOrder.includes(line)).sort(), [
      "delete MethodSettings rest-shipping-list-shipments-settings",
      "replace Deployment rest-deployment",
      // Scopes open one route less.
      "update Alias authorizer-alias",
      "update Function authorizer",
    ]);
  });

  it("leaves nothing to do, after all of them", () => staysAsItIs(project, "dev", 1));
});
