import assert from "node:assert/strict";
import { urnsToMove } from "../../graph/move";
import { planStack } from "../../graph/plan";
import { errors, operations } from "./helpers/events";
import { Project } from "./helpers/project";
import { deployed, operate, splits } from "./helpers/stacks";

let whole: ReturnType<typeof planStack> | undefined;

/** As docs/operations.md says to. A stack may own nothing: user pool and tables are the first region's. */
async function takeOver(project: Project, stack: string, source: string): Promise<void> {
  await project.run("stack", "init", stack);
  const { folder: root } = project;
  whole ??= planStack(source, { root });
  const { outputs } = await whole;
  const urns = urnsToMove(await planStack(stack, { root, siblings: async () => outputs }), source);
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

describe("moving a prod that runs", () => {
  // By layer it is moved as docs/operations.md says, by the suite of the documents.
  for (const [way, stacks] of Object.entries(splits).slice(1)) {
    it(`into ${way} touches nothing that runs`, async () => {
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
