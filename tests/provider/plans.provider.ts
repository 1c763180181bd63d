import assert from "node:assert/strict";
import { answers, isAnswered } from "./answers";
import type { Plugin } from "./client/plugin";
import { type Configuration, further, own } from "./configurations";
import { startProvider } from "./helpers";
import { describeFindings, type Finding, Judge } from "./judge";

describe("the real provider", () => {
  let plugin: Plugin;
  let judge: Judge;
  const found: Finding[] = [];
  const unanswered = (findings: readonly Finding[]) =>
    findings.filter((finding) => answers.filter((answer) => isAnswered(finding, answer)).length !== 1);

  before(async () => {
    plugin = await startProvider();
    judge = new Judge(plugin);
  });
  after(() => plugin?.stop());

  const accepts = ({ name, plan }: Configuration) =>
    it(`accepts every resource of ${name}`, async () => {
      const { count, findings } = await judge.judgeGraph(await plan());
      found.push(...findings);
      assert.ok(count > 0);
      assert.deepEqual(describeFindings(unanswered(findings)), []);
      console.log(`      ${count} resources`);
    });
  own.forEach(accepts);
  further.forEach(accepts);

  it("is put at least 20 further configurations, each another", () => {
    assert.ok(further.length >= 20);
    assert.equal(new Set(further.map(({ name }) => name)).size, further.length);
  });

  it("still finds what each answer is about", () => {
    const idle = answers.filter((answer) => !found.some((finding) => isAnswered(finding, answer)));
    assert.deepEqual(
      idle.map(({ type, argument }) => `${type}.${argument}`),
      [],
    );
  });
});
