import assert from "node:assert/strict";
import { beanstalkSettings } from "../../../../infra/compute/beanstalk/settings";
import { account, planServices, region, type ServicePlan, serviceSpec } from "../fixture";
import { settingsOf } from "../readers";

const args = {
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  securityGroupId: "sg-1",
  loadBalancerArn: "arn:lb",
  balancerGroupId: "sg-balancer",
  listenerPort: 8083,
  instanceTypes: ["t4g.small", "t4g.medium"],
  instanceProfile: "profile",
  serviceRole: "arn:role",
  minServers: 4,
  maxServers: 8,
  cpuPercent: 45,
  logRetentionDays: 30,
  secrets: {},
  variables: { PORT: "8083", LOG_LEVEL: "info" },
  port: 80,
  managedUpdates: true,
};

describe("settings of a Beanstalk environment", () => {
  const settings = beanstalkSettings(args);
  const keys = settings.map(({ namespace, name }) => `${namespace} ${name}`);

  it("are sorted, unique, text, and have an empty resource, or Beanstalk shows changes for ever", () => {
    const byNamespaceThenName = (a: (typeof settings)[number], b: (typeof settings)[number]) =>
      a.namespace === b.namespace ? (a.name < b.name ? -1 : 1) : a.namespace < b.namespace ? -1 : 1;
    assert.deepEqual(settings, [...settings].sort(byNamespaceThenName));
    assert.equal(new Set(keys).size, keys.length);
    for (const { value, resource } of settings) {
      assert.equal(typeof value, "string");
      assert.equal(resource, "");
    }
  });

  it("do not depend on the order of the environment", () => {
    assert.deepEqual(
      beanstalkSettings({ ...args, secrets: {}, variables: { LOG_LEVEL: "info", PORT: "8083" } }),
      settings,
    );
  });

  it("say together that the balancer is the platform's", () => {
    const value = (namespace: string, name: string) =>
      settings.find((setting) => setting.namespace === namespace && setting.name === name)?.value;
    const environment = "aws:elasticbeanstalk:environment";
    assert.deepEqual(
      ["EnvironmentType", "LoadBalancerType", "LoadBalancerIsShared"].map((name) => value(environment, name)),
      ["LoadBalanced", "application", "true"],
    );
    assert.equal(value("aws:elbv2:loadbalancer", "SharedLoadBalancer"), "arn:lb");
    assert.equal(value("aws:elbv2:loadbalancer", "SecurityGroups"), "sg-balancer");
    assert.equal(value("aws:elbv2:listener:8083", "Rules"), "all");
    assert.equal(value("aws:elbv2:listenerrule:all", "PathPatterns"), "/*");
  });

  it("give the shared listener nothing but rules, as AWS refuses the rest", () => {
    assert.deepEqual(
      keys.filter((key) => key.startsWith("aws:elbv2:listener:")),
      ["aws:elbv2:listener:8083 Rules"],
    );
    assert.ok(!keys.some((key) => key.includes("AccessLogs") || key.startsWith("aws:elbv2:listener:default")));
  });

  it("name no key pair, no public address and no second metadata service", () => {
    assert.ok(!keys.some((key) => key.endsWith("EC2KeyName")));
    const values = Object.fromEntries(settings.map(({ name, value }) => [name, value]));
    assert.equal(values["AssociatePublicIpAddress"], "false");
    assert.equal(values["DisableIMDSv1"], "true");
    assert.equal(values["DisableDefaultEC2SecurityGroup"], "true");
  });
});

