import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { capture } from "../../graph/capture/capture";
import { projectRoot } from "../../graph/project-root";
import { renderCloudFormation, type Template } from "./cloudformation/render";
import { peersDocument, remarks, type Sight } from "./docs";
import { awsValidator, cdkNag, controlTower, type PeerFinding } from "./judges";
import { designs } from "./unavailable-designs";

describe("designs that are not available", function () {
  this.timeout(60_000);
  let sights: Sight[] = [];

  before(async () => {
    const rendered: { index: number; sound: boolean; template: Template }[] = [];
    for (const [index, design] of designs.entries()) {
      for (const sound of [true, false]) {
        const { templates, problems } = renderCloudFormation(await capture(() => design.program(sound)));
        assert.deepEqual(problems, []);
        rendered.push(...templates.map((template) => ({ index, sound, template })));
      }
    }
    sights = sightsOf(rendered);
  });

  it("are unlike their sound twins in the plan, and fit for deployment", async () => {
    for (const { name, program } of designs) {
      const sound = await capture(() => program(true));
      const faulty = await capture(() => program(false));
      assert.notDeepEqual(faulty.resources, sound.resources, name);
      const { templates } = renderCloudFormation(sound);
      const errors = templates
        .flatMap((template) => awsValidator(template))
        .filter(({ ruleId }) => /^[FE]/.test(ruleId));
      assert.deepEqual(
        errors.map(({ message }) => message),
        [],
        name,
      );
    }
  });

  it("look sound to the peers, but for a balancer that AWS would refuse", () => {
    const seen = sights.filter(({ cdkNag: nag, controlTower: tower, awsValidator: validator }) =>
      [...nag, ...tower, ...validator].some((rule) => remarks[rule] === undefined),
    );
    assert.deepEqual(
      seen.map(({ design }) => design.name),
      ["Load balancer over one zone"],
    );
  });

  it("are in docs/peers.md, with every answer to a finding", () => {
    const path = join(projectRoot, "docs/peers.md");
    const document = peersDocument(sights);
    if (process.env["UPDATE_DOCS"] !== undefined) writeFileSync(path, document);
    assert.equal(readFileSync(path, "utf8"), document, "run UPDATE_DOCS=1 npx mocha tests/peers/designs.spec.ts");
  });
});

/** Rules that speak of the faulty design only, by peer. */
function sightsOf(rendered: readonly { index: number; sound: boolean; template: Template }[]): Sight[] {
  const tower = controlTowerByTemplate(rendered.map(({ template }) => template));
  return designs.map((design, index) => {
    const onlyFaulty = (judge: (template: Template) => readonly string[]) => {
      const rules = (sound: boolean) =>
        rendered.filter((one) => one.index === index && one.sound === sound).flatMap(({ template }) => judge(template));
      const ofTwin = new Set(rules(true));
      return [...new Set(rules(false).filter((rule) => !ofTwin.has(rule)))].map((rule) => rule.split(" ")[0]!).sort();
    };
    const nameOf = ({ rule, logicalId }: PeerFinding) => `${rule} ${logicalId}`;
    return {
      design,
      cdkNag: [...new Set(onlyFaulty((template) => cdkNag([template]).map(nameOf)))],
      controlTower: onlyFaulty((template) => tower.get(template)!.map(nameOf)),
      awsValidator: onlyFaulty((template) =>
        awsValidator(template)
          .filter(({ ruleId }) => /^[FEW]/.test(ruleId))
          .map(({ ruleId, entity }) => `${ruleId} ${entity?.logicalId}`),
      ),
    };
  });
}

/** One run over all: starting the peer takes longer than judging a small template. */
function controlTowerByTemplate(templates: readonly Template[]): Map<Template, PeerFinding[]> {
  const all = controlTower(templates.map((template, index) => ({ ...template, region: `${index}` })));
  return new Map(templates.map((template, index) => [template, all.filter(({ region }) => region === `${index}`)]));
}
