import assert from "node:assert/strict";
import { layerNames } from "../../stacks/stack-name";
import { errors, operations } from "./helpers/events";
import { Project, type Result } from "./helpers/project";
import type { Cloud } from "./provider/cloud";
import { canonical } from "./provider/values";

const regions = ["eu-west-1", "eu-central-1"];
const ways: Readonly<Record<string, readonly string[]>> = {
  "a stack per layer": layerNames.map((layer) => `prod-${layer}`),
  "a stack per region": regions.map((region) => `prod.${region}`),
  "a stack per layer and region": layerNames.flatMap((layer) => regions.map((region) => `prod-${layer}.${region}`)),
};

/** Everything the cloud holds, but for the seven characters that make a name unique, in start-up scripts too. */
function holdings(cloud: Cloud): string[] {
  const script = (_: string, text: string) => `"userData":${Buffer.from(text, "base64").toString()}`;
  return cloud.resources
    .map(({ type, region, inputs }) => `${region} ${type} ${canonical(inputs)}`)
    .map((text) => text.replace(/"userData":"([^"]+)"/, script).replaceAll(/-[0-9a-f]{7}\b/g, ""))
    .sort();
}

const up = (project: Project, stack: string) =>
  project.run("up", "-s", stack, "--config-file", "Pulumi.prod.yaml", "--yes", "--skip-preview");

async function deploy(project: Project, stack: string): Promise<Result> {
  await project.run("stack", "init", stack);
  return up(project, stack);
}

describe("prod, split", () => {
  let whole: string[];
  before(async () => {
    const project = await Project.make();
    const result = await deploy(project, "prod");
    assert.deepEqual([result.code, errors(result.events)], [0, []]);
    whole = holdings(project.cloud);
    project.close();
  });

  for (const [way, stacks] of Object.entries(ways)) {
    it(`in ${way}, deployed in order, is the whole, and changes nothing the second time`, async () => {
      const project = await Project.make();
      try {
        for (const stack of stacks) {
          const result = await deploy(project, stack);
          assert.deepEqual([stack, result.code, errors(result.events)], [stack, 0, []]);
        }
        assert.deepEqual(holdings(project.cloud), whole);
        for (const stack of stacks) {
          const again = await up(project, stack);
          assert.deepEqual([stack, again.code, operations(again.events)], [stack, 0, []]);
        }
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
    const empty = await up(project, "prod-compute");
    assert.notEqual(empty.code, 0);
    assert.match(
      errors(empty.events).join("\n"),
      /stack "prod-network" has not been deployed; run `pulumi up` for "prod-network" first/,
    );
  });

  it("is refused against the outputs of an older program", async () => {
    project.edit("stacks/outputs.ts", "OUTPUTS_VERSION = 1", "OUTPUTS_VERSION = 0");
    assert.equal((await up(project, "prod-network")).code, 0);
    project.edit("stacks/outputs.ts", "OUTPUTS_VERSION = 0", "OUTPUTS_VERSION = 1");
    const stale = await up(project, "prod-compute");
    assert.notEqual(stale.code, 0);
    assert.match(
      errors(stale.events).join("\n"),
      /stack "prod-network" exports version 0 of its outputs, this program reads version 1; run `pulumi up` for "prod-network" first/,
    );
  });
});
