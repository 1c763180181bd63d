import assert from "node:assert/strict";
import { OUTPUTS_VERSION } from "../../stacks/outputs";
import { errors } from "./helpers/events";
import { Project } from "./helpers/project";
import { deploy, deployed, holdings, operate, splits, staysAsItIs } from "./helpers/stacks";

/** Ten of each of seventeen stacks take ten minutes, more than CI has. */
const REPEATS = Number(process.env["ENGINE_SPLIT_REPEATS"] ?? 10);

describe("prod, split", () => {
  let whole: string[];
  before(async () => {
    const project = await Project.make();
    await deployed(project, "prod");
    whole = holdings(project.cloud);
    project.close();
  });

  for (const [way, stacks] of Object.entries(splits)) {
    it(`in ${way}, deployed in order, is the whole, and changes nothing after`, async () => {
      const project = await Project.make();
      try {
        for (const stack of stacks) await deployed(project, stack);
        assert.deepEqual(holdings(project.cloud), whole);
        for (const stack of stacks) await staysAsItIs(project, stack, REPEATS);
        assert.deepEqual(holdings(project.cloud), whole);
      } finally {
        project.close();
      }
    });
  }
});

describe("a split stack out of order", () => {
  let project: Project;
  before(async () => {
    project = await Project.make();
  });
  after(() => project?.close());

  for (const [stack, first] of Object.entries({ "prod-compute": "prod-network", "prod-edge": "prod-network" })) {
    it(`is refused, by the engine, when stacks it needs were never made: ${stack} by naming the first, ${first}`, async () => {
      const never = await deploy(project, stack);
      assert.notEqual(never.code, 0);
      assert.deepEqual(
        errors(never.events).filter((text) => text.startsWith("unknown stack")),
        [`unknown stack "organization/platform/${first}"`],
      );
      assert.deepEqual(project.cloud.resources, []);
    });
  }

  it("is refused, by the program, when that was made but never deployed: with what to do first", async () => {
    for (const stack of ["prod-network", "prod-data"]) await project.run("stack", "init", stack);
    const empty = await operate(project, "up", "prod-compute");
    assert.notEqual(empty.code, 0);
    assert.match(
      errors(empty.events).join("\n"),
      /stack "prod-network" has not been deployed; run `pulumi up` for "prod-network" first/,
    );
  });

  it("is refused against the outputs of an older program", async () => {
    project.edit("stacks/outputs.ts", `OUTPUTS_VERSION = ${OUTPUTS_VERSION}`, "OUTPUTS_VERSION = 1");
    assert.equal((await operate(project, "up", "prod-network")).code, 0);
    project.edit("stacks/outputs.ts", "OUTPUTS_VERSION = 1", `OUTPUTS_VERSION = ${OUTPUTS_VERSION}`);
    const stale = await operate(project, "up", "prod-compute");
    assert.notEqual(stale.code, 0);
    assert.match(
      errors(stale.events).join("\n"),
      new RegExp(
        `stack "prod-network" exports version 1 of its outputs, this program reads version ${OUTPUTS_VERSION}; run \`pulumi up\` for "prod-network" first`,
      ),
    );
  });
});
