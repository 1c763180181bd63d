import assert from "node:assert/strict";
import { capture } from "../../../graph/capture/capture";
import { GraphIndex, type PlannedResource } from "../../../graph/model";
import { linkToServer, serverToHttps } from "../../../infra/traffic/flows";
import { allowHttpsOut, connectGroups, createSecurityGroup } from "../../../infra/traffic/security-group";

const shop = { name: "food-store", port: 8081 };

async function plan(program: () => void): Promise<readonly PlannedResource[]> {
  const graph = await capture(program);
  return graph.resources.filter(({ custom, type }) => custom && type !== "pulumi:pulumi:Stack");
}

describe("security groups", () => {
  it("start without rules", async () => {
    const [group] = await plan(() => {
      createSecurityGroup("servers", { vpcId: "vpc-1", description: "Servers of food-store" }, {});
    });
    assert.deepEqual(group!.inputs, {
      description: "Servers of food-store",
      revokeRulesOnDelete: true,
      vpcId: "vpc-1",
    });
  });

  it("are connected by one flow: egress on the caller, ingress on the called", async () => {
    const graph = await capture(() => {
      connectGroups("link-shop", { flow: linkToServer(shop), from: "sg-link", to: "sg-shop" }, {});
    });
    const rules = graph.resources.filter(({ type }) => type.startsWith("aws:vpc/"));
    const ports = { description: "VPC link to food-store servers", fromPort: 8081, ipProtocol: "tcp", toPort: 8081 };
    assert.deepEqual(
      rules.map(({ name, type, inputs }) => [name, type.split(":")[2], inputs]),
      [
        [
          "link-shop-egress",
          "SecurityGroupEgressRule",
          { ...ports, referencedSecurityGroupId: "sg-shop", securityGroupId: "sg-link" },
        ],
        [
          "link-shop-ingress",
          "SecurityGroupIngressRule",
          { ...ports, referencedSecurityGroupId: "sg-link", securityGroupId: "sg-shop" },
        ],
      ],
    );
  });

  it("reach any address on port 443 only", async () => {
    const graph = await capture(() => {
      allowHttpsOut("shop-https", "sg-shop", serverToHttps(), {});
    });
    const rule = new GraphIndex(graph).ofType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")[0]!;
    const { cidrIpv4, fromPort, toPort, securityGroupId } = rule.inputs;
    assert.deepEqual([cidrIpv4, fromPort, toPort, securityGroupId], ["0.0.0.0/0", 443, 443, "sg-shop"]);
    await assert.rejects(
      plan(() => {
        allowHttpsOut("shop-any", "sg-shop", linkToServer(shop), {});
      }),
      {
        name: "RangeError",
        message: /flow "link-to-food-store": only port 443 may leave to any address, got 8081-8081/,
      },
    );
  });

  it("refuse a description that EC2 would refuse", async () => {
    for (const description of ["", "it's", "a\nb", "x".repeat(256)]) {
      await assert.rejects(
        plan(() => {
          createSecurityGroup("servers", { vpcId: "vpc-1", description }, {});
        }),
        { name: "RangeError", message: /security group "servers": description must be 1-255 of/ },
      );
    }
  });
});
