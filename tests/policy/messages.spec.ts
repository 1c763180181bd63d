import assert from "node:assert/strict";
import { partsOf } from "../../policy/pack/run";
import { rules } from "../../policy/rules";
import { isServiceName, serviceOf } from "../../policy/stack/service-names";
import { findingsOf } from "./case";
import { cases } from "./cases";

/** Verbs that a fix begins with. */
const verbs =
  /^(accept|add|admit|allow|attach|build|choose|declare|deploy|deny|feed|give|have|leave|list|lower|make|map|move|name|order|point|publish|push|put|raise|read|remove|replace|request|retry|set|split|start|take|test|turn|use|verify|write) /;

describe("policy: what a finding says to somebody who never saw the rule", () => {
  for (const rule of rules) {
    it(`${rule.name}: a sentence that names the AWS service, what must be true, what was got and what to change`, async () => {
      const [found] = await findingsOf(cases[rule.name]!, true);
      const [says, fix] = partsOf(found!.message);
      assert.match(says, /^[A-Z][\w.]*( [\w.-]+)* "[^"]+" must (not )?[a-z]+ .+$/);
      assert.match(says, /, got /);
      assert.doesNotMatch(says, /got (\*|none yet|undefined|null)(,|$)|\[object/);
      assert.match(fix, verbs);
      assert.ok(says.split(" must ")[1]!.split(", got ")[0]!.split(" ").length > 1, says);
    });
  }

  it("names a service for every type that a rule judges", () => {
    const types = new Set(rules.flatMap((rule) => (rule.scope === "program" ? [] : rule.types)));
    const raw = [...types].filter((type) => type.startsWith("aws:") && !isServiceName(serviceOf(type)));
    assert.deepEqual(raw, []);
  });
});
