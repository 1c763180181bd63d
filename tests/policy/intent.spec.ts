import assert from "node:assert/strict";
import { evaluate } from "../../graph/policy/evaluate";
import { type Severity, severities } from "../../policy/pack/rule";
import type { RuleConfig } from "../../policy/pack/run";
import { rules } from "../../policy/rules";
import { type Draft, graphOf } from "./helpers";

/** Findings of a rule with every severity selected, as `<level> <severity> <resource>`. */
async function found(
  rule: string,
  draft: Draft,
  config: Record<string, RuleConfig> = {},
  select: readonly Severity[] = severities,
) {
  const own = rules.filter(({ name }) => name === rule);
  const { pack = {}, ...others } = config;
  const findings = await evaluate(graphOf(draft), {
    rules: own,
    configOf: (name) => (name === "pack" ? { select: { severities: select }, ...pack } : (others[name] ?? {})),
  });
  return findings.map(({ level, severity, urn }) => `${level} ${severity} ${urn.split("::").at(-1)}`);
}

const subnet = (letter: string) =>
  ["aws:ec2/subnet:Subnet", { vpcId: "vpc-1", availabilityZone: `eu-west-1${letter}` }] as const;
const subnets: Draft = { a: subnet("a"), b: subnet("b"), c: subnet("c") };
const database = (inputs: object = {}): Draft => ({ orders: ["aws:rds/instance:Instance", inputs] });
const service = (desiredCount: number): Draft => ({ web: ["aws:ecs/service:Service", { desiredCount }] });
/** Shows that people operate a program. */
const alarm: Draft = { alarm: ["aws:cloudwatch/metricAlarm:MetricAlarm"] };
const scalesUp = "arn:aws:autoscaling:eu-west-1:1:scalingPolicy:0a1b:autoScalingGroupName/web:policyName/up";
const low = ["advisory low orders"];
const high = ["mandatory high orders"];

