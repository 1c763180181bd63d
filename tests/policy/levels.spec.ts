import assert from "node:assert/strict";
import type { PlannedResource } from "../../graph/model";
import { evaluate, remediate } from "../../graph/policy/evaluate";
import { environmentOf } from "../../policy/pack/environment";
import { toPolicies } from "../../policy/pack/policies";
import { rules } from "../../policy/rules";
import { graphOf } from "./helpers";

const balancer = (props: object = {}) => ({
  front: ["aws:lb/loadBalancer:LoadBalancer", { internal: true, ...props }] as const,
});
const only = (name: string) => rules.filter((rule) => rule.name === name);

describe("policy: levels, configuration and metadata", () => {
  it("takes the environment from the stack's name", () => {
    const names = [
      "prod",
      "prod-compute.eu-west-1",
      "shop-production",
      "live",
      "dev",
      "reproduction",
      "product",
      "alive",
    ];
    assert.deepEqual(names.map(environmentOf), ["prod", "prod", "prod", "prod", "dev", "dev", "dev", "dev"]);
  });

  it("is stricter in production", async () => {
    const levels = async (stack: string) =>
      (await evaluate(graphOf(balancer(), stack), { rules: only("load-balancer-access-logs") })).map(
        ({ level }) => level,
      );
    assert.deepEqual(await levels("prod"), ["mandatory"]);
    assert.deepEqual(await levels("dev"), ["advisory"]);
  });

  for (const [config, wanted] of [
    [{ prod: "advisory" }, ["advisory"]],
    [{ prod: "disabled" }, []],
    [{ enforcementLevel: "disabled" }, []],
    [{ enforcementLevel: "advisory" }, ["advisory"]],
    [{ environment: "dev" }, ["advisory"]],
    [{ dev: "disabled" }, ["mandatory"]],
  ] as const) {
    it(`obeys ${JSON.stringify(config)}`, async () => {
      const found = await evaluate(graphOf(balancer(), "prod"), {
        rules: only("load-balancer-access-logs"),
        configOf: () => config,
      });
      assert.deepEqual(
        found.map(({ level }) => level),
        wanted,
      );
    });
  }

  it("mends what is safe to mend, and nothing twice", async () => {
    const front = graphOf(balancer({ tags: { a: "b" } })).resources.find(
      ({ name }) => name === "front",
    ) as PlannedResource;
    const [mended, ...more] = await remediate(front);
    assert.deepEqual(more, []);
    assert.deepEqual(mended, {
      policy: "load-balancer-invalid-headers",
      inputs: { ...front.inputs, dropInvalidHeaderFields: true },
    });
    assert.deepEqual(await remediate({ ...front, inputs: mended!.inputs! }), []);
  });

  it("mends a resource whose other inputs are not known yet, and keeps them so", async () => {
    const front = graphOf(balancer({ subnets: "[unknown]" })).resources.find(
      ({ name }) => name === "front",
    ) as PlannedResource;
    const [mended] = await remediate(front);
    assert.equal(mended?.inputs?.["dropInvalidHeaderFields"], true);
    assert.equal(mended?.inputs?.["subnets"], "04da6b54-80e4-46f7-96ec-b56ff0331ba9"); // an unknown on the wire
  });

  it("mends retention for the environment, and tags with the configured values", async () => {
    const group = (stack: string) =>
      graphOf({ logs: ["aws:cloudwatch/logGroup:LogGroup"] }, stack).resources.find(({ name }) => name === "logs")!;
    assert.deepEqual((await remediate(group("prod")))[0]?.inputs, { retentionInDays: 90 });
    assert.deepEqual((await remediate(group("dev")))[0]?.inputs, { retentionInDays: 7 });
    const front = graphOf(balancer({ dropInvalidHeaderFields: true })).resources.find(({ name }) => name === "front")!;
    const configOf = () => ({ required: ["team"], values: { team: "shop" } });
    assert.deepEqual((await remediate(front, { rules: only("resource-tags"), configOf }))[0]?.inputs, {
      ...front.inputs,
      tags: { team: "shop" },
    });
  });

  it("has one name per rule, and each rule has what people need to act", () => {
    assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
    for (const rule of rules) {
      assert.match(rule.name, /^[a-z0-9]+(-[a-z0-9]+)*$/);
      assert.match(rule.description, /^[A-Z].*\.$/, rule.name);
      assert.match(rule.rationale, /^[A-Z].*\.$/, rule.name);
      assert.match(rule.fix, /^[a-z].*[^.]$/, rule.name);
    }
  });

  it("covers the availability catalogue from 1 to 62", () => {
    const found = new Set(rules.map(({ ids }) => ids.availability).filter((id) => id !== undefined));
    assert.deepEqual(
      [...found].sort((a, b) => a - b),
      Array.from({ length: 62 }, (_, i) => i + 1),
    );
  });

  it("tells the engine severity, framework, tags, mend, link and configuration of each", () => {
    const policies = toPolicies(rules);
    assert.equal(policies.length, rules.length);
    const policy = policies.find(({ name }) => name === "load-balancer-invalid-headers")!;
    assert.equal(policy.severity, "medium");
    assert.equal(policy.enforcementLevel, "mandatory");
    assert.equal(policy.framework?.reference, "ELB.4");
    assert.deepEqual(policy.tags, [
      "fsbp:ELB.4",
      "cdk-nag:ALBHttpDropInvalidHeaderEnabled",
      "checkov:CKV_AWS_131",
      "level:mandatory",
    ]);
    assert.equal(policy.remediationSteps, "Set dropInvalidHeaderFields to true.");
    assert.equal(policy.url, "https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-4");
    for (const { name, url, configSchema } of policies) {
      assert.match(url ?? "", /^https:\/\//, name);
      assert.ok(
        configSchema?.properties["environment"] && configSchema.properties["prod"] && configSchema.properties["dev"],
        name,
      );
    }
  });
});
