import assert from "node:assert/strict";
import * as aws from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import { capture } from "../../../graph/capture/capture";
import { type Graph, GraphIndex, type PlannedResource } from "../../../graph/model";
import { interfaceEndpointPolicies } from "../../../infra/network/endpoints";
import { type NatStrategy, Network, type NetworkArgs } from "../../../infra/network/network";
import { declaredFlows } from "../../../infra/traffic/flows";
import { compileAcls } from "../../../infra/traffic/network-acl";

const services = [
  { name: "food-store", port: 8081 },
  { name: "shipping", port: 8084 },
];
const flowsFor = (nat: NatStrategy, interfaceEndpoints: boolean) =>
  declaredFlows(services, { nat: nat !== "none", interfaceEndpoints });
const prod: NetworkArgs = {
  region: "eu-west-1",
  cidr: "10.0.0.0/16",
  zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
  nat: "zone",
  interfaceEndpoints: true,
  privateApi: true,
  flows: flowsFor("zone", true),
  namespaceName: "prod.platform.internal",
  logRetentionDays: 90,
  tags: { environment: "prod" },
};

class Cell extends pulumi.ComponentResource {}

interface Result {
  readonly graph: Graph;
  readonly index: GraphIndex;
  readonly outputs: Record<string, any>;
}

async function plan(args: Partial<NetworkArgs> = {}): Promise<Result> {
  const graph = await capture(() => {
    const provider = new aws.Provider("aws", { region: "eu-west-1" });
    const cell = new Cell("test:index:Cell", "cell", {}, { providers: { aws: provider } });
    const network = new Network("net", { ...prod, ...args }, { parent: cell });
    const { vpcId, zones, publicSubnetIds, privateSubnetIds, isolatedSubnetIds, functionSecurityGroupId } = network;
    const { namespace } = network;
    const ids = { vpcId, publicSubnetIds, privateSubnetIds, isolatedSubnetIds, functionSecurityGroupId };
    return {
      ...ids,
      zones,
      namespace: { arn: namespace.arn, name: namespace.name },
    };
  });
  return { graph, index: new GraphIndex(graph), outputs: graph.outputs };
}

/** Number of resources per type, below the network. */
function counts({ graph }: Result): Record<string, number> {
  const result: Record<string, number> = {};
  for (const { type, urn } of graph.resources) {
    if (urn.includes("platform:network:Network$")) result[type] = (result[type] ?? 0) + 1;
  }
  return result;
}

const named = ({ graph }: Result, name: string): PlannedResource => {
  const found = graph.resources.filter((resource) => resource.name === name);
  assert.equal(found.length, 1, name);
  return found[0]!;
};

const perRegion = {
  "aws:cloudwatch/logGroup:LogGroup": 1,
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": 1,
  "aws:ec2/flowLog:FlowLog": 1,
  "aws:ec2/networkAcl:NetworkAcl": 3,
  "aws:iam/role:Role": 1,
  "aws:iam/rolePolicy:RolePolicy": 1,
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": 1,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": 1,
  "awsx:ec2:Vpc": 1,
  "platform:network:Endpoints": 1,
  "platform:network:FlowLogs": 1,
};

