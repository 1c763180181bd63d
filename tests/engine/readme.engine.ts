import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { layerNames } from "../../stacks/stack-name";
import { Project } from "./helpers/project";

/** The shell commands of the README's section on deploying. */
function commands(): string[] {
  const section = readFileSync(join(projectRoot, "README.md"), "utf8")
    .split("\n## ")
    .find((text) => text.startsWith("Deploy\n"));
  return [...section!.matchAll(/```sh\n(.*?)```/gs)].map(([, script]) => script!);
}

describe("the README on deploying", () => {
  let project: Project;
  before(async () => {
    project = await Project.make();
  });
  after(() => project?.close());

  it("has commands that run as written, one after the other", async () => {
    const scripts = commands();
    assert.equal(scripts.length, 2);
    for (const script of scripts) {
      const { code, text } = await project.shell(script);
      assert.equal(code, 0, text.slice(-2000));
    }
    assert.equal(project.resources("dev").length, 0);
    for (const layer of layerNames) assert.ok(project.resources(`prod-${layer}`).length > 3);
  });
});
