import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evaluate } from "../../graph/policy/evaluate";
import { byCause, sharedCauses } from "../../policy/check/causes";
import { runCommand } from "../../policy/check/command";
import { type Finding, hasMandatory } from "../../policy/check/finding";
import { rules } from "../../policy/rules";
import { type Draft, graphOf } from "./helpers";

const production = { class: "production", today: "2026-11-26" } as const;

/** Findings by cause, as `<level> <rule> <resource>: <message without fix>`. */
async function causes(draft: Draft, names: readonly string[], pack: object = {}): Promise<string[]> {
  const own = rules.filter(({ name }) => names.includes(name));
  const found = await evaluate(graphOf(draft), {
    rules: own,
    configOf: (name) => (name === "pack" ? { ...production, ...pack } : {}),
  });
  return byCause(found).map(
    ({ level, policy, urn, message }) => `${level} ${policy} ${urn.split("::").at(-1)}: ${message.split(";")[0]}`,
  );
}

const table = (inputs: object = {}) => ["aws:dynamodb/table:Table", inputs] as const;
const tables: Draft = { carts: table(), orders: table(), users: table() };
const recovery = "must have point-in-time recovery, got none";

describe("policy: findings by cause", () => {
  it("say once what several resources of a type lack", async () => {
    assert.deepEqual(await causes(tables, ["table-recovery"]), [
      `mandatory table-recovery carts: DynamoDB table "carts" ${recovery} (and 2 others: orders, users)`,
    ]);
  });

  it("keep apart what is not the same", async () => {
    const group = (fromPort: number) =>
      [
        "aws:ec2/securityGroup:SecurityGroup",
        { ingress: [{ protocol: "tcp", fromPort, toPort: fromPort, cidrBlocks: ["0.0.0.0/0"] }] },
      ] as const;
    const found = await causes({ ssh: group(22), mysql: group(3306) }, ["security-group-world-ingress"]);
    assert.equal(found.length, 2);
  });

  it("say once what differs in a number only, which says how far a value is off", async () => {
    const queue = (visibilityTimeoutSeconds: number) => ["aws:sqs/queue:Queue", { visibilityTimeoutSeconds }] as const;
    const read = (queueName: string) =>
      [
        "aws:lambda/eventSourceMapping:EventSourceMapping",
        { eventSourceArn: `@{${queueName}.arn}`, functionName: "@{work}" },
      ] as const;
    const draft: Draft = {
      work: ["aws:lambda/function:Function", { timeout: 60 }],
      mail: queue(10),
      orders: queue(20),
      "read-mail": read("mail"),
      "read-orders": read("orders"),
    };
    assert.deepEqual(await causes(draft, ["queue-visibility"]), [
      'mandatory queue-visibility mail: SQS queue "mail" must hide messages for 360 s, six times the 60 s of Lambda function "work", got visibilityTimeoutSeconds 10 (and 1 other: orders)',
    ]);
  });

  it("say once what one change of a policy answers, with what each statement allows", async () => {
    const allow = (Action: string) => ({ Effect: "Allow", Action, Resource: "*" });
    const rights = (...actions: string[]) =>
      ["aws:iam/rolePolicy:RolePolicy", { policy: { Statement: actions.map(allow) } }] as const;
    const names = ["no-service-wildcard", "no-wildcard-resource"];
    const one = { orders: rights("s3:*", "sqs:SendMessage", "sns:CreateTopic") };
    assert.deepEqual(await causes(one, names), [
      'mandatory no-service-wildcard orders: IAM role policy "orders" must name the actions that it allows, got s3:* on every resource (also by no-wildcard-resource)',
    ]);
    const two = { orders: rights("sqs:SendMessage", "sns:CreateTopic") };
    assert.deepEqual(await causes(two, names), [
      'mandatory no-wildcard-resource orders: IAM role policy "orders" must name the resources of sns:CreateTopic, got "*", and must name the resources of sqs:SendMessage, got "*"',
    ]);
    assert.equal((await causes({ orders: rights("s3:*"), users: rights("sqs:SendMessage") }, names)).length, 2);
  });

  it("have a fix of their own at the end, which is that of the resource named first", async () => {
    const keys = { carts: ["aws:kms/key:Key", {}], orders: ["aws:kms/key:Key", {}] } as const;
    const own = rules.filter(({ name }) => name === "key-rotation");
    const [only] = byCause(await evaluate(graphOf(keys), { rules: own }));
    assert.equal(
      only?.message,
      'KMS key "carts" must be rotated every year, got enableKeyRotation none (and 1 other: orders); set enableKeyRotation to true',
    );
  });

  it("say once what one change answers, although several rules find it", async () => {
    const database = { orders: ["aws:rds/instance:Instance", { skipFinalSnapshot: true }] } as const;
    assert.deepEqual(await causes(database, sharedCauses["protect from deletion"]!), [
      'mandatory database-deletion-protection orders: RDS instance "orders" must be protected against deletion, got deletionProtection none (also by database-final-snapshot)',
    ]);
  });

  it("say one zone once, of a group, its balancer and its VPC link", async () => {
    const zone = (letter: string) =>
      ["aws:ec2/subnet:Subnet", { vpcId: "vpc-1", availabilityZone: `eu-west-1${letter}` }] as const;
    const draft: Draft = {
      a: zone("a"),
      front: ["aws:lb/loadBalancer:LoadBalancer", { internal: true, subnets: ["@{a}"] }],
      link: ["aws:apigatewayv2/vpcLink:VpcLink", { subnetIds: ["@{a}"] }],
      servers: ["aws:autoscaling/group:Group", { vpcZoneIdentifiers: ["@{a}"], minSize: 1, maxSize: 2 }],
    };
    const found = await causes(draft, sharedCauses["spread over the zones"]!);
    assert.equal(found.length, 1, found.join("\n"));
  });

  it("leave out a resource with a waiver, and list it with its reason", async () => {
    const waiver = { type: "aws:dynamodb/table:Table", name: "orders", reason: "A copy", expires: "2027-01-31" };
    assert.deepEqual(await causes(tables, ["table-recovery"], { waivers: [{ rule: "table-recovery", ...waiver }] }), [
      `mandatory table-recovery carts: DynamoDB table "carts" ${recovery} (and 1 other: users)`,
      `waived table-recovery orders: Waived until 2027-01-31, because A copy: DynamoDB table "orders" ${recovery}`,
    ]);
  });

  it("leave out a finding of the baseline", async () => {
    const baseline = [{ rule: "table-recovery", urn: "urn:pulumi:prod::shop::aws:dynamodb/table:Table::carts" }];
    assert.deepEqual(await causes(tables, ["table-recovery"], { baseline }), [
      `mandatory table-recovery orders: DynamoDB table "orders" ${recovery} (and 1 other: users)`,
    ]);
  });

  it("name the rules that need a value which is not known yet, on one line", async () => {
    const role = ["aws:iam/role:Role", { assumeRolePolicy: "[unknown]" }] as const;
    assert.deepEqual(await causes({ one: role, two: role }, ["role-trust", "role-trust-condition"]), [
      "not-evaluated role-trust one: Not evaluated: assumeRolePolicy is not known before deployment (and 1 other: two) (also by role-trust-condition)",
    ]);
  });

  it("keep the worst level, so that the exit code is the same", () => {
    const finding = (policy: string, level: Finding["level"]): Finding => ({
      policy,
      level,
      severity: "high",
      urn: "urn:pulumi:prod::shop::aws:rds/instance:Instance::orders",
      message: "must differ",
    });
    const [advice, mandatory] = [
      finding("database-deletion-protection", "advisory"),
      finding("database-final-snapshot", "mandatory"),
    ];
    const [only, ...more] = byCause([advice, mandatory]);
    assert.deepEqual(
      [only?.level, only?.covers, more],
      ["mandatory", [{ policy: advice.policy, urn: advice.urn }], []],
    );
    assert.ok(hasMandatory(byCause([advice, mandatory])));
  });

  it("know rules of the pack only, each in one cause", () => {
    const names = Object.values(sharedCauses).flat();
    const known = new Set(rules.map(({ name }) => name));
    assert.deepEqual(
      names.filter((name) => !known.has(name)),
      [],
    );
    assert.equal(new Set(names).size, names.length);
  });
});