describe("network of a region", () => {
  let whole: Result;
  before(async () => {
    whole = await plan();
  });

  it("has exactly these resources, with interface endpoints", () => {
    assert.deepEqual(counts(whole), {
      ...perRegion,
      "aws:ec2/securityGroup:SecurityGroup": 2,
      "aws:ec2/vpcEndpoint:VpcEndpoint": 2 + 14,
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": 1,
    });
  });

  it("has exactly these resources in two zones without interface endpoints", async () => {
    const small = await plan({
      zones: ["eu-west-1a", "eu-west-1b"],
      nat: "single",
      interfaceEndpoints: false,
      privateApi: false,
      flows: flowsFor("single", false),
    });
    assert.deepEqual(counts(small), {
      ...perRegion,
      "aws:ec2/securityGroup:SecurityGroup": 1,
      "aws:ec2/vpcEndpoint:VpcEndpoint": 2,
    });
    assert.equal(small.outputs["privateSubnetIds"].length, 2);
    assert.equal(small.index.ofType("aws:ec2/vpcEndpoint:VpcEndpoint")[0]!.inputs["routeTableIds"].length, 6);
  });

  it("asks awsx for three tiers over the zones, without gaps for it to fill", () => {
    assert.deepEqual(named(whole, "net-vpc").inputs, {
      availabilityZoneNames: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
      cidrBlock: "10.0.0.0/16",
      enableDnsHostnames: true,
      enableDnsSupport: true,
      natGateways: { strategy: "OnePerAz" },
      subnetSpecs: [
        { cidrBlocks: ["10.0.0.0/20", "10.0.16.0/20", "10.0.32.0/20"], name: "public", type: "Public" },
        { cidrBlocks: ["10.0.64.0/20", "10.0.80.0/20", "10.0.96.0/20"], name: "private", type: "Private" },
        { cidrBlocks: ["10.0.128.0/20", "10.0.144.0/20", "10.0.160.0/20"], name: "isolated", type: "Isolated" },
      ],
      subnetStrategy: "Auto",
      tags: { environment: "prod" },
    });
  });

  for (const [nat, strategy] of [
    ["zone", "OnePerAz"],
    ["single", "Single"],
    ["none", "None"],
  ] as const) {
    it(`asks for NAT gateways "${strategy}" when config says ${nat}`, async () => {
      const result = await plan({ nat, flows: flowsFor(nat, true) });
      assert.deepEqual(named(result, "net-vpc").inputs["natGateways"], { strategy });
      assert.equal(named(result, "net-public-acl").inputs["ingress"].length, nat === "none" ? 0 : 2);
    });
  }

  it("tells the layers above what they need, subnets in the order of zones", () => {
    const { subnets } = named(whole, "net-vpc").outputs;
    const zoneOf = new Map(subnets.map((subnet: any) => [subnet.id, `${subnet.type} ${subnet.availabilityZone}`]));
    for (const tier of ["Public", "Private", "Isolated"]) {
      assert.deepEqual(
        whole.outputs[`${tier.toLowerCase()}SubnetIds`].map((id: string) => zoneOf.get(id)),
        prod.zones.map((zone) => `${tier} ${zone}`),
      );
    }
    assert.deepEqual(whole.outputs["zones"], prod.zones);
    assert.equal(whole.outputs["vpcId"], named(whole, "net-vpc").outputs["vpcId"]);
    assert.equal(whole.outputs["functionSecurityGroupId"], named(whole, "net-function-group").outputs["id"]);
    assert.equal(whole.outputs["namespace"].name, "prod.platform.internal");
    assert.match(whole.outputs["namespace"].arn, /^arn:aws:servicediscovery:eu-west-1:123456789012:namespace\/ns-/);
  });

  it("puts the compiled rules on the subnets of each tier", () => {
    const blocks = { public: "10.0.0.0/18", private: "10.0.64.0/18", isolated: "10.0.128.0/18" };
    const acls = compileAcls(prod.flows, blocks);
    for (const tier of ["public", "private", "isolated"] as const) {
      const { inputs } = named(whole, `net-${tier}-acl`);
      assert.deepEqual({ inbound: inputs["ingress"], outbound: inputs["egress"] }, acls[tier]);
      assert.deepEqual(inputs["subnetIds"], whole.outputs[`${tier}SubnetIds`]);
      assert.equal(inputs["vpcId"], whole.outputs["vpcId"]);
    }
  });

  it("closes the default group", () => {
    const { inputs } = named(whole, "net-default-group");
    assert.deepEqual(inputs, { egress: [], ingress: [], vpcId: whole.outputs["vpcId"] });
  });

  it("admits nobody from outside to any group, and lets functions call HTTPS only", () => {
    const ingress = whole.index.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    assert.deepEqual(
      ingress.map(({ inputs }) => [inputs["cidrIpv4"], inputs["fromPort"], inputs["toPort"], inputs["ipProtocol"]]),
      [["10.0.0.0/16", 443, 443, "tcp"]],
    );
    assert.deepEqual(named(whole, "net-function-https").inputs, {
      cidrIpv4: "0.0.0.0/0",
      description: "HTTPS to AWS APIs and beyond",
      fromPort: 443,
      ipProtocol: "tcp",
      securityGroupId: whole.outputs["functionSecurityGroupId"],
      toPort: 443,
    });
    for (const group of whole.index.ofType("aws:ec2/securityGroup:SecurityGroup")) {
      assert.deepEqual(Object.keys(group.inputs).sort(), ["description", "revokeRulesOnDelete", "vpcId"]);
    }
  });

  it("is made by the region's provider, every child named after its parent", () => {
    const byUrn = new Map(whole.graph.resources.map((resource) => [resource.urn, resource]));
    for (const resource of whole.graph.resources.filter(({ urn }) => urn.includes("platform:network:Network$"))) {
      const parent = byUrn.get(resource.parent ?? "")!;
      assert.ok(resource.name.startsWith(`${parent.name}-`), resource.name);
      if (resource.custom) assert.equal(resource.region, "eu-west-1", resource.name);
    }
  });

  it("refuses, before anything is made, flows that leave what it makes unusable", async () => {
    const cases: [Partial<NetworkArgs>, RegExp][] = [
      [{ nat: "none" }, /flow "server-to-https" leaves through NAT, got nat "none"/],
      [
        { flows: flowsFor("none", true) },
        /HTTPS to AWS APIs and beyond must pass .* public inbound to port 443; declare flow "server-to-https"/,
      ],
      [{ flows: flowsFor("zone", false) }, /private inbound to port 443; declare flow "workload-to-endpoint"/],
      [
        { flows: [], nat: "none", interfaceEndpoints: false },
        /private outbound to port 443; declare flow "workload-to-storage"/,
      ],
      [{ cidr: "10.0.0.0/24" }, /too small for 3 zones/],
      [{ zones: ["eu-west-1a"] }, /zones must be an integer from 2 to 6, got 1/],
    ];
    for (const [args, message] of cases) await assert.rejects(plan(args), { name: "RangeError", message });
  });
});

