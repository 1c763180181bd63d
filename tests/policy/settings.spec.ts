import assert from "node:assert/strict";
import { evaluateState } from "../../policy/check/evaluate";
import type { StateResource } from "../../policy/check/state";
import { type ConfigOf, toPolicies } from "../../policy/pack/policies";
import { severities } from "../../policy/pack/rule";
import type { RuleConfig } from "../../policy/pack/run";
import { rules } from "../../policy/rules";

const ALB = "aws:lb/loadBalancer:LoadBalancer";
const GROUP = "aws:cloudwatch/logGroup:LogGroup";
const urnOf = (type: string, name: string) => `urn:pulumi:prod::shop::${type}::${name}`;

const resource = (type: string, name: string, inputs: object = {}, rest: object = {}): StateResource => ({
  urn: urnOf(type, name),
  type,
  name,
  inputs: inputs as Record<string, any>,
  outputs: { id: name },
  dependencies: [],
  propertyDependencies: {},
  protect: false,
  ignoreChanges: [],
  ...rest,
});

const stack = resource("pulumi:pulumi:Stack", "shop-prod");
const front = resource(ALB, "front", { desyncMitigationMode: "monitor" });
const back = resource(ALB, "back", { desyncMitigationMode: "monitor" });
const waiver = {
  rule: "load-balancer-desync",
  type: ALB,
  name: "front",
  reason: "The old client sends such requests",
  expires: "2027-01-31",
};

const production: ConfigOf = (name) => (name === "pack" ? { class: "production" } : {});

/** Findings of one rule and of the pack itself, as `<policy> <level> <name>: <message without fix>`. */
async function found(pack: object, resources = [stack, front, back], config: Record<string, RuleConfig> = {}) {
  const { findings, known } = await evaluateState(resources, {
    rules: rules.filter(({ name }) => name === "load-balancer-desync"),
    configOf: (name) => (name === "pack" ? { today: "2026-11-26", ...pack } : (config[name] ?? {})),
  });
  const lines = findings.map(
    ({ policy, level, urn, message }) => `${policy} ${level} ${urn.split("::").at(-1)}: ${message.split(";")[0]}`,
  );
  return { lines, known };
}
const lines = async (...args: Parameters<typeof found>) => (await found(...args)).lines;

const broken = (name: string) =>
  `load-balancer-desync mandatory ${name}: Elastic Load Balancing load balancer "${name}" must refuse ambiguous requests, got desyncMitigationMode "monitor"`;
const waived = `load-balancer-desync waived front: Waived until 2027-01-31, because The old client sends such requests: Elastic Load Balancing load balancer "front" must refuse ambiguous requests, got desyncMitigationMode "monitor"`;