describe("BeanstalkService", () => {
  let plan: ServicePlan;
  before(async () => {
    plan = await planServices([serviceSpec("beanstalk")]);
  });

  it("runs the version of the artifact", () => {
    const environment = plan.inputs("aws:elasticbeanstalk/environment:Environment");
    assert.equal(environment["version"], "food-store-abababababab");
    const version = plan.inputs("aws:elasticbeanstalk/applicationVersion:ApplicationVersion");
    assert.equal(version["key"], `food-store/${"ab".repeat(32)}.zip`);
  });

  it("starts from the newest platform of its Node.js, and leaves newer ones to managed updates", () => {
    const [environment] = plan.index.ofType("aws:elasticbeanstalk/environment:Environment");
    assert.equal(environment!.inputs["solutionStackName"], "64bit Amazon Linux 2023 v6.7.1 running Node.js 22");
    assert.deepEqual(environment!.ignoreChanges, ["solutionStackName"]);
    const settings = settingsOf(plan);
    assert.equal(settings["aws:elasticbeanstalk:managedactions ManagedActionsEnabled"], "true");
    assert.equal(settings["aws:elasticbeanstalk:managedactions:platformupdate UpdateLevel"], "minor");
  });

  it("runs exactly a pinned platform, without managed updates, and takes another one", async () => {
    const pinned = "64bit Amazon Linux 2023 v6.6.1 running Node.js 22";
    const other = await planServices([serviceSpec("beanstalk")], { beanstalkPlatform: pinned });
    const [environment] = other.index.ofType("aws:elasticbeanstalk/environment:Environment");
    assert.equal(environment!.inputs["solutionStackName"], pinned);
    assert.deepEqual(environment!.ignoreChanges, []);
    const updates = Object.entries(settingsOf(other)).filter(([key]) => key.includes(":managedactions"));
    assert.deepEqual(updates, [["aws:elasticbeanstalk:managedactions ManagedActionsEnabled", "false"]]);
  });

  it("hands out the one host that Beanstalk's rule matches, and names the balancer's own group", () => {
    const [environment] = plan.index.ofType("aws:elasticbeanstalk/environment:Environment");
    const { host, securityGroupId } = plan.graph.outputs["food-store"];
    assert.match(host, /^eu-west-1-food-store-env-[0-9a-f]{7}\.eba-[a-z]{8}\.us-east-1\.elasticbeanstalk\.com$/);
    assert.equal(host, environment?.outputs["cname"]);
    assert.equal(settingsOf(plan)["aws:elbv2:loadbalancer SecurityGroups"], securityGroupId);
  });

  it("answers 503 on its listener until Beanstalk's rule is there", () => {
    const listener = plan.inputs("aws:lb/listener:Listener");
    assert.equal(listener["port"], 8081);
    assert.equal(listener["defaultActions"][0].type, "fixed-response");
    assert.equal(listener["defaultActions"][0].fixedResponse.statusCode, "503");
  });

  it("admits the balancer to nginx on port 80, and nothing else to anything", () => {
    const rules = plan.index.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    const balancer = plan.graph.outputs["food-store"].securityGroupId;
    assert.deepEqual(
      rules.map(({ inputs }) => [inputs["fromPort"], inputs["toPort"], inputs["referencedSecurityGroupId"]]),
      [[80, 80, balancer]],
    );
  });

  it("scales on CPU between the thresholds of the lost-zone rule", () => {
    const settings = settingsOf(plan);
    assert.equal(settings["aws:autoscaling:trigger UpperThreshold"], "60");
    assert.equal(settings["aws:autoscaling:trigger LowerThreshold"], "30");
  });

  it("names its environment so that AWS's 40 characters hold, and its logs are its own", () => {
    const [environment] = plan.index.ofType("aws:elasticbeanstalk/environment:Environment");
    assert.ok(`${environment?.name}-1234567`.length <= 40);
    const role = `${region}-food-store-role-policy`;
    const { Statement } = JSON.parse(plan.named("aws:iam/rolePolicy:RolePolicy", role)["policy"]);
    const bucket = "arn:aws:s3:::elasticbeanstalk-eu-west-1-123456789012";
    const eb = `arn:aws:elasticbeanstalk:${region}:${account}`;
    const application = `${region}-food-store-application`;
    assert.deepEqual(
      Statement.slice(1).map(({ Action, Resource }: any) => [Action[0], Resource]),
      [
        ["s3:GetObject", [bucket, `${bucket}/resources/environments/*`]],
        ["xray:PutTraceSegments", "*"],
        [
          "logs:CreateLogStream",
          `arn:aws:logs:${region}:${account}:log-group:/aws/elasticbeanstalk/${environment?.name}-*`,
        ],
        ["logs:DescribeLogGroups", "*"],
        [
          "elasticbeanstalk:PutInstanceStatistics",
          [`${eb}:application/${application}-*`, `${eb}:environment/${application}-*/${environment?.name}-*`],
        ],
      ],
    );
    const made = plan.index.ofType("aws:elasticbeanstalk/application:Application")[0]?.outputs["name"];
    assert.ok(made.startsWith(`${application}-`), made);
  });
});
