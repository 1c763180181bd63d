import assert from "node:assert/strict";
import { catalog } from "../../../apps/catalog";
import { proofsFor } from "../../../cli/plan/proofs";
import type { Graph } from "../../../graph/model";
import { planStack } from "../../../graph/plan";
import { readPolicyConfig } from "../../../graph/policy/config";
import { evaluate } from "../../../graph/policy/evaluate";
import { withOutsideContracts } from "../../../stacks/config/outside-images";
import { policySettings } from "../../../stacks/config/policy";
import { parseConfig } from "../../../stacks/config/read";
import { configOf, planned, replanned } from "../../conformance/plans";
import { changedValues } from "../../helpers/configuration";
import { Editor } from "../ledger/plant";

const prod = configOf("prod");
const eachRegion = (config: any) => void Object.assign(config.signIn, { regions: "each", secondFactor: "off" });
const proofOf = (graph: Graph) => proofsFor(graph, [], prod).results.find(({ statement }) => statement === 21)!;

describe("what is left of signing in when the primary region is lost", function () {
  this.timeout(90_000);
  let graph: Graph;
  before(async () => {
    graph = (await replanned("prod", eachRegion)).graph;
  });

  it("is writing with tokens that are valid, with one user pool", async () => {
    const { evidence, result } = proofOf((await planned("prod")).graph);
    assert.equal(result, "proven");
    assert.ok(
      evidence.some((each) => each.endsWith("7.5 minutes on average, 15 at most")),
      evidence.join("\n"),
    );
    assert.ok(
      evidence.some(
        (each) => each === "sign-in is answered by eu-west-1; when it is lost: not possible until the region is back",
      ),
    );
  });

  it("is signing up, in and writing in the other region, with a pool in each", () => {
    const { evidence, result } = proofOf(graph);
    assert.equal(result, "proven");
    for (const what of [
      "sign-up",
      "sign-in of who was copied",
      "sign-in by an external provider",
      "sign-in of software",
    ])
      assert.ok(
        evidence.some((each) =>
          each.startsWith(`${what} is answered by eu-west-1; when it is lost: possible in eu-central-1`),
        ),
        what,
      );
    for (const what of ["refresh", "sign-in of who was never copied"])
      assert.ok(
        evidence.some((each) => each.startsWith(`${what} is answered by eu-west-1; when it is lost: not possible`)),
        what,
      );
  });

  it("leaves every other statement as it is, in one stack and in the primary region's", async () => {
    const config = configOf("prod");
    eachRegion(config);
    const parsed = parseConfig(config, "prod", catalog);
    const derived = policySettings(parsed, withOutsideContracts(catalog, parsed));
    const file = readPolicyConfig("prod");
    const findings = await evaluate(graph, { configOf: (rule) => ({ ...file(rule), ...derived[rule] }) });
    assert.deepEqual(
      findings.filter(({ policy }) => policy === "sign-in-region"),
      [],
    );
    const unproven = proofsFor(graph, findings, prod).results.filter(({ result }) => result !== "proven");
    assert.deepEqual(
      unproven.map(({ statement, broken }) => ({ statement, broken })),
      [],
    );
    const region = await planStack("prod.eu-west-1", { config: changedValues("prod", eachRegion) });
    const release = proofsFor(region, [], prod).results.find(({ statement }) => statement === 18)!;
    assert.deepEqual(release.broken, []);
    assert.match(release.evidence.join(), /the user pool of the other region with its triggers/);
  });

  const variables = (plan: Editor, name: string) =>
    plan.first((each) => each.type === "aws:lambda/function:Function" && each.name.startsWith(name)).inputs[
      "environment"
    ].variables;
  for (const [what, change, says] of [
    [
      "no one is copied after a sign-in",
      (plan) => delete variables(plan, "eu-west-1-identity-post-authentication")["COPY_REGION"],
      /people of eu-west-1-identity-pool are not copied/,
    ],
    [
      "people are copied to where they are",
      (plan) => {
        variables(plan, "eu-central-1-identity-post-confirmation")["COPY_REGION"] = "eu-central-1";
      },
      /people of eu-central-1-identity-pool are not copied/,
    ],
    [
      "a pool does not say who is who",
      (plan) => delete variables(plan, "eu-central-1-identity-pre-token")["SUBJECTS"],
      /eu-central-1-identity-pool does not say who/,
    ],
    [
      "a gateway admits one pool only",
      (plan) => delete variables(plan, "eu-central-1-http-issuers")["OTHER_ISSUER"],
      /eu-central-1-http-issuers\S* admits tokens of 1 of 2 pools/,
    ],
  ] as readonly [string, (plan: Editor) => void, RegExp][]) {
    it(`is not what is stated when ${what}`, () => {
      const editor = new Editor(graph);
      change(editor);
      const { result, broken } = proofOf(editor.done());
      assert.equal(result, "broken");
      assert.match(broken.join("\n"), says);
    });
  }
});
