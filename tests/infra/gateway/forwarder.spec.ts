import assert from "node:assert/strict";
import type { GraphIndex } from "../../../graph/model";
import { replanned, withoutCalls } from "../../conformance/plans";
import { sampleNames } from "../../helpers/samples";

const FUNCTION = "aws:lambda/function:Function";
const PERMISSION = "aws:lambda/permission:Permission";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

/** Plans dev with a REST API in front of the services that tests name. */
function planned(change: (config: any) => void = () => undefined): Promise<GraphIndex> {
  return withoutCalls(() =>
    replanned("dev", (config) => {
      config.gateways.rest = { services: [...sampleNames], domain: `rest.${config.domain.api}` };
      change(config);
    }),
  );
}

describe("the forwarder of a REST API", () => {
  let plan: GraphIndex;
  before(async () => {
    plan = await planned();
  });

  function forwarder(of = plan) {
    return of.ofType(FUNCTION).filter(({ name }) => name.includes("rest-forwarder"));
  }

  it("takes the routes of servers in Cloud Map, which a REST API cannot reach itself", () => {
    const definition = JSON.parse(plan.one("aws:apigateway/restApi:RestApi", {}).inputs["body"]);
    const { uri, type } = definition.paths["/food-store/foods/{id}"].get["x-amazon-apigateway-integration"];
    assert.equal(type, "aws_proxy");
    const [alias] = plan.ofType("aws:lambda/alias:Alias").filter(({ name }) => name.includes("rest-forwarder"));
    assert.equal(uri, alias!.outputs["invokeArn"]);
  });

  it("runs in the VPC in every zone and knows the servers by the first segment of their paths", () => {
    const [{ inputs } = assert.fail("no forwarder")] = forwarder();
    const link = plan.one("aws:apigatewayv2/vpcLink:VpcLink", {});
    assert.deepEqual(inputs["vpcConfig"].subnetIds, link.inputs["subnetIds"]);
    assert.equal(inputs["vpcConfig"].subnetIds.length, 2);
    const { TARGETS, ADDRESS_RANGES } = inputs["environment"].variables;
    assert.deepEqual(JSON.parse(TARGETS), {
      "food-store": { namespace: "dev.platform.internal", service: "food-store" },
    });
    assert.match(ADDRESS_RANGES, /^10\.\d+\.0\.0\/16$/);
  });

  it("gives its interfaces to a group that stays, so that its own can be deleted with it", () => {
    const [{ inputs } = assert.fail("no forwarder")] = forwarder();
    assert.equal(inputs["replaceSecurityGroupsOnDestroy"], true);
    assert.equal(inputs["replacementSecurityGroupIds"].length, 1);
    assert.notDeepEqual(inputs["replacementSecurityGroupIds"], inputs["vpcConfig"].securityGroupIds);
  });

  it("ends before the gateway gives up, and after the service has", () => {
    const [{ inputs } = assert.fail("no forwarder")] = forwarder();
    assert.ok(inputs["timeout"] > 10 && inputs["timeout"] < 15, String(inputs["timeout"]));
  });

  it("may be invoked by the one stage of the REST API only", () => {
    const permissions = plan.ofType(PERMISSION).filter(({ name }) => name.includes("rest-forwarder"));
    // One for each of its functions: the one that answers at once, and the one that streams.
    assert.equal(permissions.length, 2);
    for (const { inputs } of permissions) {
      assert.match(inputs["sourceArn"], /^arn:aws:execute-api:eu-west-1:\d{12}:[a-z0-9]+\/live\/\*$/);
      assert.equal(inputs["qualifier"], "live");
    }
  });

  it("may reach the servers' port, and ask Cloud Map for its own services only", () => {
    const [rule] = plan.ofType(INGRESS).filter(({ name }) => name.includes("rest-food-store"));
    assert.deepEqual([rule!.inputs["fromPort"], rule!.inputs["toPort"]], [8081, 8081]);
    const [policy] = plan.ofType("aws:iam/rolePolicy:RolePolicy").filter(({ name }) => name.includes("rest-forwarder"));
    const statements: any[] = JSON.parse(policy!.inputs["policy"]).Statement;
    const discover = statements.filter(({ Action }) => Action.includes("servicediscovery:DiscoverInstances"));
    assert.deepEqual(
      discover.map(({ Condition }) => Condition),
      [
        {
          StringEquals: {
            "servicediscovery:NamespaceName": "dev.platform.internal",
            "servicediscovery:ServiceName": ["food-store"],
          },
        },
      ],
    );
  });

  it("has a role that may do this, log and use its interfaces, and nothing else", () => {
    const policies = plan.ofType("aws:iam/rolePolicy:RolePolicy").filter(({ name }) => name.includes("rest-forwarder"));
    assert.equal(policies.length, 2);
    for (const { name, inputs } of policies) {
      const statements: any[] = JSON.parse(inputs["policy"]).Statement;
      const allowed = statements.map(({ Action, Resource }) => [Action, [Resource].flat()]);
      const wide = allowed.filter(([, resources]) => resources.includes("*")).flatMap(([actions]) => actions);
      assert.deepEqual(
        wide,
        [
          "servicediscovery:DiscoverInstances",
          ...["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"],
          ...["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
        ],
        name,
      );
      const narrow = allowed.filter(([, resources]) => !resources.includes("*"));
      assert.deepEqual(
        narrow.flatMap(([actions]) => actions),
        [
          ...["logs:CreateLogStream", "logs:PutLogEvents", "ec2:CreateNetworkInterface"],
          ...["ec2:AssignPrivateIpAddresses", "ec2:DeleteNetworkInterface", "ec2:UnassignPrivateIpAddresses"],
        ],
        name,
      );
    }
  });

  it("may connect to its servers, and to the VPC's endpoints or, where there are none, to any address by HTTPS", async () => {
    const ways = (of: GraphIndex) => {
      const [{ inputs } = assert.fail("no forwarder")] = forwarder(of);
      const [group] = inputs["vpcConfig"].securityGroupIds;
      const rules = of.where("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", { securityGroupId: group });
      return rules.map(({ inputs: { cidrIpv4, prefixListId, referencedSecurityGroupId, fromPort, toPort } }) => {
        const to = cidrIpv4 ?? prefixListId ?? (referencedSecurityGroupId && "the servers");
        return `${to} ${fromPort}-${toPort}`;
      });
    };
    assert.deepEqual(ways(plan).sort(), ["0.0.0.0/0 443-443", "the servers 8081-8081"]);
    const closed = await planned((config) => {
      config.network.interfaceEndpoints = true;
    });
    const [{ inputs } = assert.fail("no forwarder")] = forwarder(closed);
    const { ADDRESS_RANGES: ofVpc } = inputs["environment"].variables;
    assert.deepEqual(ways(closed).sort(), [`${ofVpc} 443-443`, "the servers 8081-8081"]);
  });

  it("exists only where a service of the REST API is in Cloud Map", async () => {
    const without = await planned((config) => {
      config.gateways.rest.services = ["pet-store", "shipping"];
    });
    assert.deepEqual(forwarder(without), []);
  });
});
