import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import type { EngineEvent } from "./helpers/events";
import { Outside } from "./helpers/outside";

/** Twenty resources that a program registers, and three that it reads: a subnet, a bucket and a VPC. */
const program = (ids: Readonly<Record<"vpc" | "subnet" | "bucket", string>>) => `
const aws = require("@pulumi/aws");
const region = new aws.Provider("here", { region: "eu-west-1" });
const opts = { provider: region };
const oldVpc = aws.ec2.Vpc.get("old-vpc", "${ids.vpc}", {}, opts);
const oldSubnet = aws.ec2.Subnet.get("old-subnet", "${ids.subnet}", {}, opts);
aws.s3.Bucket.get("old-bucket", "${ids.bucket}", {}, opts);
const vpc = new aws.ec2.Vpc("net", { cidrBlock: "10.0.0.0/16" }, opts);
const subnets = ["a", "b"].map((zone, i) => new aws.ec2.Subnet("subnet-" + zone,
  { vpcId: vpc.id, cidrBlock: "10.0." + i + ".0/24", availabilityZone: "eu-west-1" + zone }, opts));
const group = new aws.ec2.SecurityGroup("web", { vpcId: vpc.id, description: "web" }, opts);
const front = new aws.lb.LoadBalancer("front", { internal: true, subnets: subnets.map(({ id }) => id),
  securityGroups: [group.id], desyncMitigationMode: "monitor" }, opts);
const targets = new aws.lb.TargetGroup("targets", { vpcId: vpc.id, port: 80, protocol: "HTTP" }, opts);
new aws.lb.Listener("listener", { loadBalancerArn: front.arn, port: 80,
  defaultActions: [{ type: "forward", targetGroupArn: targets.arn }] }, opts);
new aws.apigatewayv2.VpcLink("link", { subnetIds: [oldSubnet.id], securityGroupIds: [group.id] }, opts);
new aws.ec2.SecurityGroup("old-web", { vpcId: oldVpc.id, description: "old" }, opts);
const topic = new aws.sns.Topic("news", {}, opts);
const role = new aws.iam.Role("worker", { assumeRolePolicy: JSON.stringify({ Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }] }) }, opts);
for (const name of ["orders", "carts"]) new aws.dynamodb.Table(name,
  { billingMode: "PAY_PER_REQUEST", hashKey: "id", attributes: [{ name: "id", type: "S" }] }, opts);
for (const name of ["uploads", "exports"]) new aws.s3.Bucket(name, {}, opts);
for (const name of ["api", "jobs"]) new aws.cloudwatch.LogGroup(name, {}, opts);
new aws.ecs.Cluster("cluster", {}, opts);
new aws.ecr.Repository("images", {}, opts);
new aws.apigatewayv2.Api("http", { protocolType: "HTTP" }, opts);
exports.topic = topic.arn;
exports.role = role.arn;
`;

/** Code blocks of a language on the page. */
function blocks(language: string): string[] {
  const page = readFileSync(join(projectRoot, "docs/policy-adopt.md"), "utf8");
  return [...page.matchAll(/```(\w+)\n(.*?)```/gs)].filter(([, name]) => name === language).map(([, , text]) => text!);
}

/** Here a program of two zones is judged as one that is to survive a zone. */
const production = JSON.stringify({ pack: { class: "production" } });

/** The same command with every finding as JSON, as the engine shows them, without the line on stderr that says how much of the stack was looked at. */
function asJson(command: string): string {
  return `${command.trim().replace("--file", "--json --each --file")} 2>/dev/null`;
}

/** Findings of the engine's events or of the command's JSON, as `<level> <policy> <resource>`, sorted. */
function lines(findings: readonly { level: string; policy: string; urn: string; message: string }[]): string[] {
  return findings.map(({ level, policy, urn }) => `${level} ${policy} ${urn.split("::").at(-1)}`).sort();
}

function findingsOf(events: readonly EngineEvent[]) {
  return events
    .flatMap(({ policyEvent }) => policyEvent ?? [])
    .map(({ enforcementLevel, policyName, resourceUrn = "", message }) => {
      const said = message.trim();
      const level = /^Not evaluated: /.test(said)
        ? "not-evaluated"
        : /^Waived until /.test(said)
          ? "waived"
          : enforcementLevel;
      return { level, policy: policyName, urn: resourceUrn, message: said };
    });
}

