import assert from "node:assert/strict";
import { errors, stepsInOrder } from "./helpers/events";
import { Project } from "./helpers/project";
import { deployed, operate, staysAsItIs } from "./helpers/stacks";

const called = '  calls: { "food-store": ["get-food"], "pet-store": ["get-pet"] },\n';

describe("dev with services that call each other under the real engine", () => {
  let project: Project;
  before(async () => {
    project = await Project.make();
    await deployed(project, "dev");
  });
  after(() => project?.close());

  async function steps(): Promise<string[]> {
    const result = await operate(project, "up", "dev");
    assert.deepEqual([result.code, errors(result.events)], [0, []]);
    return stepsInOrder(result.events)
      .filter((line) => / aws:/.test(line))
      .map((line) => line.replaceAll("eu-west-1-", "").replaceAll(/aws:[^/ ]+\/[^: ]+:/g, ""));
  }

  it("changes nothing the second time", () => staysAsItIs(project, "dev", 1));

  it("admits a new caller by the API's policy and one of its role, and tells its code where", async () => {
    const name = '  name: "shipping",\n';
    project.edit("apps/shipping/contract.ts", name, `${name}${called}`);
    const done = await steps();
    const inOrder = [
      "update RestApi private-api",
      "create-replacement Deployment private-deployment",
      "update Stage private-stage",
      "delete-replaced Deployment private-deployment",
    ];
    assert.deepEqual(
      done.filter((line) => inOrder.includes(line)),
      inOrder,
    );
    assert.deepEqual(
      // They do not depend on each other.
      done.filter((line) => !inOrder.includes(line) && / private-/.test(line)).sort(),
      ["create RolePolicy private-shipping-calls", "replace Deployment private-deployment"],
    );
    assert.ok(done.includes("update LaunchTemplate shipping-template"), done.join("\n"));
  });

  it("takes the API away with the last call, and the name before the endpoint", async () => {
    for (const service of ["price-calculator", "shipping"]) project.edit(`apps/${service}/contract.ts`, called, "");
    const done = await steps();
    const order = ["DomainNameAccessAssociation", "DomainName", "RestApi", "VpcEndpoint"].map((type) =>
      done.findIndex((line) => line.startsWith(`delete ${type} `)),
    );
    assert.ok(
      order.every((at) => at >= 0),
      done.join("\n"),
    );
    const [association, name, , endpoint] = order as [number, number, number, number];
    assert.ok(association < name && association < endpoint, done.join("\n"));
  });

  it("leaves nothing to do, after all of them", () => staysAsItIs(project, "dev", 1));
});
