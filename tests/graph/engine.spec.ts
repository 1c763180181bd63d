import assert from "node:assert/strict";
import type { Graph } from "../../graph/model";
import { planStack } from "../../graph/plan";
import { readProject } from "../../graph/project";
import { projectRoot } from "../../graph/project-root";
import { type EngineRun, runByPulumi } from "../helpers/engine";

describe("the program under Pulumi's own runtime", () => {
  let sound: EngineRun;
  let wrong: EngineRun;
  let plan: Graph;
  before(async function () {
    this.timeout(120_000);
    const dev = readProject(projectRoot, "dev");
    const mistaken = { ...dev, config: { ...dev.config, "platform:logRetentionDays": "8", "platform:zones": "3" } };
    [sound, wrong, plan] = await Promise.all([
      runByPulumi(projectRoot, "dev", dev),
      runByPulumi(projectRoot, "dev", mistaken),
      planStack("dev"),
    ]);
  });

  it("runs to its end without a word, from the entry point that package.json names", () => {
    assert.deepEqual([sound.exitCode, sound.stderr, sound.diagnostics], [0, "", []]);
  });

  it("registers what the offline plan shows, resource by resource, and puts the same out", () => {
    assert.ok(plan.resources.length > 150);
    assert.deepEqual(sound.resources, plan.resources);
    assert.deepEqual(sound.outputs, plan.outputs);
  });

  it("fails on a wrong configuration with every sentence and no stack trace", () => {
    assert.notEqual(wrong.exitCode, 0);
    assert.equal(wrong.stderr, "");
    assert.equal(wrong.diagnostics.length, 1);
    const [title, ...sentences] = wrong.diagnostics[0]!.split("\n");
    assert.equal(title, "Pulumi.dev.yaml has 2 problems:");
    assert.match(sentences[0]!, /^ {2}platform:logRetentionDays must be one of 1, 3, .*, got 8; change it$/);
    assert.match(sentences[1]!, /^ {2}platform:zones is not a key the platform knows; .*$/);
    assert.equal(sentences.length, 2);
  });

  it("registers nothing but the stack when the configuration is wrong", () => {
    assert.deepEqual(
      wrong.resources.map(({ type }) => type),
      ["pulumi:pulumi:Stack"],
    );
  });
});
