import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseBaseline, readBaseline } from "../../../graph/diff/baseline";
import { UserError } from "../../../graph/user-error";

const plan = { project: "platform", stack: "dev" };
const resource = {
  ...{ urn: "urn:pulumi:dev::platform::aws:sns/topic:Topic::alarms", type: "aws:sns/topic:Topic", name: "alarms" },
  ...{ custom: true, remote: false, inputs: {}, parent: null, region: "eu-west-1", provider: null },
};
const document = { ...plan, resources: [resource] };
const write = "write it with `npm run --silent plan -- dev --json`";
const kinds =
  "a.json must be a plan of --json or a stack of `pulumi stack export`, got neither resources nor a deployment";

describe("what a plan is compared with", () => {
  const refusals: readonly (readonly [title: string, text: string, sentence: string])[] = [
    ["an object that is neither", "{}", `${kinds}; ${write}`],
    ["null", "null", `${kinds}; ${write}`],
    ["a list", "[]", `${kinds}; ${write}`],
    ["resources that are none", JSON.stringify({ ...document, resources: [{ urn: 1 }] }), `${kinds}; ${write}`],
    [
      "inputs that are none",
      JSON.stringify({ ...document, resources: [{ ...resource, inputs: null }] }),
      `${kinds}; ${write}`,
    ],
    [
      "a plan of another stack",
      JSON.stringify({ ...document, stack: "prod" }),
      "a.json must be of stack dev of project platform, got stack prod of project platform; compare plans of one stack",
    ],
    [
      "a plan of another project",
      JSON.stringify({ ...document, project: "shop" }),
      "a.json must be of stack dev of project platform, got stack dev of project shop; compare plans of one stack",
    ],
    [
      "an exported stack without resources",
      JSON.stringify({ version: 3, deployment: { resources: [] } }),
      "a.json has no resources, so that nothing can be checked; deploy the stack",
    ],
  ];
  for (const [title, text, message] of refusals) {
    it(`is not ${title}`, () =>
      assert.throws(
        () => parseBaseline(text, "a.json", plan),
        (error) => error instanceof UserError && error.message === message,
      ));
  }

  it("is not text that is no JSON, whose first problem is named", () =>
    assert.throws(
      () => parseBaseline("resources:", "a.json", plan),
      /^UserError: a\.json is not JSON: .+; write a plan with /,
    ));

  it("is a plan of --json, in which null is what a plan leaves out", () => {
    const { from, deployed, graph } = parseBaseline(JSON.stringify(document), "a.json", plan);
    assert.deepEqual([from, deployed], ["a.json", false]);
    const { parent: _, provider: __, ...rest } = resource;
    assert.deepEqual(graph.resources, [{ ...rest, outputs: {}, propertyDependencies: {} }]);
  });

  it("is an exported stack", () => {
    const { parent: _, provider: __, region: ___, remote: ____, name: _____, ...state } = resource;
    const text = JSON.stringify({ version: 3, deployment: { resources: [{ ...state, outputs: {} }] } });
    const { from, deployed, graph } = parseBaseline(text, "a.json", plan);
    assert.deepEqual([from, deployed, graph.stack], ["the deployed stack in a.json", true, "dev"]);
    assert.deepEqual(
      graph.resources.map(({ name }) => name),
      ["alarms"],
    );
  });

  it("is read from a file that exists", () => {
    const folder = mkdtempSync(join(tmpdir(), "baseline-"));
    try {
      const path = join(folder, "a.json");
      assert.throws(
        () => readBaseline(path, plan),
        /cannot be read: ENOENT.*; name a file that exists, or a revision$/,
      );
      writeFileSync(path, JSON.stringify(document));
      assert.equal(readBaseline(path, plan).from, path);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