describe("policy: waivers", () => {
  it("let one resource break one rule, and list what they cover", async () => {
    assert.deepEqual(await lines({ waivers: [waiver] }), [broken("back"), waived]);
  });

  it("name a resource by its URN as well", async () => {
    const { type, name, ...rest } = waiver;
    assert.deepEqual(await lines({ waivers: [{ ...rest, urn: front.urn }] }), [broken("back"), waived]);
  });

  it("name a resource by any token of its type", async () => {
    const alias = "aws:alb/loadBalancer:LoadBalancer";
    assert.deepEqual(await lines({ waivers: [{ ...waiver, type: alias }] }), [broken("back"), waived]);
  });

  it("cover their last day, and are a finding from the next day on, with what they covered", async () => {
    assert.deepEqual(await lines({ waivers: [waiver], today: "2027-01-31" }), [broken("back"), waived]);
    assert.deepEqual(await lines({ waivers: [waiver], today: "2027-02-01" }), [
      broken("back"),
      broken("front"),
      `waivers advisory front: The waiver of rule "load-balancer-desync" on ${ALB} "front" must not have expired, got expires "2027-01-31"`,
    ]);
  });

  it("are a finding when they cover nothing, on the stack when it has no such resource", async () => {
    const gone = `The waiver of rule "load-balancer-desync" on ${ALB} "gone" must cover a finding, got none`;
    assert.deepEqual(await lines({ waivers: [{ ...waiver, name: "gone" }] }), [
      broken("back"),
      broken("front"),
      `waivers advisory shop-prod: ${gone}`,
    ]);
    const fixed = resource(ALB, "front", { desyncMitigationMode: "strictest" });
    assert.deepEqual(await lines({ waivers: [waiver] }, [stack, fixed]), [
      `waivers advisory front: The waiver of rule "load-balancer-desync" on ${ALB} "front" must cover a finding, got none`,
    ]);
  });

  it("are no finding when a value is unknown, or when their URN is of another stack", async () => {
    const unknown = resource(ALB, "front", { desyncMitigationMode: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" });
    assert.deepEqual(await lines({ waivers: [waiver] }, [stack, unknown]), [
      "load-balancer-desync not-evaluated front: Not evaluated: desyncMitigationMode is not known before deployment",
    ]);
    const { type, name, ...rest } = waiver;
    const other = { ...rest, urn: front.urn.replace(":prod::", ":dev::") };
    assert.deepEqual(await lines({ waivers: [other] }, [stack]), []);
  });

  it("are mandatory to tidy up where the configuration says so", async () => {
    const config = { waivers: { enforcementLevel: "mandatory" } } as const;
    assert.match((await lines({ waivers: [waiver] }, [stack], config))[0]!, /^waivers mandatory shop-prod: /);
  });

  for (const [title, change, sentence] of [
    [
      "reason",
      { reason: undefined },
      "pack.waivers[0].reason must be the reason why the resource may break the rule, got nothing",
    ],
    ["day", { expires: undefined }, "pack.waivers[0].expires must be a day as YYYY-MM-DD, got nothing"],
    [
      "existing day",
      { expires: "2027-02-31" },
      'pack.waivers[0].expires must be a day as YYYY-MM-DD, got "2027-02-31"',
    ],
    ["known rule", { rule: "zoned" }, 'pack.waivers[0].rule must be the name of a rule of the pack, got "zoned"'],
    ["resource", { name: undefined }, "pack.waivers[0] must name one resource, by urn or by type and name"],
    ["other key", { until: "2027" }, 'pack.waivers[0] has no setting "until"'],
  ] as const) {
    it(`need a valid ${title}, and do not apply otherwise`, async () => {
      const [first, ...rest] = await lines({ waivers: [{ ...waiver, ...change }] });
      assert.equal(first, `pack mandatory shop-prod: ${sentence}`);
      assert.ok(title === "other key" || rest.includes(broken("front")));
    });
  }
});

describe("policy: selection", () => {
  const select = async (selection: object) => {
    const resources = [stack, front, resource(GROUP, "logs")];
    const { findings } = await evaluateState(resources, {
      configOf: (name) => (name === "pack" ? { class: "production", select: selection } : {}),
    });
    return findings;
  };

  it("leaves out low, when nothing is selected", async () => {
    const [usual, all] = [await select({}), await select({ severities })];
    assert.ok(usual.length > 0 && usual.every(({ severity }) => severity !== "low"));
    assert.deepEqual(
      all.filter(({ severity }) => severity !== "low"),
      usual,
    );
    assert.ok(all.length > usual.length);
  });

  it("is by severity", async () => {
    const found = await select({ severities: ["high", "critical"] });
    assert.ok(found.length > 0 && found.every(({ severity }) => severity === "high" || severity === "critical"));
  });

  it("is by AWS service of the resource", async () => {
    const found = await select({ services: ["cloudwatch"] });
    assert.ok(found.length > 0 && found.every(({ urn }) => urn.endsWith("::logs")));
    const both = await select({ services: ["cloudwatch", "Elastic Load Balancing"] });
    assert.ok(both.some(({ urn }) => urn.endsWith("::front")));
  });

  it("is by catalogue", async () => {
    const found = await select({ frameworks: ["availability"] });
    const byName = new Map(rules.map((rule) => [rule.name, rule]));
    assert.ok(found.length > 0 && found.every(({ policy }) => byName.get(policy)?.ids.availability !== undefined));
  });

  it("refuses what does not exist, and selects all then", async () => {
    const found = await select({ severities: ["grave"] });
    const refused =
      'pack.select.severities must be a list of low, medium, high, critical, got "grave"; fix or remove it';
    assert.ok(found.some(({ message }) => message === refused));
    assert.ok(found.some(({ policy }) => policy === "load-balancer-desync"));
  });
});

describe("policy: known findings of a baseline", () => {
  const baseline = [{ rule: "load-balancer-desync", urn: front.urn }];

  it("are counted and not reported; new ones are", async () => {
    assert.deepEqual(await found({ baseline }), { lines: [broken("back")], known: 1 });
  });

  it("are to be removed once they are fixed", async () => {
    assert.deepEqual(await lines({ baseline }, [stack]), [
      `waivers advisory front: The baseline's entry for rule "load-balancer-desync" on ${ALB} "front" must cover a finding, got none`,
    ]);
  });
});

describe("policy: resources that are only read", () => {
  it("are judged by no rule, and others can be linked to them", async () => {
    const vpc = resource("aws:ec2/vpc:Vpc", "net", {}, { external: true, outputs: { id: "vpc-1" } });
    const subnets = ["a", "b"].map((zone) =>
      resource(
        "aws:ec2/subnet:Subnet",
        zone,
        {},
        { external: true, outputs: { id: `subnet-${zone}`, availabilityZone: `eu-west-1${zone}` } },
      ),
    );
    const link = resource("aws:apigatewayv2/vpcLink:VpcLink", "link", { subnetIds: ["subnet-a", "subnet-b"] });
    const bucket = resource("aws:s3/bucket:Bucket", "old", {}, { external: true });
    const { findings } = await evaluateState([stack, vpc, ...subnets, link, bucket], { configOf: production });
    const judged = findings.filter(({ level }) => level !== "not-evaluated");
    assert.deepEqual([...new Set(judged.map(({ urn }) => urn.split("::").at(-1)))], ["link"]);
    assert.ok(judged.some(({ policy, message }) => policy === "zones" && /in 3 zones, got 2/.test(message)));
  });

  it("are all judged where the program registers them", async () => {
    const { findings } = await evaluateState([stack, resource("aws:s3/bucket:Bucket", "old")], {
      configOf: production,
    });
    assert.ok(findings.some(({ urn }) => urn.endsWith("::old")));
  });
});

describe("policy: the configuration that the engine checks", () => {
  it("has a schema for every setting of the pack", () => {
    const [pack] = toPolicies(rules);
    assert.deepEqual(Object.keys(pack?.configSchema?.properties ?? {}), [
      "class",
      "waivers",
      "baseline",
      "select",
      "today",
    ]);
  });
});
