import assert from "node:assert/strict";
import { evaluate } from "../../graph/policy/evaluate";
import { severities } from "../../policy/pack/rule";
import type { RuleConfig } from "../../policy/pack/run";
import { rules } from "../../policy/rules";
import { type Default, defaults } from "./defaults";
import { type Draft, graphOf } from "./helpers";

/** Severities of what a rule finds in a program, without repetition. */
async function found(rule: string, draft: Draft, pack: RuleConfig = {}): Promise<string[]> {
  const own = rules.filter(({ name }) => name === rule);
  const configOf = (name: string) => (name === "pack" ? { select: { severities }, ...pack } : {});
  const findings = await evaluate(graphOf(draft), { rules: own, configOf });
  return [...new Set(findings.map(({ level, severity }) => `${level} ${severity}`))];
}

describe("policy: what is reported of a program that configures nothing", () => {
  for (const [name, { rule, low, reported }] of Object.entries<Default>(defaults)) {
    const { severity, level } = rules.find((one) => one.name === rule)!;
    const own = [`${level === "advisory" ? "advisory" : "mandatory"} ${severity}`];

    it(`${rule} is low for ${name}, and itself where the class is production`, async () => {
      assert.deepEqual(await found(rule, low), ["advisory low"]);
      assert.deepEqual(await found(rule, low, { class: "production" }), own);
    });

    if (reported === undefined) continue;
    for (const [what, draft] of Object.entries(reported)) {
      it(`${rule} is itself for ${what}`, async () => assert.deepEqual(await found(rule, draft), own));
    }
  }

  it("is what it is in the engine, which runs each rule by itself", async () => {
    for (const { rule, low } of Object.values<Default>(defaults)) {
      const own = rules.filter(({ name }) => name === rule);
      const options = { rules: own, configOf: (name: string) => (name === "pack" ? { select: { severities } } : {}) };
      const graph = graphOf(low);
      assert.deepEqual(await evaluate(graph, { ...options, separately: true }), await evaluate(graph, options), rule);
    }
  });

  it("is itself where the rule has settings, and not selected with the other severities where it is low", async () => {
    const own = rules.filter(({ name }) => name === "no-wildcard-resource");
    const { low } = defaults["actions that read settings"]!;
    const levels = async (config: Record<string, RuleConfig>) =>
      (await evaluate(graphOf(low), { rules: own, configOf: (name) => config[name] ?? {} })).map((one) => one.severity);
    assert.deepEqual(await levels({}), []);
    assert.deepEqual(await levels({ pack: { select: { severities: ["low"] } } }), ["low"]);
    assert.deepEqual(await levels({ "no-wildcard-resource": { allowed: [] } }), ["high"]);
  });

  it("has a case of every rule that a program asks for by an example", () => {
    const asked = rules.filter(({ example }) => example !== undefined).map(({ name }) => name);
    const tested = new Set(Object.values<Default>(defaults).map(({ rule }) => rule));
    assert.deepEqual(
      asked.filter((name) => !tested.has(name)),
      [],
    );
  });

  it("is low for advice that an owner of any program would leave", () => {
    const always = [
      ...["cluster-container-insights", "images-in-region", "regions-apart", "scaling-policy"],
      ...["shallow-health-path", "sign-in-region", "start-without-internet", "task-image-digest"],
    ];
    const found = rules.filter(({ name }) => always.includes(name));
    assert.deepEqual([...new Set(found.map(({ severity, level }) => `${severity} ${level}`))], ["low advisory"]);
    assert.equal(found.length, always.length);
  });
});
