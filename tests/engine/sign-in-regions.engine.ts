import assert from "node:assert/strict";
import { counts, errors, operations } from "./helpers/events";
import { Project } from "./helpers/project";
import { deployed, operate, staysAsItIs } from "./helpers/stacks";

describe("a user pool in each region under the real engine", () => {
  let project: Project;
  before(async () => {
    project = await Project.make();
    project.configure("prod", (config) => {
      Object.assign(config["platform:signIn"], { regions: "each", secondFactor: "off" });
    });
    await deployed(project, "prod.eu-west-1");
    await deployed(project, "prod.eu-central-1");
  });
  after(() => project?.close());

  it("deploys both pools by the primary region's stack, each in its region, and the second stack reads them", () => {
    const pools = project.cloud.resources.filter(({ type }) => type === "aws:cognito/userPool:UserPool");
    assert.deepEqual(pools.map(({ region }) => region).sort(), ["eu-central-1", "eu-west-1"]);
    const issuers = project.cloud.resources
      .filter(({ type }) => type === "aws:lambda/function:Function")
      .flatMap(({ inputs }) => inputs["environment"]?.variables?.OTHER_ISSUER ?? []);
    assert.equal(issuers.length, 2);
    for (const issuer of issuers) assert.match(issuer, /eu-central-1/);
  });

  it("changes nothing the second time, nor on a refresh", async () => {
    for (const stack of ["prod.eu-west-1", "prod.eu-central-1"]) {
      await staysAsItIs(project, stack, 1);
      const refresh = await operate(project, "refresh", stack);
      assert.deepEqual([refresh.code, errors(refresh.events)], [0, []]);
      assert.deepEqual(Object.keys(counts(refresh.events)), ["same"], operations(refresh.events).join());
    }
  });
});
