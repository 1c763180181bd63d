import assert from "node:assert/strict";
import { counts, errors, operations } from "./helpers/events";
import { Project, type Result } from "./helpers/project";

describe("prod under the real engine", () => {
  let project: Project;
  let up: Result;
  before(async () => {
    project = await Project.make();
    await project.run("stack", "init", "prod");
    up = await project.run("up", "-s", "prod", "--yes", "--skip-preview");
  });
  after(() => project?.close());

  it("deploys, each region's resources in their region", () => {
    assert.deepEqual([up.code, errors(up.events)], [0, []]);
    const strays = project.cloud.resources
      .filter(({ inputs, region }) => !Array.isArray(inputs["tags"]) && (inputs["tags"]?.region ?? region) !== region)
      .map(({ type, id }) => `${type} ${id}`);
    assert.deepEqual(strays, []);
    assert.deepEqual([...new Set(project.cloud.resources.map(({ region }) => region))].sort(), [
      "eu-central-1",
      "eu-west-1",
    ]);
  });

  it("changes nothing on the next up, nor on a refresh", async () => {
    const all = { same: counts(up.events)["create"] };
    for (const command of ["up", "refresh", "up"]) {
      const again = await project.run(command, "-s", "prod", "--yes", "--skip-preview");
      assert.deepEqual([command, again.code, operations(again.events), counts(again.events)], [command, 0, [], all]);
    }
  });

  it("is not destroyed: the preview names what is protected, and nothing goes", async () => {
    const before = project.cloud.resources.length;
    const destroy = await project.run("destroy", "-s", "prod", "--yes");
    assert.notEqual(destroy.code, 0);
    const refused = errors(destroy.events).flatMap(
      (text) => /\$([\w:/]+)::[\w-]+" cannot be deleted/.exec(text)?.[1] ?? [],
    );
    assert.deepEqual([...new Set(refused)].sort(), [
      "aws:cognito/userPool:UserPool",
      "aws:dynamodb/table:Table",
      "aws:route53/zone:Zone",
    ]);
    assert.equal(project.cloud.resources.length, before);
  });
});
