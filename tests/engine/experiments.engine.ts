import assert from "node:assert/strict";
import { errors, stepsInOrder } from "./helpers/events";
import { Project } from "./helpers/project";
import { deployed, operate, staysAsItIs } from "./helpers/stacks";

describe("dev with experiments under the real engine", () => {
  let project: Project;
  before(async () => {
    project = await Project.make();
    project.configure("dev", (config) => {
      config["platform:experiments"] = { minutes: 10, instance: true, zone: true };
    });
    await deployed(project, "dev");
  });
  after(() => project?.close());

  /** The steps on AWS of an `up` after a change of the experiments. */
  async function steps(experiments: object | undefined): Promise<string[]> {
    project.configure("dev", (config) => {
      config["platform:experiments"] = experiments;
    });
    const result = await operate(project, "up", "dev");
    assert.deepEqual([result.code, errors(result.events)], [0, []]);
    return stepsInOrder(result.events)
      .filter((line) => / aws:/.test(line))
      .map((line) => line.replaceAll("eu-west-1-", "").replaceAll(/aws:[^/ ]+\/[^: ]+:/g, ""));
  }

  it("changes nothing the second time", () => staysAsItIs(project, "dev", 1));

  it("changes the templates of zones and their roles' descriptions alone when a fault lasts longer", async () => {
    const done = await steps({ minutes: 20, instance: true, zone: true });
    assert.deepEqual(done.sort(), [
      "update ExperimentTemplate experiments-zone-eu-west-1a-template",
      "update ExperimentTemplate experiments-zone-eu-west-1b-template",
      "update Role experiments-zone-eu-west-1a",
      "update Role experiments-zone-eu-west-1b",
    ]);
  });

  it("takes experiments away and changes nothing else", async () => {
    const done = await steps(undefined);
    assert.ok(done.some((line) => line.startsWith("delete ExperimentTemplate")));
    assert.deepEqual(
      done.filter((line) => !/^delete \w+ experiments-/.test(line)),
      [],
    );
  });
});
