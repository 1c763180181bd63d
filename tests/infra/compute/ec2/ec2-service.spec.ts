import assert from "node:assert/strict";
import { planServices, type ServicePlan, serviceSpec } from "../fixture";

const group = "aws:autoscaling/group:Group";
const template = "aws:ec2/launchTemplate:LaunchTemplate";

describe("Ec2Service", () => {
  let plan: ServicePlan;
  before(async () => {
    plan = await planServices([serviceSpec("ec2")]);
  });

  it("launches numbered versions of its template, as $Latest neither starts nor undoes a refresh", () => {
    const { launchTemplate } = plan.inputs(group)["mixedInstancesPolicy"];
    assert.deepEqual(launchTemplate.launchTemplateSpecification, {
      launchTemplateId: plan.index.one(template, {}).outputs["id"],
      version: "1",
    });
  });

  it("has a second and a third instance type for when the first is sold out", () => {
    const types = plan.inputs(group)["mixedInstancesPolicy"].launchTemplate.overrides;
    assert.deepEqual(
      types.map(({ instanceType }: any) => instanceType),
      ["t4g.small", "t4g.medium", "c7g.medium"],
    );
  });

  it("replaces servers without losing any, watches an alarm, and goes back", () => {
    const { strategy, preferences } = plan.inputs(group)["instanceRefresh"];
    assert.equal(strategy, "Rolling");
    assert.equal(preferences.minHealthyPercentage, 100);
    assert.deepEqual([preferences.skipMatching, preferences.autoRollback], [true, true]);
    const alarm = plan.index.one("aws:cloudwatch/metricAlarm:MetricAlarm", {}).outputs["name"];
    assert.deepEqual(preferences.alarmSpecification.alarms, [alarm]);
    assert.deepEqual(plan.inputs(group)["instanceMaintenancePolicy"], {
      minHealthyPercentage: 100,
      maxHealthyPercentage: 150,
    });
  });

  it("calls it a bad deployment when more than 5 % of at least 20 requests a minute fail, twice in three minutes", () => {
    const alarm = plan.inputs("aws:cloudwatch/metricAlarm:MetricAlarm");
    const queries = Object.fromEntries(alarm["metricQueries"].map((query: any) => [query.id, query]));
    assert.equal(queries.requests.metric.metricName, "RequestCount");
    assert.equal(queries.errors.metric.metricName, "HTTPCode_Target_5XX_Count");
    assert.equal(queries.rate.expression, "IF(requests >= 20, 100 * FILL(errors, 0) / requests, 0)");
    assert.deepEqual(
      [alarm["comparisonOperator"], alarm["threshold"], alarm["datapointsToAlarm"], alarm["evaluationPeriods"]],
      ["GreaterThanThreshold", 5, 2, 3],
    );
  });

  it("starts from an image named by its id: a parameter would exclude rollback and skipped servers", () => {
    assert.match(plan.inputs(template)["imageId"], /^ami-[0-9a-f]{17}$/);
  });

  it("shows the release of the image in a tag of the template and of each server", async () => {
    assert.equal(plan.inputs(template)["tags"]["image-release"], "2023.12.20261012.0");
    assert.deepEqual(plan.inputs(group)["tags"], [
      { key: "Name", value: "eu-west-1-food-store", propagateAtLaunch: true },
      { key: "image-release", value: "2023.12.20261012.0", propagateAtLaunch: true },
    ]);
  });

  it("starts from the region's own image where configuration names one, whose release is not known", async () => {
    const own = await planServices([serviceSpec("ec2")], { machineImage: "ami-0123456789abcdef0" });
    assert.equal(own.inputs(template)["imageId"], "ami-0123456789abcdef0");
    assert.deepEqual(own.inputs(template)["tags"], {});
    assert.deepEqual(
      own.inputs(group)["tags"].map(({ key }: any) => key),
      ["Name"],
    );
    assert.equal(own.inputs(group)["instanceRefresh"].preferences.autoRollback, true);
  });

  it("believes the balancer about health, after the time a server needs to start", () => {
    const inputs = plan.inputs(group);
    assert.equal(inputs["healthCheckType"], "ELB");
    assert.equal(inputs["healthCheckGracePeriod"], 180);
    assert.equal(inputs["defaultInstanceWarmup"], 180);
    assert.deepEqual(inputs["targetGroupArns"], [plan.index.one("aws:lb/targetGroup:TargetGroup", {}).outputs["arn"]]);
  });

  it("takes metadata by session tokens only, one hop away, and encrypts its disk", () => {
    const inputs = plan.inputs(template);
    assert.deepEqual(inputs["metadataOptions"], {
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    });
    assert.equal(inputs["blockDeviceMappings"][0].ebs.encrypted, "true");
    assert.equal(inputs["blockDeviceMappings"][0].ebs.volumeType, "gp3");
    assert.equal(inputs["networkInterfaces"][0].associatePublicIpAddress, "false");
    assert.equal(inputs["keyName"], undefined);
  });

  it("scales on CPU below the lost-zone cap, and on requests a minute by the balancer's label", () => {
    const targets = plan.index
      .ofType("aws:autoscaling/policy:Policy")
      .map(({ inputs }) => inputs["targetTrackingConfiguration"]);
    const suffix = (type: string) => plan.index.one(type, {}).outputs["arnSuffix"];
    const label = `${suffix("aws:lb/loadBalancer:LoadBalancer")}/${suffix("aws:lb/targetGroup:TargetGroup")}`;
    assert.match(label, /^app\/[^/]+\/[0-9a-f]{16}\/targetgroup\/[^/]+\/[0-9a-f]{16}$/);
    assert.deepEqual(targets, [
      { predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" }, targetValue: 60 },
      {
        predefinedMetricSpecification: { predefinedMetricType: "ALBRequestCountPerTarget", resourceLabel: label },
        targetValue: 6_000,
      },
    ]);
  });

  it("reads its own artifacts only, and keeps old ones for a rollback", () => {
    const object = plan.index.one("aws:s3/bucketObjectv2:BucketObjectv2", {});
    assert.equal(object.inputs["key"], `food-store/${"ab".repeat(32)}.zip`);
    assert.deepEqual(object.inputs["source"], { archive: ".artifacts/food-store" });
    const policy = plan.inputs("aws:iam/rolePolicy:RolePolicy")["policy"];
    assert.ok(policy.includes(`"arn:aws:s3:::${object.inputs["bucket"]}/food-store/*"`));
  });
});
