import assert from "node:assert/strict";
import { outsideDigest, outsideNotes } from "../helpers/outside-image";
import { errors, operations } from "./helpers/events";
import { Project } from "./helpers/project";
import { deployed, operate, staysAsItIs } from "./helpers/stacks";

const newer = `sha256:${"2b".repeat(32)}`;

/** Adds the service to dev, or changes its digest. */
function run(project: Project, digest: string): void {
  project.configure("dev", (config) => {
    delete config["platform:gateways"].http.services;
    const image = outsideNotes.image.replace(outsideDigest, digest);
    config["platform:services"].notes = { ...outsideNotes, image };
  });
}

describe("a service by an image from outside, under the real engine", () => {
  let project: Project;
  before(async () => {
    project = await Project.make();
    run(project, outsideDigest);
    await deployed(project, "dev");
  });
  after(() => project?.close());

  const copies = () => project.cloud.containerImages.copied;
  const task = () => {
    const tasks = project.cloud.resources.filter(({ type }) => type === "aws:ecs/taskDefinition:TaskDefinition");
    const images = tasks.map(({ inputs }) => JSON.parse(inputs["containerDefinitions"])[0].image as string);
    return images.filter((image) => image.includes("notes"));
  };
  const tags = () => copies().map(({ to }) => to.slice(to.lastIndexOf(":") + 1));

  it("is copied once, before its task definition, which names the copy by the same digest", () => {
    assert.deepEqual(
      copies().map(({ from }) => from),
      [outsideNotes.image],
    );
    assert.equal(task().length, 1);
    assert.match(task()[0]!, new RegExp(`^\\d{12}\\.dkr\\.ecr\\.eu-west-1\\.amazonaws\\.com/.+@${outsideDigest}$`));
  });

  it("has no password in the state that can be read", () => {
    assert.doesNotMatch(project.state("dev"), /unknown to a plan/);
  });

  it("changes nothing with a second up, and asks no registry", async () => {
    await staysAsItIs(project, "dev", 1);
    assert.equal(copies().length, 1);
  });

  it("replaces with another digest the copy and the revision of the task alone, and keeps what was copied", async () => {
    run(project, newer);
    const result = await operate(project, "up", "dev");
    assert.deepEqual([result.code, errors(result.events)], [0, []]);
    assert.deepEqual(operations(result.events), [
      "create-replacement aws:ecs/taskDefinition:TaskDefinition eu-west-1-notes-task",
      "create-replacement docker-build:index:Index eu-west-1-notes-copy",
      "delete-replaced aws:ecs/taskDefinition:TaskDefinition eu-west-1-notes-task",
      "delete-replaced docker-build:index:Index eu-west-1-notes-copy",
      "replace aws:ecs/taskDefinition:TaskDefinition eu-west-1-notes-task",
      "replace docker-build:index:Index eu-west-1-notes-copy",
      "update aws:ecs/service:Service eu-west-1-notes-service",
    ]);
    assert.deepEqual(project.cloud.containerImages.deleted, []);
    await staysAsItIs(project, "dev", 1);
  });

  it("returns to the digest before under a tag that was never used", async () => {
    run(project, outsideDigest);
    const result = await operate(project, "up", "dev");
    assert.deepEqual([result.code, errors(result.events)], [0, []]);
    assert.deepEqual(tags(), ["1a1a1a1a1a1a-1", "2b2b2b2b2b2b-2", "1a1a1a1a1a1a-3"]);
    assert.ok(task().at(-1)!.endsWith(`@${outsideDigest}`));
  });

  it("goes with its repository when it is taken out of the configuration", async () => {
    project.configure("dev", (config) => {
      delete config["platform:services"].notes;
      delete config["platform:gateways"].http.services;
    });
    const result = await operate(project, "up", "dev");
    assert.deepEqual([result.code, errors(result.events)], [0, []]);
    const left = project.resources("dev").filter(({ urn }) => /-notes(-|$)/.test(urn));
    assert.deepEqual(left, []);
  });
});
