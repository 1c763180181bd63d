import assert from "node:assert/strict";
import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { FAILOVER_SECONDS } from "../../../infra/dns/failover-time";
import { inTargets } from "../../../infra/experiments/fault";
import { replanned } from "../../conformance/plans";

const regions = ["eu-west-1", "eu-central-1"] as const;
const account = "123456789012";
const templateType = "aws:fis/experimentTemplate:ExperimentTemplate";

describe("experiments of a region", function () {
  this.timeout(120_000);
  let plan: GraphIndex;
  before(async () => {
    plan = await replanned("prod", (config) => {
      config.experiments = { minutes: 15, dependency: true, region: true };
    });
  });

  const named = (type: string, name: string): PlannedResource =>
    plan.ofType(type).find((each) => each.name === name) ?? assert.fail(`no ${type} ${name}`);
  const template = (region: string, id: string) => named(templateType, `${region}-experiments-${id}-template`).inputs;
  const actionsOf = (region: string, id: string): any[] =>
    template(region, id)["actions"].map(({ actionId, parameters, target }: any) => ({
      actionId,
      on: target.value,
      ...Object.fromEntries(parameters.map(({ key, value }: any) => [key, value])),
    }));
  const privateSubnets = (region: string) =>
    plan
      .ofType("awsx:ec2:Vpc")
      .find((each) => each.region === region)!
      .outputs["privateSubnetIds"].map((id: string) => `arn:aws:ec2:${region}:${account}:subnet/${id}`);

  it("are two in each region, without those of servers and zones", () => {
    assert.deepEqual(
      plan
        .ofType(templateType)
        .map(({ name }) => name)
        .sort(),
      regions.flatMap((region) => ["dependency", "region"].map((id) => `${region}-experiments-${id}-template`)).sort(),
    );
  });

  it("drop what servers of every zone send to DynamoDB, and nothing else", () => {
    for (const region of regions) {
      assert.deepEqual(actionsOf(region, "dependency"), [
        { actionId: "aws:network:disrupt-connectivity", on: "servers", scope: "dynamodb", duration: "PT15M" },
      ]);
      const [target, ...more] = template(region, "dependency")["targets"];
      assert.deepEqual(more, []);
      assert.deepEqual(target.resourceArns, privateSubnets(region));
    }
  });

  it("cut off all servers of a region, and pause the replication of each of its tables as that region has it", () => {
    const names = plan.ofType("aws:dynamodb/table:Table").filter(({ inputs }) => inputs["replicas"]?.length > 0);
    assert.ok(names.length >= 5);
    for (const region of regions) {
      const [servers, ...tables] = template(region, "region")["targets"];
      assert.deepEqual(servers.resourceArns, privateSubnets(region));
      const paused = tables.flatMap(({ resourceArns }: any) => resourceArns);
      const expected = names.map(
        ({ outputs }) => `arn:aws:dynamodb:${region}:${account}:table/${String(outputs["arn"]).split("/").at(-1)}`,
      );
      assert.deepEqual([...paused].sort(), expected.sort());
      assert.ok(tables.every(({ resourceArns }: any) => resourceArns.length <= 5));
      const [cut, ...pauses] = actionsOf(region, "region");
      assert.deepEqual([cut.scope, cut.on, cut.duration], ["all", "servers", "PT15M"]);
      assert.deepEqual(
        pauses.map(({ actionId, on, duration }) => [actionId, on, duration]),
        tables.map(({ name }: any) => ["aws:dynamodb:global-table-pause-replication", name, "PT15M"]),
      );
    }
  });

  it("may write the policies of the region's own tables and streams alone", () => {
    const policy = named("aws:iam/rolePolicy:RolePolicy", "eu-central-1-experiments-region-policy").outputs["policy"];
    const statements: any[] = JSON.parse(policy).Statement;
    const writing = statements.filter(({ Action }) => Action.includes("dynamodb:PutResourcePolicy"));
    assert.equal(writing.length, 1);
    for (const arn of writing[0].Resource) {
      assert.match(arn, /^arn:aws:dynamodb:eu-central-1:123456789012:table\/[\w-]+(\/stream\/\*)?$/);
    }
  });

  it("end when clients get errors for longer than failover takes, probes apart, and by no alarm that they set off", () => {
    for (const region of regions) {
      const alarm = named("aws:cloudwatch/metricAlarm:MetricAlarm", `${region}-experiments-not-moved`);
      for (const id of ["dependency", "region"]) {
        assert.deepEqual(template(region, id)["stopConditions"], [
          { source: "aws:cloudwatch:alarm", value: alarm.outputs["arn"] },
        ]);
      }
      const { evaluationPeriods, datapointsToAlarm, period } = alarm.inputs;
      assert.equal(datapointsToAlarm, evaluationPeriods);
      assert.ok(evaluationPeriods * period >= FAILOVER_SECONDS + 60);
      // It can go off before the shortest experiment is over.
      assert.ok(evaluationPeriods * period < 5 * 60);
      const filter = named("aws:cloudwatch/logMetricFilter:LogMetricFilter", `${region}-experiments-not-moved-filter`);
      assert.equal(filter.inputs["pattern"], '{ $.status = "5*" && $.routeKey != "*/healthz/region" }');
      assert.equal(
        filter.inputs["logGroupName"],
        named("aws:cloudwatch/logGroup:LogGroup", `${region}-http-access`).outputs["name"],
      );
      assert.equal(alarm.inputs["metricName"], filter.inputs["metricTransformation"].name);
    }
  });

  it("leave out of that alarm the paths that Route 53 asks for, by the fields that the access log has", () => {
    const checks = plan
      .ofType("aws:route53/healthCheck:HealthCheck")
      .flatMap(({ inputs }) => inputs["resourcePath"] ?? []);
    assert.ok(checks.length > 0);
    for (const path of checks) assert.match(path, /\/healthz\/region$/);
    const { format } = named("aws:apigatewayv2/stage:Stage", "eu-west-1-http-stage").inputs["accessLogSettings"];
    assert.equal(JSON.parse(format).routeKey, "$context.routeKey");
    assert.equal(JSON.parse(format).status, "$context.status");
  });

  it("put at most five ARNs into a target", () => {
    assert.deepEqual(inTargets([]), []);
    assert.deepEqual(inTargets([1, 2, 3, 4, 5]), [[1, 2, 3, 4, 5]]);
    assert.deepEqual(inTargets([1, 2, 3, 4, 5, 6]), [[1, 2, 3, 4, 5], [6]]);
  });
});