describe("policy: what a program is for", () => {
  const redundant: Readonly<Record<string, Draft>> = {
    "a service of two tasks": service(2),
    "a service that scales from two": {
      ...service(1),
      target: [
        "aws:appautoscaling/target:Target",
        { resourceId: "service/@{web}", serviceNamespace: "ecs", minCapacity: 2, maxCapacity: 4 },
      ],
    },
    "a service of two tasks by awsx": { web: ["awsx:ecs:FargateService", { desiredCount: 2 }] },
    "a group of two servers": { servers: ["aws:autoscaling/group:Group", { minSize: 2, maxSize: 2 }] },
    "a group over two zones with room for two": {
      ...subnets,
      servers: ["aws:autoscaling/group:Group", { minSize: 1, maxSize: 2, vpcZoneIdentifiers: ["@{a}", "@{b}"] }],
    },
    "a balancer over three zones": {
      ...subnets,
      front: ["aws:lb/loadBalancer:LoadBalancer", { subnets: ["@{a}", "@{b}", "@{c}"] }],
    },
    "a network balancer over two zones": {
      ...subnets,
      front: ["aws:lb/loadBalancer:LoadBalancer", { loadBalancerType: "network", subnets: ["@{a}", "@{b}"] }],
    },
    "two NAT gateways": { one: ["aws:ec2/natGateway:NatGateway"], two: ["aws:ec2/natGateway:NatGateway"] },
    "failover records": {
      record: ["aws:route53/record:Record", { failoverRoutingPolicies: [{ type: "PRIMARY" }] }],
    },
    "another database with a standby": { other: ["aws:rds/instance:Instance", { multiAz: true }] },
    "a table with a replica": { table: ["aws:dynamodb/table:Table", { replicas: [{ regionName: "eu-west-2" }] }] },
    "a cache that fails over": {
      cache: ["aws:elasticache/replicationGroup:ReplicationGroup", { multiAzEnabled: true }],
    },
    "two nodes of a cluster": { nodes: ["aws:eks/nodeGroup:NodeGroup", { scalingConfig: { desiredSize: 2 } }] },
  };
  for (const [title, draft] of Object.entries(redundant)) {
    it(`is to survive a zone with ${title}`, async () => {
      assert.deepEqual(await found("database-multi-az", { ...database(), ...draft, ...alarm }), high);
      assert.deepEqual(await found("database-multi-az", { ...database(), ...draft }), low);
    });
  }

  const single: Readonly<Record<string, Draft>> = {
    "nothing else": {},
    "a service of one task": service(1),
    "a group of one server": { servers: ["aws:autoscaling/group:Group", { minSize: 1, maxSize: 1 }] },
    "an application balancer over the two zones that AWS asks for": {
      ...subnets,
      front: ["aws:lb/loadBalancer:LoadBalancer", { subnets: ["@{a}", "@{b}"] }],
    },
    "a service whose number of tasks is not known": {
      web: ["aws:ecs/service:Service", { desiredCount: "[unknown]" }],
    },
  };
  for (const [title, draft] of Object.entries(single)) {
    it(`is not to survive a zone with ${title}, so that advice about it is low`, async () => {
      assert.deepEqual(await found("database-multi-az", { ...database(), ...draft, ...alarm }), low);
    });
  }

  it("does not matter where the class is set to production, or the rule has a setting", async () => {
    const production = { class: "production" } as const;
    assert.deepEqual(await found("database-multi-az", database(), { pack: production }), high);
    assert.deepEqual(await found("database-multi-az", database(), { "database-multi-az": production }), high);
    assert.deepEqual(await found("database-multi-az", database(), { pack: { class: "development" } }), low);
    const group: Draft = { orders: ["aws:autoscaling/group:Group", { availabilityZones: ["eu-west-1a"] }] };
    assert.deepEqual(await found("zones", group), low);
    assert.deepEqual(await found("zones", group, { zones: { zones: 2 } }), high);
  });

  it("asks for two zones where nobody has set the class, and for three in production", async () => {
    const two: Draft = {
      a: subnet("a"),
      b: subnet("b"),
      orders: ["aws:autoscaling/group:Group", { minSize: 2, maxSize: 4, vpcZoneIdentifiers: ["@{a}", "@{b}"] }],
    };
    assert.deepEqual(await found("zones", two), []);
    assert.deepEqual(await found("zones", { ...two, b: subnet("a") }), high);
    assert.deepEqual(await found("zones", two, { pack: { class: "production" } }), high);
    assert.deepEqual(await found("zones", two, { pack: { class: "development" } }), []);
  });

  it("matters where only a level is configured, as the engine does not pass it on", async () => {
    const mandatory = { "database-multi-az": { enforcementLevel: "mandatory" } } as const;
    assert.deepEqual(await found("database-multi-az", database(), mandatory), low);
  });

  it("keeps what is low from being reported, and from being not evaluated, unless it is selected", async () => {
    const usual = severities.filter((one) => one !== "low");
    assert.deepEqual(await found("database-multi-az", database(), {}, usual), []);
    assert.deepEqual(await found("database-multi-az", database({ multiAz: "[unknown]" }), {}, usual), []);
    const stays = await found("database-not-public", database({ publiclyAccessible: true }), {}, usual);
    assert.deepEqual(stays, ["mandatory critical orders"]);
  });

  it("is to be operated with an alarm, a log of requests or a lock", async () => {
    const table: Draft = { files: ["aws:dynamodb/table:Table"] };
    const kept = (draft: Draft) => found("table-recovery", { ...table, ...draft });
    assert.deepEqual(await kept({}), ["advisory low files"]);
    const signs: readonly Draft[] = [
      alarm,
      { alarm: ["aws:cloudwatch/metricAlarm:MetricAlarm", { alarmActions: ["arn:aws:sns:eu-west-1:1:people"] }] },
      { front: ["aws:lb/loadBalancer:LoadBalancer", { accessLogs: { enabled: true } }] },
      { stage: ["aws:apigatewayv2/stage:Stage", { accessLogSettings: { format: "x" } }] },
      { topic: ["aws:sns/topic:Topic", {}, { protect: true }] },
    ];
    for (const draft of signs) assert.deepEqual(await kept(draft), ["mandatory medium files"], JSON.stringify(draft));
    const others: readonly Draft[] = [
      { dashboard: ["aws:cloudwatch/dashboard:Dashboard"] },
      { alarm: ["aws:cloudwatch/metricAlarm:MetricAlarm", { alarmActions: [scalesUp] }] },
      {
        up: ["aws:autoscaling/policy:Policy"],
        alarm: ["aws:cloudwatch/metricAlarm:MetricAlarm", { alarmActions: ["@{up.arn}"] }],
      },
    ];
    for (const draft of others) assert.deepEqual(await kept(draft), ["advisory low files"], JSON.stringify(draft));
  });

  it("is to be audited with a trail, a flow log or a detector", async () => {
    const bucket: Draft = { files: ["aws:s3/bucket:Bucket"] };
    const versions = (draft: Draft) => found("bucket-versioned", { ...bucket, ...draft });
    assert.deepEqual(await versions(alarm), ["advisory low files"]);
    for (const type of ["aws:cloudtrail/trail:Trail", "aws:ec2/flowLog:FlowLog", "aws:guardduty/detector:Detector"])
      assert.deepEqual(await versions({ audit: [type] }), ["mandatory medium files"], type);
  });

  it("is to keep servers private with a NAT gateway", async () => {
    const web: Draft = {
      open: [
        "aws:ec2/securityGroup:SecurityGroup",
        { ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"] }] },
      ],
      web: [
        "aws:ecs/service:Service",
        { networkConfiguration: { assignPublicIp: true, subnets: ["subnet-1"], securityGroups: ["@{open}"] } },
      ],
    };
    assert.deepEqual(await found("service-no-public-ip", web), ["advisory low web"]);
    const nat: Draft = { nat: ["aws:ec2/natGateway:NatGateway"] };
    assert.deepEqual(await found("service-no-public-ip", { ...web, ...nat }), ["mandatory high web"]);
    const endpoint = (vpcEndpointType: string): Draft => ({
      endpoint: ["aws:ec2/vpcEndpoint:VpcEndpoint", { vpcEndpointType }],
    });
    assert.deepEqual(await found("service-no-public-ip", { ...web, ...endpoint("Interface") }), ["mandatory high web"]);
    const others: readonly Draft[] = [
      endpoint("Gateway"),
      { net: ["awsx:ec2:Vpc", { natGateways: { strategy: "None" } }] },
    ];
    for (const draft of others)
      assert.deepEqual(await found("service-no-public-ip", { ...web, ...draft }), ["advisory low web"]);
  });

  it("is to serve with a balancer, in front of which a server is not to be open", async () => {
    const group: Draft = {
      web: [
        "aws:ec2/securityGroup:SecurityGroup",
        { ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"] }] },
      ],
      server: ["aws:ec2/instance:Instance", { vpcSecurityGroupIds: ["@{web}"] }],
    };
    assert.deepEqual(await found("security-group-public-edge", group), ["advisory low web"]);
    const front: Draft = { front: ["aws:lb/loadBalancer:LoadBalancer"] };
    // A balancer of something else is none that clients of this server could go around.
    assert.deepEqual(await found("security-group-public-edge", { ...group, ...front }), ["advisory low web"]);
    const target: Draft = {
      targets: ["aws:lb/targetGroup:TargetGroup"],
      join: [
        "aws:lb/targetGroupAttachment:TargetGroupAttachment",
        { targetGroupArn: "@{targets}", targetId: "@{server}" },
      ],
    };
    assert.deepEqual(await found("security-group-public-edge", { ...group, ...front, ...target }), [
      "mandatory high web",
    ]);
  });
});
