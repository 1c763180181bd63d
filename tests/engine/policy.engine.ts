import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { planStack } from "../../graph/plan";
import { policyDocument, readPolicyConfig } from "../../graph/policy/config";
import { evaluate } from "../../graph/policy/evaluate";
import { errors, findings } from "./helpers/events";
import { Project } from "./helpers/project";

const pack = (environment: string) => [
  "--policy-pack",
  "policy",
  "--policy-pack-config",
  `.cache/policy.${environment}.json`,
];

/** Writes the configuration of the pack as `npm run policy -- --write-config` does. */
function writeConfig(project: Project, environment: string): void {
  mkdirSync(join(project.folder, ".cache"), { recursive: true });
  const document = JSON.stringify(policyDocument(environment, project.folder));
  writeFileSync(join(project.folder, `.cache/policy.${environment}.json`), document);
}

/** The plan sees a VPC as one; the engine sees the parts that awsx makes, and a finding may be on any of them. */
function places(lines: readonly string[]): string[] {
  return [...new Set(lines.map((line) => line.replace(/\$awsx:ec2:Vpc.*/, "$awsx:ec2:Vpc")))].sort();
}

async function expected(project: Project, environment: string): Promise<readonly string[]> {
  const planned = await evaluate(await planStack(environment, { root: project.folder }), {
    configOf: readPolicyConfig(environment),
  });
  const told = planned.filter(({ level }) => level !== "not-evaluated");
  return places(told.map(({ level, policy, urn }) => `${level} ${policy} ${urn}`));
}

for (const environment of ["dev", "prod"]) {
  it(`a preview of ${environment} finds what the offline plan finds, as far as it knows the values`, async () => {
    const project = await Project.make();
    try {
      await project.run("stack", "init", environment);
      writeConfig(project, environment);
      const preview = await project.run("preview", "-s", environment, ...pack(environment));
      assert.deepEqual([preview.code, errors(preview.events)], [0, []]);
      const [found, wanted] = [places(findings(preview.events)), await expected(project, environment)];
      assert.deepEqual(
        found.filter((line) => !wanted.includes(line)),
        [],
      );
      assert.ok(found.length > 5 && found.length > wanted.length / 2, `${found.length} of ${wanted.length}`);
    } finally {
      project.close();
    }
  });
}

describe("the policy pack under the real engine", () => {
  let project: Project;
  before(async () => {
    project = await Project.make();
    await project.run("stack", "init", "dev");
    writeConfig(project, "dev");
  });
  after(() => project?.close());

  it("finds on a deployment what the offline plan finds", async () => {
    const up = await project.run("up", "-s", "dev", "--yes", "--skip-preview", ...pack("dev"));
    assert.deepEqual(
      [up.code, errors(up.events), places(findings(up.events))],
      [0, [], await expected(project, "dev")],
    );
  });

  it("stops a deployment that breaks a mandatory rule before anything is changed", async () => {
    const before = project.cloud.resources.length;
    project.edit("infra/security/private-bucket.ts", "blockPublicPolicy: true", "blockPublicPolicy: false");
    const preview = await project.run("preview", "-s", "dev", ...pack("dev"));
    assert.notEqual(preview.code, 0);
    assert.ok(findings(preview.events).some((line) => line.startsWith("mandatory ")));
    const up = await project.run("up", "-s", "dev", "--yes", ...pack("dev"));
    assert.notEqual(up.code, 0);
    assert.equal(project.cloud.resources.length, before);
    assert.ok(project.cloud.resources.every(({ inputs }) => inputs["blockPublicPolicy"] !== false));
  });
});