describe("endpoints of a region", () => {
  let whole: Result;
  before(async () => {
    whole = await plan();
  });
  const endpoint = (service: string) => named(whole, `net-endpoints-${service.replace(".", "-")}`);

  it("lead to S3 and DynamoDB from the subnets of every tier and zone", () => {
    const { routeTables } = named(whole, "net-vpc").outputs;
    assert.equal(routeTables.length, 9);
    for (const service of ["s3", "dynamodb"]) {
      const { inputs } = endpoint(service);
      assert.equal(inputs["serviceName"], `com.amazonaws.eu-west-1.${service}`);
      assert.equal(inputs["vpcEndpointType"], "Gateway");
      assert.deepEqual(
        inputs["routeTableIds"],
        routeTables.map((table: any) => table.id),
      );
    }
  });

  it("stand in every zone's private subnet under the service's own name", () => {
    for (const service of Object.keys(interfaceEndpointPolicies)) {
      const { inputs } = endpoint(service);
      assert.equal(inputs["serviceName"], `com.amazonaws.eu-west-1.${service}`);
      assert.equal(inputs["vpcEndpointType"], "Interface");
      // Public APIs of others keep their default names.
      assert.equal(inputs["privateDnsEnabled"], service !== "execute-api");
      assert.deepEqual(inputs["subnetIds"], whole.outputs["privateSubnetIds"]);
      assert.deepEqual(inputs["securityGroupIds"], [named(whole, "net-endpoints-group").outputs["id"]]);
    }
  });

  it("admit callers of this account only, where agents do not call with other signatures", () => {
    const [open, own] = [[] as string[], [] as string[]];
    for (const service of Object.keys(interfaceEndpointPolicies)) {
      const policy = endpoint(service).inputs["policy"];
      if (policy === undefined) open.push(service);
      else {
        own.push(service);
        const [statement, ...more] = JSON.parse(policy).Statement;
        assert.deepEqual(
          [more, statement.Condition],
          [[], { StringEquals: { "aws:PrincipalAccount": "123456789012" } }],
        );
      }
    }
    const agents = ["cloudformation", "ec2messages", "elasticbeanstalk", "elasticbeanstalk-health", "ssmmessages"];
    assert.deepEqual(open, agents);
    assert.equal(own.length, 9);
  });

  it("let data into this account's tables only", () => {
    assert.deepEqual(JSON.parse(endpoint("dynamodb").inputs["policy"]).Statement, [
      {
        Effect: "Allow",
        Principal: "*",
        Sid: "OwnPrincipalsOnOwnTables",
        Action: "dynamodb:*",
        Resource: "arn:aws:dynamodb:eu-west-1:123456789012:table/*",
        Condition: { StringEquals: { "aws:PrincipalAccount": "123456789012" } },
      },
    ]);
  });

  it("let data into this account's buckets only, and packages and image layers out of AWS's", () => {
    const statements: any[] = JSON.parse(endpoint("s3").inputs["policy"]).Statement;
    const writes = statements.filter(({ Action }) => ![Action].flat().every((action) => /^s3:(Get|List)/.test(action)));
    assert.deepEqual(
      writes.map(({ Sid, Condition, Resource }) => [Sid, Condition?.StringEquals, Resource]),
      [
        [
          "OwnPrincipalsOnOwnBuckets",
          { "aws:PrincipalAccount": "123456789012", "aws:ResourceAccount": "123456789012" },
          "*",
        ],
        ["BeanstalkSignals", undefined, "arn:aws:s3:::cloudformation-waitcondition-eu-west-1/*"],
      ],
    );
    const open = statements.find(({ Sid }) => Sid === "AwsOwnedBuckets");
    assert.equal(open.Action, "s3:GetObject");
    assert.deepEqual(open.Resource, [
      "arn:aws:s3:::al2023-repos-eu-west-1-de612dc2/*",
      "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*",
      "arn:aws:s3:::elasticbeanstalk-platform-assets-eu-west-1/*",
      "arn:aws:s3:::elasticbeanstalk-env-resources-eu-west-1/*",
      "arn:aws:s3:::elasticbeanstalk-samples-eu-west-1/*",
    ]);
    const anyBucket = statements.find(({ Sid }) => Sid === "OwnPrincipalsRead");
    assert.deepEqual(anyBucket.Condition, { StringEquals: { "aws:PrincipalAccount": "123456789012" } });
  });
});

