import assert from "node:assert/strict";
import { planServices, region, type ServicePlan, serviceSpec } from "../fixture";

const name = `${region}-food-store`;
const fn = "aws:lambda/function:Function";

describe("LambdaService", () => {
  let plan: ServicePlan;
  before(async () => {
    plan = await planServices([serviceSpec("lambda")]);
  });
  const handler = () => plan.index.ofType(fn).find((resource) => resource.name === `${name}-function`)!;

  it("publishes a version of the artifact for arm64, with a limit on time and on concurrency", () => {
    const inputs = plan.named(fn, `${name}-function`);
    assert.deepEqual(inputs["code"], { archive: ".artifacts/food-store" });
    assert.equal(inputs["handler"], "handler.handler");
    assert.deepEqual(inputs["architectures"], ["arm64"]);
    assert.equal(inputs["publish"], true);
    assert.equal(inputs["timeout"], 12);
    assert.equal(inputs["memorySize"], 512);
    assert.equal(inputs["reservedConcurrentExecutions"], 20);
    assert.deepEqual(inputs["tracingConfig"], { mode: "Active" });
  });

  it("logs into its own group, which exists first", () => {
    const group = plan.index.ofType("aws:cloudwatch/logGroup:LogGroup").find((each) => each.name === `${name}-logs`)!;
    assert.equal(handler().inputs["loggingConfig"].logGroup, group.outputs["name"]);
    assert.ok(handler().dependencies.includes(group.urn));
  });

  it("is invoked through its alias, which also stands for the one that streams where no route does", () => {
    const alias = plan.index.one("aws:lambda/alias:Alias", {}).outputs["arn"];
    const backend = plan.graph.outputs["food-store"];
    assert.equal(backend.aliasArn, alias);
    assert.equal(alias, `${handler().outputs["arn"]}:live`);
    assert.equal(backend.streamingAliasArn, alias);
  });

  it("keeps executions warm at its alias and scales them up to the reservation", () => {
    const warm = plan.inputs("aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig");
    assert.deepEqual([warm["qualifier"], warm["provisionedConcurrentExecutions"]], ["live", 2]);
    const target = plan.inputs("aws:appautoscaling/target:Target");
    assert.equal(target["resourceId"], `function:${handler().outputs["name"]}:live`);
    assert.deepEqual([target["minCapacity"], target["maxCapacity"]], [2, 20]);
    const policy = plan.inputs("aws:appautoscaling/policy:Policy")["targetTrackingScalingPolicyConfiguration"];
    assert.equal(policy.targetValue, 0.7);
  });

  it("reserves nothing and keeps nothing warm where config does not ask for it, as a new account must", async () => {
    for (const functions of [{}, { provisionedConcurrency: 0 }]) {
      const plain = await planServices([serviceSpec("lambda", { functions })]);
      assert.equal(plain.index.ofType("aws:appautoscaling/target:Target").length, 0);
      assert.equal(
        plain.index.ofType("aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig").length,
        0,
      );
      const reserved = plain.index.ofType(fn).map(({ inputs }) => inputs["reservedConcurrentExecutions"]);
      assert.deepEqual(reserved, [undefined, undefined]);
    }
  });

  it("reserves for the releaser too where config reserves", () => {
    assert.equal(plan.named(fn, `${name}-canary-releaser`)["reservedConcurrentExecutions"], 1);
  });

  it("scales warm executions without a reservation to ten times the fewest", async () => {
    const warm = await planServices([serviceSpec("lambda", { functions: { provisionedConcurrency: 3 } })]);
    const target = warm.inputs("aws:appautoscaling/target:Target");
    assert.deepEqual([target["minCapacity"], target["maxCapacity"]], [3, 30]);
  });
});

describe("Canary", () => {
  let plan: ServicePlan;
  before(async () => {
    plan = await planServices([serviceSpec("lambda")]);
  });

  it("gives a new version a tenth of the traffic for five minutes, and takes it back on alarm or failure", () => {
    const group = plan.inputs("aws:codedeploy/deploymentGroup:DeploymentGroup");
    assert.equal(group["deploymentConfigName"], "CodeDeployDefault.LambdaCanary10Percent5Minutes");
    assert.deepEqual(group["autoRollbackConfiguration"], {
      enabled: true,
      events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"],
    });
    const alarm = plan.index.one("aws:cloudwatch/metricAlarm:MetricAlarm", {});
    assert.deepEqual(group["alarmConfiguration"], { enabled: true, alarms: [alarm.outputs["name"]] });
    const handler = plan.named(fn, `${name}-function`);
    assert.ok(handler);
    const { dimensions } = alarm.inputs["metricQueries"][0].metric;
    assert.equal(dimensions.Resource, `${dimensions.FunctionName}:live`);
  });

  it("is started once per published version, after everything it needs", () => {
    const release = plan.index.one("aws:lambda/invocation:Invocation", {});
    assert.deepEqual(release.inputs["triggers"], { version: "1" });
    const input = JSON.parse(release.inputs["input"]);
    const output = (type: string, key: string) => plan.index.one(type, {}).outputs[key];
    assert.deepEqual(input, {
      functionName: output("aws:lambda/alias:Alias", "functionName"),
      alias: "live",
      version: "1",
      application: output("aws:codedeploy/application:Application", "name"),
      group: "live",
    });
    const urns = [
      plan.index.one("aws:codedeploy/deploymentGroup:DeploymentGroup", {}).urn,
      plan.index.one("aws:lambda/alias:Alias", {}).urn,
    ];
    for (const urn of urns) assert.ok(release.dependencies.includes(urn), urn);
  });

  it("lets the starter start this one release and nothing else", () => {
    const policy = JSON.parse(
      plan.named("aws:iam/rolePolicy:RolePolicy", `${name}-canary-releaser-role-policy`)["policy"],
    );
    const actions = policy.Statement.flatMap(({ Action }: any) => Action).sort();
    assert.deepEqual(actions, [
      "codedeploy:CreateDeployment",
      "codedeploy:GetApplicationRevision",
      "codedeploy:GetDeploymentConfig",
      "codedeploy:RegisterApplicationRevision",
      "lambda:GetAlias",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
    ]);
  });
});
