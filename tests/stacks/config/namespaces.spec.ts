import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { planStack } from "../../../graph/plan";
import { readProject } from "../../../graph/project";
import { projectRoot } from "../../../graph/project-root";
import { namespaceProblems } from "../../../stacks/config/raw";
import { readConfig } from "../../../stacks/config/read";

// Absent from the type declarations; the Automation API runs inline programs with it.
const { withLocalStorage } = require("@pulumi/pulumi/runtime/state") as {
  withLocalStorage<T>(run: () => Promise<T>): Promise<T>;
};

const dev = readProject(projectRoot, "dev").config;

/** Reads the configuration as the program does: in a preview, or in a deployment. */
function readAs(purpose: "preview" | "deployment", config: Readonly<Record<string, string>>): Promise<string> {
  return withLocalStorage(async () => {
    pulumi.runtime.setMocks(
      { call: () => ({}), newResource: ({ inputs }) => ({ id: "id", state: inputs }) },
      "platform",
      "dev",
      purpose === "preview",
    );
    pulumi.runtime.setAllConfig({ ...config });
    try {
      readConfig("dev");
      return "accepted";
    } catch (error) {
      assert.ok(error instanceof pulumi.RunError, String(error));
      return error.message;
    }
  });
}

const named = (zone: string) => ({ ...dev, "platform:domain": JSON.stringify({ zone, api: `api.${zone}` }) });

describe("a key in a namespace that nothing reads", () => {
  it("is refused by name, when the program runs", async () => {
    assert.equal(
      await readAs("preview", { ...dev, "platfrom:alarms": '{"emails":[]}' }),
      "Pulumi.dev.yaml has 1 problem:\n  platfrom:alarms is in a namespace that nothing reads; write platform:alarms, or remove it",
    );
  });

  it("is refused in a plan, together with other problems", async () => {
    const config = { ...dev, "platfrom:alarms": "{}", "platform:protection": '"maybe"' };
    await assert.rejects(planStack("dev", { config }), (error: Error) => {
      assert.deepEqual(
        error.message.split("\n").map((line) => line.trim().split(" ")[0]),
        ["Pulumi.dev.yaml", "platfrom:alarms", "platform:protection"],
      );
      return true;
    });
  });

  it("passes when the engine or a provider reads it", () => {
    const keys = [
      "aws:region",
      "aws:defaultTags",
      "pulumi:tags",
      "pulumi:disable-default-providers",
      "awsx:x",
      "docker-build:host",
    ];
    assert.deepEqual(namespaceProblems("platform", keys), []);
  });

  it("is what has another project's name, another case or no name", () => {
    const keys = ["platform-account:regions", "Platform:regions", "AWS:region", ":regions", "awss:region"];
    assert.equal(namespaceProblems("platform", keys).length, keys.length);
    assert.deepEqual(namespaceProblems("platform-account", ["platform-account:regions"]), []);
  });
});

describe("a zone that Route 53 reserves", () => {
  const sentence = (zone: string) =>
    `Pulumi.dev.yaml has 1 problem:\n  platform:domain.zone must be a zone of your own before a deployment, as Route 53 refuses example.com and names below it, got "${zone}"; set platform:domain to names that you have registered`;

  for (const zone of ["example.com", "dev.example.com", "a.b.example.com"]) {
    it(`is taken in a preview and refused in a deployment: ${zone}`, async () => {
      assert.equal(await readAs("preview", named(zone)), "accepted");
      assert.equal(await readAs("deployment", named(zone)), sentence(zone));
    });
  }

  for (const zone of ["dev.example.org", "notexample.com", "example.com.au"]) {
    it(`is not ${zone}`, async () => assert.equal(await readAs("deployment", named(zone)), "accepted"));
  }
});