describe("flow log of a region", () => {
  let whole: Result;
  before(async () => {
    whole = await plan();
  });

  it("records all traffic every minute into a group that forgets", () => {
    const group = named(whole, "net-flow-logs-group");
    assert.deepEqual(group.inputs["retentionInDays"], 90);
    assert.deepEqual(named(whole, "net-flow-logs-log").inputs, {
      iamRoleArn: named(whole, "net-flow-logs-role").outputs["arn"],
      logDestination: group.outputs["arn"],
      logDestinationType: "cloud-watch-logs",
      maxAggregationInterval: 60,
      trafficType: "ALL",
      vpcId: whole.outputs["vpcId"],
    });
  });

  it("is written by a role that only flow logs of this account and region may take", () => {
    const role = named(whole, "net-flow-logs-role");
    assert.deepEqual(JSON.parse(role.inputs["assumeRolePolicy"]).Statement, [
      {
        Effect: "Allow",
        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": "123456789012" },
          ArnLike: { "aws:SourceArn": "arn:aws:ec2:eu-west-1:123456789012:vpc-flow-log/*" },
        },
      },
    ]);
  });

  it("is written by a role that may list groups, and write to its own", () => {
    const { arn } = named(whole, "net-flow-logs-group").outputs;
    const { inputs } = named(whole, "net-flow-logs-policy");
    assert.deepEqual(JSON.parse(inputs["policy"]).Statement, [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resource: [arn, `${arn}:*`],
      },
      { Effect: "Allow", Action: ["logs:DescribeLogGroups"], Resource: "*" },
    ]);
    const log = named(whole, "net-flow-logs-log");
    assert.ok(log.dependencies.includes(named(whole, "net-flow-logs-policy").urn), "waits for the policy");
  });
});
