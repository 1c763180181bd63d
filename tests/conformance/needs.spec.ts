import assert from "node:assert/strict";
import { capture } from "../../graph/capture/capture";
import type { PlannedResource } from "../../graph/model";
import { readPolicyConfig } from "../../graph/policy/config";
import { evaluate } from "../../graph/policy/evaluate";
import { PrivateAlb } from "../../infra/balancer/private-alb";
import { type Ingress, ingressNames } from "../../infra/compute/pattern";
import { computePatterns, type PatternName, patternNames } from "../../infra/compute/registry";
import { routeCallerApp } from "../../infra/compute/route-caller";
import { createSchedules } from "../../infra/compute/schedules";
import { createGrants } from "../../infra/compute/service-grants";
import type { TableOutputs } from "../../infra/contract/layer-outputs";
import type { NeedsSpec } from "../../infra/contract/service";
import { PrivateBucket } from "../../infra/security/private-bucket";
import { account, network, patternInputs, region, ServicePlan, serviceSpec, tableArn } from "../infra/compute/fixture";
import { ofType, readers, statementsOf } from "../infra/compute/readers";

/** Every pattern, and every way a gateway reaches it. */
const variants = patternNames.flatMap((pattern): { pattern: PatternName; ingress: Ingress }[] =>
  (pattern === "ecs" ? ingressNames : (["cloudmap"] as const)).map((ingress) => ({ pattern, ingress })),
);

const hourly = { id: "tidy", every: "rate(1 hour)", method: "POST", path: "/food-store/tidy" } as const;
const none = { variables: {}, secrets: [], egress: [], schedules: [] };
const all: NeedsSpec = {
  ...none,
  bucket: { expireAfterDays: 7 },
  tables: { "kept-prices": { hashKey: "id", expires: true } },
  schedules: [hourly, { ...hourly, id: "often", every: "rate(2 minutes)" }],
};
const alarmTopicArn = `arn:aws:sns:${region}:${account}:alarms`;
const schedule = "aws:scheduler/schedule:Schedule";

/** Plans one service with its needs, beside what a region shares. */
async function planNeeds(
  { pattern, ingress }: (typeof variants)[number],
  needs: NeedsSpec,
  inNetwork = network,
): Promise<ServicePlan> {
  const service = serviceSpec(pattern, { ingress });
  const name = `${region}-${service.name}`;
  const caller = { hash: "cd".repeat(32), directory: ".artifacts/caller", runtime: "node" } as const;
  const artifacts = { [routeCallerApp]: caller };
  const graph = await capture(() => {
    const log = { region, logRetentionDays: 30, protection: true };
    const balancer = new PrivateAlb(`${region}-balancer`, { network, account, ...log }).outputs;
    const artifactBucket = new PrivateBucket(`${region}-artifacts`, { keepOldVersionsDays: 30, protection: true }).name;
    const tables: Readonly<Record<string, TableOutputs>> =
      needs.tables === undefined ? {} : { "kept-prices": { name: "kept", arn: tableArn("kept") } };
    const grants = createGrants(
      name,
      { environment: "prod", region, account, service: service.name, needs, tables, protection: true },
      {},
    );
    const inputs = patternInputs(service, { balancer, artifactBucket, grants, network: inNetwork });
    const running = computePatterns[pattern].create(name, inputs);
    createSchedules(name, { ...inputs, needs, running, artifacts }, {});
    return {};
  });
  return new ServicePlan(graph);
}

