import assert from "node:assert/strict";
import type { Rule } from "../../policy/pack/rule";
import { rules } from "../../policy/rules";
import { type Case, findingsOf } from "./case";
import { cases } from "./cases";
import { fixes } from "./fixes";

describe("policy: one mutation for each rule", () => {
  it("knows one of every rule, and of no other", () => {
    assert.deepEqual(Object.keys(cases).sort(), rules.map(({ name }) => name).sort());
  });

  for (const rule of rules) {
    const own: Case | undefined = cases[rule.name];
    if (own === undefined) continue;
    it(`${rule.name} alone finds what breaks it, on ${own.on}`, async () => {
      const found = await findingsOf(own, true);
      assert.deepEqual(
        found.map(({ policy, level, severity, urn, message }) => ({
          policy,
          level,
          severity,
          on: urn.split("::").at(-1),
          message,
        })),
        [
          {
            policy: rule.name,
            level: rule.level === "advisory" ? "advisory" : "mandatory",
            severity: rule.severity,
            on: own.on,
            message: sentence(rule, own),
          },
        ],
      );
    });
  }
});

/** `<Service> <kind> "name" must ..., got ...; fix`. */
function sentence(rule: Rule, { says }: Case): string {
  return `${says}; ${fixes[rule.name] ?? rule.fix}`;
}
