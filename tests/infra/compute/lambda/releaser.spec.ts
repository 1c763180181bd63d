import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(__dirname, "../../../../infra/compute/lambda/releaser");

/** A stand-in for AWS that remembers what was deployed. */
function cloud(current: string, fails = false) {
  const deployed: { application: string; group: string; appSpec: any }[] = [];
  return {
    deployed,
    aliasVersion: async () => current,
    createDeployment: async (application: string, group: string, appSpec: string) => {
      if (fails) throw new Error("DeploymentLimitExceededException");
      deployed.push({ application, group, appSpec: JSON.parse(appSpec) });
      return "d-1";
    },
  };
}

describe("releaser", () => {
  const release = { functionName: "pet-store", alias: "live", version: "8", application: "app", group: "live" };
  let startRelease: (release: object, cloud: object) => Promise<{ deploymentId: string | null }>;
  before(async () => {
    ({ startRelease } = await import(join(folder, "release.mjs")));
  });

  it("deploys from the version the alias is at to the one that was published", async () => {
    const aws = cloud("7");
    assert.deepEqual(await startRelease(release, aws), { deploymentId: "d-1" });
    assert.deepEqual(aws.deployed, [
      {
        application: "app",
        group: "live",
        appSpec: {
          version: "0.0",
          Resources: [
            {
              live: {
                Type: "AWS::Lambda::Function",
                Properties: { Name: "pet-store", Alias: "live", CurrentVersion: "7", TargetVersion: "8" },
              },
            },
          ],
        },
      },
    ]);
  });

  it("does nothing when the alias is there already, as after its creation", async () => {
    const aws = cloud("8");
    assert.deepEqual(await startRelease(release, aws), { deploymentId: null });
    assert.equal(aws.deployed.length, 0);
  });

  it("fails, and so does `pulumi up`, when another release is under way", async () => {
    await assert.rejects(startRelease(release, cloud("7", true)), /DeploymentLimitExceeded/);
  });

  it("imports nothing but the SDK of the Lambda runtime and its own folder", () => {
    const imports = [...readFileSync(join(folder, "index.mjs"), "utf8").matchAll(/from "([^"]+)"/g)].map(
      ([, from]) => from,
    );
    assert.deepEqual(imports, ["@aws-sdk/client-codedeploy", "@aws-sdk/client-lambda", "./release.mjs"]);
  });
});
