import assert from "node:assert/strict";
import { catalog } from "../../apps/catalog";
import { errors } from "./helpers/events";
import { Project } from "./helpers/project";
import { deployed, operate, staysAsItIs } from "./helpers/stacks";

const patterns = ["ec2", "ecs", "beanstalk", "lambda"];

describe("what services need, under each pattern and the real engine", () => {
  let project: Project;
  before(async () => {
    project = await Project.make();
    await deployed(project, "dev");
  });
  after(() => project?.close());

  it("is variables, secrets, hosts outside, a bucket and schedules", () => {
    const needs = Object.values(catalog).map((service) => service.needs);
    assert.ok(needs.some(({ variables }) => Object.keys(variables).length > 0));
    assert.ok(needs.some(({ secrets }) => secrets.length > 0));
    assert.ok(needs.some(({ egress }) => egress.length > 0));
    assert.ok(needs.some(({ bucket }) => bucket !== undefined));
    assert.ok(needs.some(({ schedules }) => schedules.length > 0));
  });

  for (const pattern of patterns) {
    it(`is made with every service under ${pattern}, and a second up changes nothing`, async () => {
      project.configure("dev", (config) => {
        for (const service of Object.values<any>(config["platform:services"])) service.pattern = pattern;
      });
      const result = await operate(project, "up", "dev");
      assert.deepEqual([result.code, errors(result.events)], [0, []]);
      const made = project.resources("dev").map(({ urn }) => urn);
      for (const part of ["pet-store-objects", "pet-store-schedule"]) {
        assert.ok(
          made.some((urn) => urn.includes(part)),
          `${part} of ${pattern}`,
        );
      }
      await staysAsItIs(project, "dev", 1);
    });
  }
});
