import assert from "node:assert/strict";
import type { PlannedResource } from "../../graph/model";
import { evaluate, remediate } from "../../graph/policy/evaluate";
import { toPolicies } from "../../policy/pack/policies";
import type { RuleConfig } from "../../policy/pack/run";
import { rules } from "../../policy/rules";
import { everySeverity } from "./config";
import { graphOf } from "./helpers";

const balancer = (props: object = {}) => ({
  front: ["aws:lb/loadBalancer:LoadBalancer", { internal: true, ...props }] as const,
});
const only = (name: string) => rules.filter((rule) => rule.name === name);

describe("policy: levels, configuration and metadata", () => {
  const levels = async (name: string, config: Record<string, RuleConfig>) => {
    const found = await evaluate(graphOf(balancer()), {
      rules: only(name),
      configOf: everySeverity(config),
    });
    return found.map(({ level }) => level);
  };
  const production = "load-balancer-access-logs";
  const development = { pack: { class: "development" } } as const;

  it("is as strict as in production unless the class is development", async () => {
    assert.deepEqual(await levels(production, {}), ["mandatory"]);
    assert.deepEqual(await levels(production, { pack: { class: "production" } }), ["mandatory"]);
    assert.deepEqual(await levels(production, development), ["advisory"]);
  });

  it("takes nothing from the stack's name", async () => {
    const web = { web: ["aws:ecs/service:Service", {}] as const };
    const found = await evaluate(graphOf(web, "dev"), { rules: only("service-circuit-breaker") });
    assert.deepEqual(
      found.map(({ level }) => level),
      ["mandatory"],
    );
  });

  for (const [title, config, wanted] of [
    ["disabled", { [production]: { enforcementLevel: "disabled" } }, []],
    ["advisory", { [production]: { enforcementLevel: "advisory" } }, ["advisory"]],
    ["of a class of its own", { [production]: { class: "development" } }, ["advisory"]],
    ["of a class of its own in development", { ...development, [production]: { class: "production" } }, ["mandatory"]],
    ["mandatory in development", { ...development, [production]: { enforcementLevel: "mandatory" } }, ["advisory"]],
  ] as const) {
    it(`obeys a level that is ${title}`, async () => {
      assert.deepEqual(await levels(production, config as Record<string, RuleConfig>), wanted);
    });
  }

  it("fixes what is safe to fix, and nothing twice", async () => {
    const front = graphOf(balancer({ tags: { a: "b" } })).resources.find(
      ({ name }) => name === "front",
    ) as PlannedResource;
    const [fixed, ...more] = await remediate(front);
    assert.deepEqual(more, []);
    assert.deepEqual(fixed, {
      policy: "load-balancer-invalid-headers",
      inputs: { ...front.inputs, dropInvalidHeaderFields: true },
    });
    assert.deepEqual(await remediate({ ...front, inputs: fixed!.inputs! }), []);
  });

  it("fixes a resource whose other inputs are not known yet, and keeps them so", async () => {
    const front = graphOf(balancer({ subnets: "[unknown]" })).resources.find(
      ({ name }) => name === "front",
    ) as PlannedResource;
    const [fixed] = await remediate(front);
    assert.equal(fixed?.inputs?.["dropInvalidHeaderFields"], true);
    assert.equal(fixed?.inputs?.["subnets"], "04da6b54-80e4-46f7-96ec-b56ff0331ba9"); // an unknown on the wire
  });

  it("fixes retention for the class, and tags with the configured values", async () => {
    const group = graphOf({ logs: ["aws:cloudwatch/logGroup:LogGroup"] }).resources.find(
      ({ name }) => name === "logs",
    )!;
    assert.deepEqual((await remediate(group))[0]?.inputs, { retentionInDays: 90 });
    const inDevelopment = await remediate(group, { configOf: (name) => (name === "pack" ? development.pack : {}) });
    assert.deepEqual(inDevelopment[0]?.inputs, { retentionInDays: 7 });
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

  it("tells the engine severity, framework, tags, fix, link and configuration of each", () => {
    const policies = toPolicies(rules);
    assert.deepEqual(
      policies.map(({ name }) => name),
      ["pack", ...rules.map(({ name }) => name), "waivers"],
    );
    const policy = policies.find(({ name }) => name === "load-balancer-invalid-headers")!;
    assert.equal(policy.severity, "low");
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
      assert.ok(configSchema?.properties["class"], name);
    }
  });
});
