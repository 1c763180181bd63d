import assert from "node:assert/strict";
import { planStack } from "../../graph/plan";
import { readPolicyConfig } from "../../graph/policy/config";
import { evaluate } from "../../graph/policy/evaluate";
import { errors, findings } from "./helpers/events";
import { Project } from "./helpers/project";

const pack = (environment: string) => [
  "--policy-pack",
  "policy",
  "--policy-pack-config",
  `policy/config.${environment}.json`,
];

/** The plan sees a VPC as one; the engine sees the parts that awsx makes, and a finding may be on any of them. */
function places(lines: readonly string[]): string[] {
  return [...new Set(lines.map((line) => line.replace(/\$awsx:ec2:Vpc.*/, "$awsx:ec2:Vpc")))].sort();
}

describe("the policy pack under the real engine", () => {
  let project: Project;
  before(async () => {
    project = await Project.make();
    await project.run("stack", "init", "dev");
  });
  after(() => project?.close());

  it("finds on a deployment what the offline plan finds, of all that both can see", async () => {
    const up = await project.run("up", "-s", "dev", "--yes", "--skip-preview", ...pack("dev"));
    assert.deepEqual([up.code, errors(up.events)], [0, []]);
    const planned = await evaluate(await planStack("dev"), { configOf: readPolicyConfig("dev") });
    const told = planned.filter(({ level }) => level !== "not-evaluated");
    const expected = told.map(({ level, policy, urn }) => `${level} ${policy} ${urn}`);
    assert.ok(expected.length > 20);
    assert.deepEqual(places(findings(up.events)), places(expected));
  });

  it("stops a deployment that breaks a mandatory rule before anything is changed", async () => {
    const before = project.cloud.resources.length;
    project.edit("infra/core/private-bucket.ts", "blockPublicPolicy: true", "blockPublicPolicy: false");
    const preview = await project.run("preview", "-s", "dev", ...pack("dev"));
    assert.notEqual(preview.code, 0);
    assert.ok(findings(preview.events).some((line) => line.startsWith("mandatory ")));
    const up = await project.run("up", "-s", "dev", "--yes", ...pack("dev"));
    assert.notEqual(up.code, 0);
    assert.equal(project.cloud.resources.length, before);
    assert.ok(project.cloud.resources.every(({ inputs }) => inputs["blockPublicPolicy"] !== false));
  });
});