describe("policy: the command's --each", () => {
  const folder = mkdtempSync(join(tmpdir(), "policy-causes-"));
  after(() => rmSync(folder, { recursive: true }));

  it("lists every finding, which are one for each cause without it", async () => {
    const file = join(folder, "stack.json");
    const key = ["aws:kms/key:Key", {}] as const;
    const { resources } = graphOf({ carts: key, orders: key, users: key });
    writeFileSync(file, JSON.stringify({ deployment: { resources } }));
    const count = async (...args: string[]) => {
      const found: Finding[] = JSON.parse((await runCommand(["--file", file, "--json", ...args])).out!);
      return found.filter(({ policy }) => policy === "key-rotation").map(({ covers = [] }) => covers.length);
    };
    assert.deepEqual(await count(), [2]);
    assert.deepEqual(await count("--each"), [0, 0, 0]);
    const [text, each] = [await runCommand(["--file", file]), await runCommand(["--file", file, "--each"])];
    assert.match(text.out!, /policy: \d+ rules, 1 mandatory, .*; by cause, policy --each lists all 3\n/);
    assert.match(each.out!, /policy: \d+ rules, 3 mandatory, [^;]*\n/);
    const sarif = JSON.parse((await runCommand(["--file", file, "--sarif"])).out!);
    assert.equal(sarif.runs[0].results.length, 3);
  });
});
