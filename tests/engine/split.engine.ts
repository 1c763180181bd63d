import assert from "node:assert/strict";
import { movedUrns } from "../../graph/move";
import { planStack } from "../../graph/plan";
import { layerNames } from "../../stacks/stack-name";
import { errors, operations } from "./helpers/events";
import { Project } from "./helpers/project";
import { deploy, deployed, holdings, operate, staysAsItIs } from "./helpers/stacks";

const regions = ["eu-west-1", "eu-central-1"];
const ways: Readonly<Record<string, readonly string[]>> = {
  "a stack per layer": layerNames.map((layer) => `prod-${layer}`),
  "a stack per region": regions.map((region) => `prod.${region}`),
  "a stack per layer and region": layerNames.flatMap((layer) => regions.map((region) => `prod-${layer}.${region}`)),
};

/** As docs/engine.md says to. A stack may own nothing: user pool and tables are the first region's. */
async function takeOver(project: Project, stack: string, source: string): Promise<void> {
  await project.run("stack", "init", stack);
  const urns = movedUrns(await planStack(stack), source);
  if (urns.length === 0) return;
  const move = await project.run("state", "move", "--source", source, "--dest", stack, "--yes", ...urns);
  assert.equal(move.code, 0, move.text);
}

/** Without what every stack has of its own: cells and providers are nothing in AWS. */
function foreign(lines: readonly string[]): string[] {
  return lines.filter(
    (line) => !/^create (platform:region:RegionCell|pulumi:(providers:\w+|pulumi:Stack))\b/.test(line),
  );
}

describe("prod, split", () => {
  let whole: string[];
  before(async () => {
    const project = await Project.make();
    await deployed(project, "prod");
    whole = holdings(project.cloud);
    project.close();
  });

  for (const [way, stacks] of Object.entries(ways)) {
    it(`in ${way}, deployed in order, is the whole, and changes nothing after`, async () => {
      const project = await Project.make();
      try {
        for (const stack of stacks) await deployed(project, stack);
        assert.deepEqual(holdings(project.cloud), whole);
        for (const stack of stacks) await staysAsItIs(project, stack);
        assert.deepEqual(holdings(project.cloud), whole);
      } finally {
        project.close();
      }
    });

    it(`into ${way}, once it runs, touches nothing that runs`, async () => {
      const project = await Project.make();
      try {
        await deployed(project, "prod");
        const running = project.cloud.resources;
        for (const stack of stacks) await takeOver(project, stack, "prod");
        for (const stack of stacks) {
          const up = await operate(project, "up", stack);
          assert.deepEqual([stack, up.code, errors(up.events)], [stack, 0, []]);
          assert.deepEqual(foreign(operations(up.events)), []);
        }
        assert.deepEqual(project.cloud.resources, running);
        // What every stack has of its own is all that is left.
        assert.deepEqual(foreign(project.resources("prod").map(({ urn }) => `create ${urn.split("::")[2]}`)), []);
        assert.equal((await project.run("destroy", "-s", "prod", "--yes", "--remove")).code, 0);
        assert.deepEqual(project.cloud.resources, running);
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

  it("is refused, by the engine, when a stack it needs was never made: by name", async () => {
    const never = await deploy(project, "prod-compute");
    assert.notEqual(never.code, 0);
    assert.match(errors(never.events).join("\n"), /unknown stack "organization\/platform\/prod-network"/);
    assert.deepEqual(project.cloud.resources, []);
  });

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
    project.edit("stacks/outputs.ts", "OUTPUTS_VERSION = 1", "OUTPUTS_VERSION = 0");
    assert.equal((await operate(project, "up", "prod-network")).code, 0);
    project.edit("stacks/outputs.ts", "OUTPUTS_VERSION = 0", "OUTPUTS_VERSION = 1");
    const stale = await operate(project, "up", "prod-compute");
    assert.notEqual(stale.code, 0);
    assert.match(
      errors(stale.events).join("\n"),
      /stack "prod-network" exports version 0 of its outputs, this program reads version 1; run `pulumi up` for "prod-network" first/,
    );
  });
});