for (const variant of variants) {
  const { pattern, ingress } = variant;
  describe(`needs under ${pattern}${pattern === "ecs" ? ` by ${ingress}` : ""}`, () => {
    let plan: ServicePlan;
    let resources: readonly PlannedResource[];
    const bucketName = () => plan.named("aws:s3/bucket:Bucket", `${region}-food-store-objects-bucket`);
    const outputsOf = (type: string, name: string) =>
      plan.index.ofType(type).find((each) => each.name === `${region}-food-store-${name}`)!.outputs;
    before(async () => {
      plan = await planNeeds(variant, all);
      resources = plan.graph.resources;
    });

    it("make nothing where a contract has none", async () => {
      const without = await planNeeds(variant, none);
      const { env } = readers[pattern](without);
      assert.deepEqual([env["BUCKET"], env["TABLE_KEPT_PRICES"]], [undefined, undefined]);
      const names = without.graph.resources.map(({ name }) => name);
      assert.deepEqual(
        names.filter((name) => /-(objects|schedules)/.test(name)),
        [],
      );
    });

    it("give the service its bucket by the variable BUCKET, and its role the objects of that bucket alone", () => {
      const { arn, bucket } = outputsOf("aws:s3/bucket:Bucket", "objects-bucket");
      assert.equal(readers[pattern](plan).env["BUCKET"], bucket);
      const own = statementsOf(resources).filter(({ Resource }) =>
        Resource.some((each: string) => each.startsWith(arn)),
      );
      assert.deepEqual(own, [
        { Effect: "Allow", Action: ["s3:ListBucket"], Resource: [arn] },
        { Effect: "Allow", Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], Resource: [`${arn}/*`] },
      ]);
    });

    it("give the service its tables by variables, and its role single items of them", () => {
      assert.equal(readers[pattern](plan).env["TABLE_KEPT_PRICES"], "kept");
      const own = statementsOf(resources).filter(({ Resource }) => Resource.includes(tableArn("kept")));
      const actions = ["GetItem", "PutItem"].map((action) => `dynamodb:${action}`);
      assert.deepEqual(own, [{ Effect: "Allow", Action: actions, Resource: [tableArn("kept")] }]);
    });

    it("keep the bucket private and protected, and delete objects, old versions and parts", () => {
      assert.equal(bucketName()["forceDestroy"], false);
      const found = ofType(resources, "aws:s3/bucket:Bucket").find(({ name }) => name.includes("objects"))!;
      assert.equal(found.protect, true);
      const [rule] = plan.named(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        `${region}-food-store-objects-lifecycle`,
      )["rules"];
      assert.deepEqual(
        [rule.expiration, rule.noncurrentVersionExpiration, rule.abortIncompleteMultipartUpload],
        [{ days: 7 }, { noncurrentDays: 7 }, { daysAfterInitiation: 7 }],
      );
    });

    it("invoke one function by the clock, with the request, bounded retries and a queue for what fails", () => {
      const queue = outputsOf("aws:sqs/queue:Queue", "schedules-failed");
      const target =
        pattern === "lambda"
          ? outputsOf("aws:lambda/alias:Alias", "alias")
          : outputsOf("aws:lambda/function:Function", "schedules-caller-function");
      const schedules = ofType(resources, schedule).map(({ inputs }) => inputs);
      assert.deepEqual(
        schedules.map((each) => [each["scheduleExpression"], each["flexibleTimeWindow"]]),
        [
          ["rate(2 minutes)", { mode: "OFF" }],
          ["rate(1 hour)", { maximumWindowInMinutes: 5, mode: "FLEXIBLE" }],
        ],
      );
      for (const inputs of schedules) {
        const { arn, input, retryPolicy, deadLetterConfig } = inputs["target"];
        assert.equal(arn, target["arn"]);
        const { schedule: run } = JSON.parse(input);
        assert.deepEqual([run.method, run.path, run.run], ["POST", "/food-store/tidy", "<aws.scheduler.execution-id>"]);
        assert.deepEqual(retryPolicy, { maximumEventAgeInSeconds: 900, maximumRetryAttempts: 2 });
        assert.deepEqual(deadLetterConfig, { arn: queue["arn"] });
      }
      const runs = plan.inputs("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig");
      assert.equal(runs["destinationConfig"].onFailure.destination, queue["arn"]);
      assert.equal(runs["maximumRetryAttempts"], 2);
      assert.equal(runs["qualifier"], pattern === "lambda" ? "live" : undefined);
      const senders = statementsOf(resources).filter(({ Action }) => Action.includes("sqs:SendMessage"));
      assert.deepEqual(
        senders.map(({ Resource }) => Resource),
        [[queue["arn"]], [queue["arn"]]],
      );
    });

    it("let EventBridge Scheduler invoke that function only, for the group of this account", () => {
      const group = outputsOf("aws:scheduler/scheduleGroup:ScheduleGroup", "schedules-group");
      const role = plan.named("aws:iam/role:Role", `${region}-food-store-schedules-role`);
      const [trust] = JSON.parse(role["assumeRolePolicy"]).Statement;
      assert.deepEqual(trust.Condition, {
        StringEquals: { "aws:SourceAccount": account },
        ArnLike: { "aws:SourceArn": group["arn"] },
      });
      const [{ target }] = ofType(resources, schedule).map(({ inputs }) => inputs) as [any];
      const invoke = statementsOf(resources).filter(
        ({ Action, Resource }) => Action.includes("lambda:InvokeFunction") && Resource.includes(target.arn),
      );
      assert.equal(invoke.length, 1);
      const permissions = ofType(resources, "aws:lambda/permission:Permission");
      assert.deepEqual(permissions, []);
    });

    it("notify the topic while the queue has a run in it", () => {
      const alarm = plan.named("aws:cloudwatch/metricAlarm:MetricAlarm", `${region}-food-store-schedules-failed-alarm`);
      const queue = outputsOf("aws:sqs/queue:Queue", "schedules-failed");
      assert.deepEqual(alarm["dimensions"], { QueueName: queue["name"] });
      assert.deepEqual([alarm["threshold"], alarm["alarmActions"]], [0, [alarmTopicArn]]);
    });

    it("open the way from the function that calls servers to them, and no other", () => {
      const functions = ofType(resources, "aws:lambda/function:Function").filter(({ name }) => name.includes("caller"));
      if (pattern === "lambda") return assert.deepEqual(functions, []);
      const { vpcConfig, environment, replacementSecurityGroupIds } = functions[0]!.inputs;
      const group = outputsOf("aws:ec2/securityGroup:SecurityGroup", "schedules-caller-group")["id"];
      assert.deepEqual(vpcConfig, { securityGroupIds: [group], subnetIds: network.privateSubnetIds });
      assert.deepEqual(replacementSecurityGroupIds, [network.functionSecurityGroupId]);
      const out = ofType(resources, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
        .map(({ inputs }) => inputs)
        .filter(({ securityGroupId }) => securityGroupId === group);
      const discovered = pattern === "ecs" && ingress === "cloudmap";
      const balancer = plan.named("aws:ec2/securityGroup:SecurityGroup", `${region}-balancer-group`);
      assert.ok(balancer);
      const to = discovered
        ? outputsOf("aws:ec2/securityGroup:SecurityGroup", "group")["id"]
        : plan.index
            .ofType("aws:ec2/securityGroup:SecurityGroup")
            .find(({ name }) => name === `${region}-balancer-group`)!.outputs["id"];
      const ways = out.map((each) => [each["referencedSecurityGroupId"] ?? each["cidrIpv4"], each["fromPort"]]);
      assert.deepEqual(ways, [...(discovered ? [["0.0.0.0/0", 443]] : []), [to, 8081]]);
      const names = Object.keys(environment.variables);
      const listener = pattern === "beanstalk" ? ["BASE_URL", "HOST_NAME"] : ["BASE_URL"];
      assert.deepEqual(names, discovered ? ["DISCOVERY_NAMESPACE", "DISCOVERY_SERVICE"] : listener);
      const discover = statementsOf(resources).filter(({ Action }) =>
        Action.includes("servicediscovery:DiscoverInstances"),
      );
      assert.equal(discover.length, discovered ? 1 : 0);
      for (const { Condition } of discover) {
        assert.deepEqual(Condition, {
          StringEquals: {
            "servicediscovery:NamespaceName": network.namespace.name,
            "servicediscovery:ServiceName": "food-store",
          },
        });
      }
    });

    it("let that function reach the VPC's endpoints only, where there are some", async () => {
      const storagePrefixLists = { s3: "pl-s3", dynamodb: "pl-dynamodb" };
      const closed = await planNeeds(variant, all, { ...network, storagePrefixLists });
      const https = ofType(closed.graph.resources, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
        .filter(({ name }) => name.includes("schedules-caller-https"))
        .map(({ inputs }) => [inputs["cidrIpv4"], inputs["fromPort"], inputs["toPort"]]);
      const discovered = pattern === "ecs" && ingress === "cloudmap";
      assert.deepEqual(https, discovered ? [["10.0.0.0/16", 443, 443]] : []);
    });

    it("satisfy every mandatory rule of the policy pack", async () => {
      // The zones of the fixture's subnets are not planned, so that no rule can look at them.
      const found = (await evaluate(plan.graph, { configOf: readPolicyConfig("prod") })).filter(
        ({ urn, level, message }) =>
          level !== "advisory" && /-(objects|schedules)/.test(urn) && !/the zone of 3 of its subnets/.test(message),
      );
      assert.deepEqual(
        found.map(({ message }) => message),
        [],
      );
    });
  });
}
