import assert from "node:assert/strict";
import { cdkNag, controlTower, guardRules, type PeerFinding } from "./judges";
import { renderingOf } from "./plans";
import { answers } from "./refusal";
import { refusals } from "./refusals";

const environments = ["prod", "dev"] as const;
const every = Object.values(refusals).flat();
const describeFinding = ({ pack, rule, resource, detail }: PeerFinding) =>
  `${pack} ${rule}${detail === undefined ? "" : `[${detail}]`} on ${resource}`;

describe("other people's rules", function () {
  this.timeout(120_000);
  const findings: Record<(typeof environments)[number], PeerFinding[]> = { prod: [], dev: [] };

  before(async () => {
    for (const environment of environments) {
      const { templates } = await renderingOf(environment);
      findings[environment] = [...cdkNag(templates), ...controlTower(templates)];
    }
  });

  it("are all there: five packs of cdk-nag and the controls of Control Tower", () => {
    const packs = new Set(findings.prod.map(({ pack }) => pack));
    const expected = ["AwsSolutions", "ControlTower", "HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321", "Serverless"];
    assert.deepEqual([...packs].sort(), expected);
    assert.equal(guardRules().length, 237);
  });

  for (const environment of environments) {
    it(`find nothing in ${environment} that is not answered, once`, () => {
      const wrong = findings[environment]
        .map((found) => [found, every.filter((refusal) => answers(refusal, found)).length] as const)
        .filter(([, count]) => count !== 1)
        .map(([found, count]) => `${describeFinding(found)}: ${count} answers, see tests/peers/refusals`);
      assert.deepEqual(wrong, []);
    });
  }

  it("still find what the answers are about", () => {
    const stale = every.filter((refusal) => {
      const [inProd, inDev] = environments.map((name) => findings[name].some((found) => answers(refusal, found)));
      return refusal.only === "dev" ? !inDev || inProd : !inProd;
    });
    assert.deepEqual(
      stale.map(({ rules, resources }) => `${rules} on ${resources}`),
      [],
    );
  });

  it("answer for every rule, resource and detail that an answer names", () => {
    const all = [...findings.prod, ...findings.dev];
    const idle = every.flatMap((refusal) =>
      (["rules", "resources", "details"] as const).flatMap((key) =>
        (refusal[key] ?? [])
          .filter((one) => !all.some((found) => answers({ ...refusal, [key]: [one] }, found)))
          .map((one) => `${refusal.rules}: ${key} ${one}`),
      ),
    );
    assert.deepEqual(idle, []);
  });
});
