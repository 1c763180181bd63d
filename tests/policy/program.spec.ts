import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capture } from "../../graph/capture/capture";
import type { Graph } from "../../graph/model";
import { planStack } from "../../graph/plan";
import { policyDocument } from "../../graph/policy/config";
import { evaluate } from "../../graph/policy/evaluate";
import { readProject } from "../../graph/project";
import { projectRoot } from "../../graph/project-root";
import { readConfigFile } from "../../policy/check/config-file";
import type { Finding } from "../../policy/check/finding";
import { rules } from "../../policy/rules";
import { environments, planned } from "../conformance/plans";
import { writtenOut } from "../helpers/configuration";
import { designs } from "../peers/unavailable-designs";
import { advice } from "./advice";
import { everySeverity, policyConfig } from "./config";
import { checkOne, stackOf } from "./direct";
import { type DesignSight, proofDocument } from "./docs";
import { breaks } from "./program/breaks-data";
import { isBroken, readPaths, unbroken } from "./program/reads";
import { measure, type Score } from "./program/score";
import { survivors } from "./program/survivors";

describe("policy: the plans of this project", function () {
  this.timeout(600_000);
  const plans: Partial<Record<string, Graph>> = {};
  const findings: Partial<Record<string, readonly Finding[]>> = {};
  let score: Score;
  let sights: DesignSight[];

  before(async () => {
    for (const environment of environments) {
      plans[environment] = (await planned(environment)).graph;
      findings[environment] = await evaluate(plans[environment], { configOf: policyConfig(environment) });
    }
    score = measure(plans["prod"]!, policyConfig("prod"));
    sights = await Promise.all(designs.map(sightOf));
  });

  for (const environment of ["dev", "prod"] as const) {
    it(`${environment}: nothing mandatory, nothing unevaluated`, () => {
      const found = findings[environment]!.filter(({ level }) => level !== "advisory");
      assert.deepEqual(
        found.map(({ message }) => message),
        [],
      );
    });

    it(`${environment}: every piece of advice has an answer, and every answer a piece of advice`, () => {
      const found = new Set(findings[environment]!.map(({ policy }) => policy));
      assert.deepEqual([...found].sort(), Object.keys(advice[environment]).sort());
    });

    it(`${environment}: the pack's configuration says what the environment's says`, () => {
      const { targets, services: all } = writtenOut(environment);
      const own = policyConfig(environment);
      const services = Object.entries<any>(all).filter(([, one]) => one.pattern !== "lambda");
      const peaks = Object.fromEntries(services.map(([name, { capacity }]) => [name, capacity.peak]));
      assert.deepEqual(own("minimum-capacity"), { peaks });
      assert.deepEqual(own("cross-zone"), { peaks });
      assert.equal(own("failover-time")["recoveryTimeSeconds"], targets.recoveryTimeSeconds);
      assert.equal(own("availability-target")["percent"], targets.availabilityPercent);
      assert.equal(own("throttle-capacity")["requestsPerServer"], services[0]![1].ec2.requestsPerSecond);
    });
  }

  for (const environment of environments) {
    it(`${environment}: the file of --write-config judges as the plan does`, async () => {
      const folder = mkdtempSync(join(tmpdir(), "policy-config-"));
      try {
        const file = join(folder, "below", "policy.json");
        const args = ["cli/platform.cjs", "policy", "--stack", environment, "--write-config", file];
        assert.equal(execFileSync(process.execPath, args, { cwd: projectRoot, encoding: "utf8" }), "");
        const own = JSON.parse(readFileSync(file, "utf8"));
        assert.deepEqual(own, policyDocument(environment));
        const { today } = policyConfig(environment)("image-release-age");
        writeFileSync(file, JSON.stringify({ ...own, "image-release-age": { today } }));
        const found = await evaluate(plans[environment]!, { configOf: readConfigFile(file) });
        assert.deepEqual(found, findings[environment]);
        assert.ok(found.length > 5);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }

  it("each half of production has its own stack without a mandatory finding", async () => {
    for (const stack of ["prod.eu-west-1", "prod-edge"]) {
      const found = await evaluate(await planStack(stack), { configOf: policyConfig("prod") });
      assert.deepEqual(
        found.filter(({ level }) => level === "mandatory").map(({ message }) => message),
        [],
        stack,
      );
    }
  });

  it("production without protection is refused, by every rule on what holds data", async () => {
    const { config } = readProject(projectRoot, "prod");
    const bare = await planStack("prod", { config: { ...config, "platform:protection": "false" } });
    const found = await evaluate(bare, { configOf: policyConfig("prod") });
    const mandatory = new Set(found.filter(({ level }) => level === "mandatory").map(({ policy }) => policy));
    assert.deepEqual([...mandatory].sort(), [
      "load-balancer-deletion-protection",
      "stateful-protected",
      "table-deletion-protection",
      "user-pool-deletion-protection",
    ]);
  });

  it("servers from an image release that is older than 90 days are advised against, in each region", async () => {
    const { config } = readProject(projectRoot, "prod");
    const old = await planStack("prod", { config: { ...config, "platform:imageRelease": "2023.8.20250818.0" } });
    const only = rules.filter(({ name }) => name === "image-release-age");
    const found = await evaluate(old, { configOf: policyConfig("prod"), rules: only });
    const rule = "must start from an image release of the last 90 days, got";
    assert.deepEqual(
      found
        .filter(({ message }) => message.includes("-shipping-"))
        .map(({ level, message }) => `${level}: ${message.split(";")[0]}`),
      ["eu-central-1", "eu-west-1"].map(
        (region) => `advisory: EC2 launch template "${region}-shipping-template" ${rule} "2023.8.20250818.0"`,
      ),
    );
  });

  it("the evaluator and the rules by themselves say the same", () => {
    const stack = stackOf(plans["prod"]!);
    const direct = rules.flatMap((rule) => checkOne(rule, stack, policyConfig("prod")));
    const real = findings["prod"]!.map(({ policy, level, urn, message }) => `${policy} ${level} ${urn} ${message}`);
    assert.deepEqual(direct.sort(), real.sort());
  });

  it("the rules as one policy and as a policy each say the same", async () => {
    const apart = await evaluate(plans["dev"]!, { configOf: policyConfig("dev"), separately: true });
    assert.deepEqual(apart, findings["dev"]);
  });

  it("at least 95 percent of the breaks are noticed, and each of the others has a reason", () => {
    assert.ok(score.mutants > 1000, `${score.mutants} mutants`);
    assert.ok(score.killed / score.mutants >= 0.95, `${score.killed} of ${score.mutants}`);
    const places = new Set(score.survivors.map(({ type, path }) => `${type} ${path}`));
    assert.deepEqual([...places].sort(), survivors.map(({ type, path }) => `${type} ${path}`).sort());
  });

  it("every property that a rule reads is broken, or has a reason not to be", () => {
    const open = [...readPaths(plans["prod"]!, policyConfig("prod"))].filter(
      (path) => !isBroken(path, breaks) && !unbroken.some(([pattern]) => pattern.test(path)),
    );
    assert.deepEqual(open.sort(), []);
  });

  it("sees every design of tests/peers that is not available", () => {
    assert.deepEqual(
      sights.filter(({ rules: seen }) => seen.length === 0).map(({ name }) => name),
      [],
    );
  });

  it("docs/policy-proof.md says what the code does", () => {
    const path = join(projectRoot, "docs/policy-proof.md");
    const wanted = proofDocument(sights);
    if (process.env["UPDATE_DOCS"] !== undefined) writeFileSync(path, wanted);
    assert.equal(readFileSync(path, "utf8"), wanted, "run `UPDATE_DOCS=1 npm run mocha` and review the change");
  });
});

/** Rules that speak of a design with its fault and not of its twin without. */
async function sightOf({ name, fault, program }: (typeof designs)[number]): Promise<DesignSight> {
  const said = async (sound: boolean) => {
    const found = await evaluate(await capture(() => program(sound), { stack: "prod" }), { configOf: everySeverity() });
    return found.filter(({ level }) => level !== "not-evaluated").map(({ policy, message }) => `${policy} ${message}`);
  };
  const twin = new Set(await said(true));
  const only = (await said(false)).filter((one) => !twin.has(one)).map((one) => one.split(" ")[0]!);
  return { name, fault, rules: [...new Set(only)].sort() };
}