describe("the policy pack in another repository", () => {
  let outside: Outside;
  let clone: string;
  const [pack, install, preview, exported, configured, checked, baseline, ...more] = blocks("sh");
  const [config] = blocks("json");

  before(async () => {
    outside = await Outside.make("");
    const place = { region: "eu-west-1" };
    const vpc = await outside.cloud.create({
      type: "aws:ec2/vpc:Vpc",
      name: "x",
      inputs: { cidrBlock: "10.9.0.0/16" },
      ...place,
    });
    const subnet = await outside.cloud.create({
      type: "aws:ec2/subnet:Subnet",
      name: "x",
      inputs: { vpcId: vpc.id, cidrBlock: "10.9.0.0/24", availabilityZone: "eu-west-1a" },
      ...place,
    });
    const bucket = await outside.cloud.create({ type: "aws:s3/bucket:Bucket", name: "x", inputs: {}, ...place });
    outside.write("index.js", program({ vpc: vpc.id, subnet: subnet.id, bucket: bucket.id }));
    await outside.shell("pulumi stack init prod");
    clone = outside.clone();
  });
  after(() => outside?.close());

  it("is packed in a clone and installed from the file", async () => {
    assert.deepEqual(more, []);
    const packed = await outside.shell(pack!, clone);
    assert.equal(packed.code, 0, packed.text);
    await outside.shell(`mv ${clone}/platform-policy-0.1.0.tgz .`);
    const installed = await outside.shell(install!);
    assert.equal(installed.code, 0, installed.text);
    assert.equal((await outside.shell("find node_modules/platform-policy -name '*.ts'")).text, "");
  });

  it("stops a preview of twenty resources by its mandatory findings", async () => {
    const { code, text, events } = await outside.shell(preview!);
    assert.notEqual(code, 0, text);
    const created = events.filter(({ resourcePreEvent }) => /^aws:/.test(resourcePreEvent?.metadata.type ?? ""));
    assert.equal(created.filter(({ resourcePreEvent }) => resourcePreEvent?.metadata.op === "create").length, 20);
    assert.ok(lines(findingsOf(events)).includes("mandatory load-balancer-desync front"), text);
  });

  it("judges the deployed stack from its file", async () => {
    const up = await outside.shell("pulumi up --yes --skip-preview");
    assert.equal(up.code, 0, up.text);
    const { code, text } = await outside.shell(exported!);
    assert.equal(code, 1, text);
    assert.match(text, /mandatory, .* advisory, /);
  });

  it("obeys a waiver, a threshold and a level of the configuration, in the engine and by the command alike", async () => {
    outside.write("policy.json", production);
    const before = findingsOf((await outside.shell(configured!)).events);
    assert.deepEqual(
      ["mandatory load-balancer-desync front", "mandatory zones net", "mandatory vpc-flow-log net"].filter(
        (line) => !lines(before).includes(line),
      ),
      [],
    );
    outside.write("policy.json", config!);
    const after = lines(findingsOf((await outside.shell(configured!)).events));
    const changed = after.filter((line) => / (load-balancer-desync|zones|vpc-flow-log) (front|net)$/.test(line));
    assert.deepEqual(changed, ["advisory vpc-flow-log net", "waived load-balancer-desync front"]);
    assert.deepEqual(
      after.filter((line) => line.includes(" waivers ")),
      [],
    );
  });

  it("finds the same in the engine and by the command, message by message", async () => {
    const settings = [
      ["without a class", "{}"],
      ["production", config!],
      ["development", JSON.stringify({ pack: { class: "development" } })],
      [
        "selected",
        JSON.stringify({
          pack: { class: "production", select: { severities: ["high", "critical"] } },
          all: "advisory",
        }),
      ],
      [
        "invalid",
        JSON.stringify({ pack: { waivers: [{ rule: "none", urn: "x", reason: "x", expires: "2099-01-01" }] } }),
      ],
    ] as const;
    for (const [title, text] of settings) {
      outside.write("policy.json", text);
      const engine = findingsOf((await outside.shell(configured!)).events);
      const command = await outside.shell(asJson(checked!));
      const key = (one: { level: string; policy: string; urn: string; message: string }) =>
        `${one.level} ${one.policy} ${one.urn} ${one.message}`;
      assert.ok(engine.length >= 1, `${title}: ${command.text}`);
      assert.deepEqual(JSON.parse(command.text).map(key).sort(), engine.map(key).sort(), title);
    }
  });

  it("judges no resource that is only read, and links others to it", async () => {
    outside.write("policy.json", production);
    const found = lines(findingsOf((await outside.shell(configured!)).events));
    assert.deepEqual(
      found.filter((line) => / old-(vpc|subnet|bucket)$/.test(line)),
      [],
    );
    const link = await outside.shell(asJson(checked!));
    const zones = JSON.parse(link.text).filter((one: any) => one.policy === "zones" && one.urn.endsWith("::link"));
    assert.match(zones[0]?.message ?? "", /in 3 zones, got 1;/);
    assert.ok(found.includes("mandatory zones link"));
  });

  it("reports nothing that a baseline has, and only that", async () => {
    outside.write("policy.json", config!);
    const { code, text } = await outside.shell(baseline!);
    assert.equal(code, 0, text);
    assert.match(text, /wrote \d+ findings to policy-baseline\.json/);
    assert.match(text, / 0 mandatory, 0 advisory, .* known from the baseline/);
  });

  it("finds an expired and an unused waiver in the engine too", async () => {
    const { waivers } = JSON.parse(config!).pack;
    const expired = [
      { ...waivers[0], expires: "2020-01-01" },
      { ...waivers[0], name: "gone" },
    ];
    outside.write("policy.json", JSON.stringify({ pack: { waivers: expired } }));
    const events = findingsOf((await outside.shell(configured!)).events);
    const messages = events.filter(({ policy }) => policy === "waivers").map(({ message }) => message.split(";")[0]);
    assert.deepEqual(messages.sort(), [
      'The waiver of rule "load-balancer-desync" on aws:lb/loadBalancer:LoadBalancer "front" must not have expired, got expires "2020-01-01"',
      'The waiver of rule "load-balancer-desync" on aws:lb/loadBalancer:LoadBalancer "gone" must cover a finding, got none',
    ]);
  });
});
