import assert from "node:assert/strict";
import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { evaluate } from "../../../graph/policy/evaluate";
import { renderSummary } from "../../../graph/summary/summary";
import { planned, replanned, withExperiments } from "../../conformance/plans";
import { policyConfig } from "../../policy/config";

const regions = ["eu-west-1", "eu-central-1"] as const;
const account = "123456789012";
const templateType = "aws:fis/experimentTemplate:ExperimentTemplate";

describe("experiments", function () {
  // Plans several environments.
  this.timeout(120_000);
  let plan: GraphIndex;
  before(async () => {
    plan = await replanned("prod", withExperiments);
  });

  const named = (type: string, name: string): PlannedResource =>
    plan.ofType(type).find((each) => each.name === name) ?? assert.fail(`no ${type} ${name}`);
  const template = (region: string, id: string) => named(templateType, `${region}-experiments-${id}-template`);
  const statementsOf = (region: string, id: string): any[] =>
    JSON.parse(named("aws:iam/rolePolicy:RolePolicy", `${region}-experiments-${id}-policy`).outputs["policy"])
      .Statement;
  const vpcOf = (region: string) => plan.ofType("awsx:ec2:Vpc").find((each) => each.region === region)!.outputs;
  /** The subnets of the zone of a place in the list of zones, one of each tier. */
  const subnetsOf = (region: string, place: number): string[] =>
    ["public", "private", "isolated"].map(
      (tier) => `arn:aws:ec2:${region}:${account}:subnet/${vpcOf(region)[`${tier}SubnetIds`][place]}`,
    );

  it("do not exist by default", async () => {
    assert.deepEqual((await planned("prod")).ofType(templateType), []);
  });

  it("are one per service with servers and one per zone, in each region, and none for functions", () => {
    const expected = regions.flatMap((region) => [
      ...["food-store", "price-calculator", "shipping"].map(
        (name) => `${region}-experiments-instance-${name}-template`,
      ),
      ...["a", "b", "c"].map((letter) => `${region}-experiments-zone-${region}${letter}-template`),
      ...["dependency", "region"].map((id) => `${region}-experiments-${id}-template`),
    ]);
    assert.deepEqual(
      plan
        .ofType(templateType)
        .map(({ name }) => name)
        .sort(),
      expected.sort(),
    );
    const { experiments } = plan.graph.outputs["edge"]["eu-west-1"];
    assert.match(experiments["zone-eu-west-1a"], /^EXT/);
  });

  it("always end by the alarm of their own region's gateway, are logged, and fail where they find nothing", () => {
    const small = plan.ofType(templateType).filter(({ name }) => /-(instance|zone)-/.test(name));
    assert.equal(small.length, 12);
    for (const { inputs, region, dependencies } of small) {
      const alarm = named("aws:cloudwatch/metricAlarm:MetricAlarm", `${region}-http-errors`);
      assert.deepEqual(inputs["stopConditions"], [{ source: "aws:cloudwatch:alarm", value: alarm.outputs["arn"] }]);
      assert.ok(alarm.inputs["alarmActions"].length > 0);
      const log = named("aws:cloudwatch/logGroup:LogGroup", `${region}-experiments-log`);
      assert.deepEqual(inputs["logConfiguration"], {
        logSchemaVersion: 2,
        cloudwatchLogsConfiguration: { logGroupArn: `${log.outputs["arn"]}:*` },
      });
      assert.deepEqual(inputs["experimentOptions"], {
        accountTargeting: "single-account",
        emptyTargetResolutionMode: "fail",
      });
      // FIS would otherwise start with a role that may do nothing yet.
      assert.ok(dependencies.some((urn) => urn.includes("aws:iam/rolePolicy:RolePolicy")));
    }
  });

  it("run as roles that FIS may assume for experiments of this account and region alone", () => {
    for (const region of regions) {
      const { inputs } = named("aws:iam/role:Role", `${region}-experiments-instance-shipping`);
      assert.deepEqual(JSON.parse(inputs["assumeRolePolicy"]).Statement, [
        {
          Effect: "Allow",
          Principal: { Service: "fis.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": account },
            ArnLike: { "aws:SourceArn": `arn:aws:fis:${region}:${account}:experiment/*` },
          },
        },
      ]);
    }
  });

  it("terminate one running instance of a service, and may terminate no other's", () => {
    for (const service of ["shipping", "price-calculator"]) {
      const { inputs } = template("eu-west-1", `instance-${service}`);
      const tags = { environment: "prod", region: "eu-west-1", service };
      assert.deepEqual(inputs["targets"], [
        {
          name: "server",
          resourceType: "aws:ec2:instance",
          selectionMode: "COUNT(1)",
          resourceTags: Object.entries(tags).map(([key, value]) => ({ key, value })),
          filters: [{ path: "State.Name", values: ["running"] }],
        },
      ]);
      assert.deepEqual(
        inputs["actions"].map(({ actionId, target }: any) => [actionId, target.key]),
        [["aws:ec2:terminate-instances", "Instances"]],
      );
      const [terminate] = statementsOf("eu-west-1", `instance-${service}`);
      assert.deepEqual(terminate, {
        Effect: "Allow",
        Action: ["ec2:TerminateInstances"],
        Resource: `arn:aws:ec2:eu-west-1:${account}:instance/*`,
        Condition: {
          StringEquals: {
            "aws:ResourceTag/environment": "prod",
            "aws:ResourceTag/region": "eu-west-1",
            "aws:ResourceTag/service": service,
          },
        },
      });
    }
  });

  it("find instances by tags that their group or Beanstalk environment gives them", () => {
    const group = named("aws:autoscaling/group:Group", "eu-west-1-shipping-servers");
    const tags = Object.fromEntries(group.inputs["tags"].map(({ key, value }: any) => [key, value]));
    const environment = plan
      .ofType("aws:elasticbeanstalk/environment:Environment")
      .find(({ region }) => region === "eu-west-1")!;
    for (const [service, given] of [
      ["shipping", tags],
      ["price-calculator", environment.inputs["tags"]],
    ] as const) {
      for (const { key, value } of template("eu-west-1", `instance-${service}`).inputs["targets"][0].resourceTags) {
        assert.equal(given[key], value, `${service} ${key}`);
      }
    }
  });

  it("stop one ECS task of a service, found by tags that the ECS service passes on", () => {
    const { inputs } = template("eu-central-1", "instance-food-store");
    const [target] = inputs["targets"];
    assert.equal(target.resourceType, "aws:ecs:task");
    assert.equal(inputs["actions"][0].actionId, "aws:ecs:stop-task");
    const service = named("aws:ecs/service:Service", "eu-central-1-food-store-service");
    assert.equal(service.inputs["propagateTags"], "SERVICE");
    for (const { key, value } of target.resourceTags) assert.equal(service.inputs["tags"][key], value);
  });

  it("cut off every subnet of a zone and no other, and keep Auto Scaling from starting servers there", () => {
    for (const region of regions) {
      for (const [place, letter] of ["a", "b", "c"].entries()) {
        const zone = `${region}${letter}`;
        const { inputs } = template(region, `zone-${zone}`);
        const [subnets, groups] = inputs["targets"];
        assert.deepEqual([...subnets.resourceArns].sort(), subnetsOf(region, place).sort());
        assert.equal(new Set(subnets.resourceArns).size, 3);
        assert.deepEqual(groups.resourceTags, [
          { key: "environment", value: "prod" },
          { key: "region", value: region },
        ]);
        assert.deepEqual(
          inputs["actions"].map(({ actionId, parameters }: any) => [
            actionId,
            Object.fromEntries(parameters.map(({ key, value }: any) => [key, value])),
          ]),
          [
            ["aws:network:disrupt-connectivity", { scope: "all", duration: "PT10M" }],
            [
              "aws:ec2:asg-insufficient-instance-capacity-error",
              { duration: "PT10M", availabilityZoneIdentifiers: zone },
            ],
          ],
        );
      }
    }
  });

  it("may give copies of a network ACL to the subnets of their zone alone", () => {
    const statements = statementsOf("eu-west-1", "zone-eu-west-1b");
    const { vpcId } = vpcOf("eu-west-1");
    const own = { ArnEquals: { "ec2:Vpc": `arn:aws:ec2:eu-west-1:${account}:vpc/${vpcId}` } };
    const replacing = statements.filter(({ Action }) => Action.includes("ec2:ReplaceNetworkAclAssociation"));
    assert.deepEqual(
      replacing.map(({ Resource }) => [Resource].flat().sort()),
      [subnetsOf("eu-west-1", 1).sort(), [`arn:aws:ec2:eu-west-1:${account}:network-acl/*`]],
    );
    assert.deepEqual(replacing[1].Condition, own);
    const filling = statements.find(({ Action }) => Action.includes("ec2:DeleteNetworkAcl"));
    assert.deepEqual(filling.Condition, { ...own, StringEquals: { "aws:ResourceTag/managedByFIS": "true" } });
  });

  it("have no action on Auto Scaling where no service has EC2 instances, which FIS would not find", async () => {
    const tasks = await replanned("prod", (config) => {
      withExperiments(config);
      for (const service of Object.values<any>(config.services)) service.pattern = "ecs";
    });
    const { inputs } = tasks.ofType(templateType).find(({ name }) => name.includes("-zone-"))!;
    assert.equal(inputs["actions"].length, 1);
    assert.equal(inputs["targets"].length, 1);
  });

  it("leave the policy pack nothing to find", async () => {
    const findings = await evaluate(plan.graph, { configOf: policyConfig("prod") });
    assert.deepEqual(
      findings
        .filter(({ urn, level }) => urn.includes("-experiments") && level !== "advisory")
        .map((one) => one.message),
      [],
    );
  });

  it("are named by the plan, by region", () => {
    const line = renderSummary(plan.graph)
      .split("\n")
      .find((each) => each.startsWith("experiments in eu-west-1"));
    assert.equal(
      line,
      "experiments in eu-west-1, each ended by an alarm: dependency, instance-food-store, instance-price-calculator, instance-shipping, region, zone-eu-west-1a, zone-eu-west-1b, zone-eu-west-1c",
    );
  });

  it("tell people when one begins, and when one does not run to its end", () => {
    for (const region of regions) {
      for (const [role, pattern] of [
        ["started", /"experiment-start"/],
        ["ended-early", /"experiment-end" && .*!= "completed"/],
      ] as const) {
        const filter = named("aws:cloudwatch/logMetricFilter:LogMetricFilter", `${region}-experiments-${role}-filter`);
        assert.match(filter.inputs["pattern"], pattern);
        const alarm = named("aws:cloudwatch/metricAlarm:MetricAlarm", `${region}-experiments-${role}`);
        assert.equal(alarm.inputs["metricName"], filter.inputs["metricTransformation"].name);
        assert.equal(alarm.inputs["alarmActions"].length, 1);
      }
    }
  });
});
