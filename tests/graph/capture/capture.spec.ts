import assert from "node:assert/strict";
import * as acm from "@pulumi/aws/acm";
import * as dynamodb from "@pulumi/aws/dynamodb";
import * as ec2 from "@pulumi/aws/ec2";
import * as beanstalk from "@pulumi/aws/elasticbeanstalk";
import * as iam from "@pulumi/aws/iam";
import * as aws from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import { capture } from "../../../graph/capture/capture";

class Cell extends pulumi.ComponentResource {}

describe("capture", () => {
  it("keeps parents, the region of the provider, dependencies and protect", async () => {
    const graph = await capture(() => {
      const provider = new aws.Provider("west", { region: "eu-west-1" });
      const cell = new Cell("test:index:Cell", "cell", {}, { providers: { aws: provider } });
      const group = new ec2.SecurityGroup("group", { description: "g" }, { parent: cell, protect: true });
      new ec2.SecurityGroup("other", { description: group.id }, { parent: cell, ignoreChanges: ["name"] });
    });
    const [group, other] = ["group", "other"].map((name) => graph.resources.find((r) => r.name === name)!);
    assert.equal(group!.parent, "urn:pulumi:test::platform::test:index:Cell::cell");
    assert.equal(group!.urn, "urn:pulumi:test::platform::test:index:Cell$aws:ec2/securityGroup:SecurityGroup::group");
    assert.equal(group!.region, "eu-west-1");
    assert.equal(group!.protect, true);
    assert.deepEqual(other!.dependencies, [group!.urn]);
    assert.deepEqual(other!.ignoreChanges, ["name"]);
    assert.equal(other!.inputs["description"], group!.outputs["id"]);
  });

  it("refuses an input that needs an output nobody has", async () => {
    await assert.rejects(
      capture(() => {
        const certificate = new acm.Certificate("cert", { domainName: "example.com" });
        new ec2.SecurityGroup("group", { description: certificate.notAfter });
      }),
      /securityGroup:SecurityGroup "group": input description is not known; it needs an output that .*Certificate "cert" does not have/,
    );
  });

  it("refuses a stack output that nobody has", async () => {
    await assert.rejects(
      capture(() => ({ when: new acm.Certificate("cert", { domainName: "example.com" }).notAfter })),
      /stack output when is not known/,
    );
  });

  it("refuses a name used twice", async () => {
    await assert.rejects(
      capture(() => {
        new ec2.SecurityGroup("twin", {});
        new ec2.SecurityGroup("twin", {});
      }),
      /duplicate resource: "twin"/,
    );
  });

  it("fails when an apply throws and nobody awaits it", async () => {
    await assert.rejects(
      capture(() => {
        new ec2.SecurityGroup("group", {}).id.apply(() => {
          throw new Error("lost in an apply");
        });
      }),
      /lost in an apply/,
    );
  });

  it("hides secrets in inputs and keeps them apart from outputs", async () => {
    const graph = await capture(() => {
      new ec2.SecurityGroup("group", { description: pulumi.secret("hunter2") });
      return { word: pulumi.secret("hunter2") };
    });
    assert.equal(graph.resources.find((r) => r.name === "group")!.inputs["description"], "[secret]");
    assert.equal(graph.outputs["word"], "[secret]");
  });

  it("gives resources without a provider the region that the configuration has for AWS", async () => {
    const program = () => {
      new dynamodb.Table("orders", { attributes: [], hashKey: "id" });
      return { image: ec2.getAmiOutput({ owners: ["amazon"], filters: [{ name: "name", values: ["al2023"] }] }).id };
    };
    const [west, other] = await Promise.all(
      [{ config: { "aws:region": "us-west-1" } }, {}].map((options) => capture(program, options)),
    );
    const orders = west!.resources.find((r) => r.name === "orders")!;
    assert.match(String(orders.outputs["arn"]), /^arn:aws:dynamodb:us-west-1:/);
    assert.equal(orders.region, "us-west-1");
    assert.notEqual(west!.outputs["image"], other!.outputs["image"]);
  });

  it("passes the id of a resource where the program passes the resource, as the engine does", async () => {
    const graph = await capture(() => {
      const role = new iam.Role("worker", { assumeRolePolicy: "{}" });
      new iam.RolePolicyAttachment("rights", { role, policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" });
    });
    const [role, rights] = ["worker", "rights"].map((name) => graph.resources.find((r) => r.name === name)!);
    assert.equal(rights!.inputs["role"], role!.outputs["id"]);
    assert.deepEqual(rights!.propertyDependencies["role"], [role!.urn]);
  });

  it("runs two programs at once without mixing them", async () => {
    const names = async (name: string) =>
      (await capture(() => void new ec2.SecurityGroup(name, {}), { stack: name })).resources.map((r) => r.name);
    const [a, b] = await Promise.all([names("a"), names("b")]);
    assert.deepEqual(a, ["a", "platform-a"]);
    assert.deepEqual(b, ["b", "platform-b"]);
  });

  it("answers the listed functions of the provider with stand-ins, another one for each region", async () => {
    const found = async (region: "eu-west-1" | "eu-central-1", image: string) =>
      (
        await capture(() => {
          const provider = new aws.Provider(region, { region });
          const args = { owners: ["amazon"], filters: [{ name: "name", values: [image] }] };
          return { id: ec2.getAmiOutput(args, { provider }).id };
        })
      ).outputs["id"];
    const here = await found("eu-west-1", "one");
    assert.match(here, /^ami-[0-9a-f]{17}$/);
    assert.equal(await found("eu-west-1", "one"), here);
    assert.notEqual(await found("eu-west-1", "two"), here);
    assert.notEqual(await found("eu-central-1", "one"), here);
  });

  it("answers the lookups that graph/outputs declares, in the region of their provider too", async () => {
    const graph = await capture(() => {
      const provider = new aws.Provider("west", { region: "eu-west-1" });
      const find = (nameRegex: string, mostRecent: boolean) =>
        beanstalk.getSolutionStackOutput({ nameRegex, mostRecent }, { provider }).name;
      return { newest: find("Node\\.js 22$", true), only: find("v6\\.6\\.2 ", false) };
    });
    assert.deepEqual(graph.outputs, {
      newest: "64bit Amazon Linux 2023 v6.7.1 running Node.js 22",
      only: "64bit Amazon Linux 2023 v6.6.2 running Node.js 22",
    });
    await assert.rejects(
      capture(() => ({ none: beanstalk.getSolutionStackOutput({ nameRegex: "^Node", mostRecent: true }).name })),
      /getSolutionStack must match one platform, or some and take the newest, got 0 for \^Node;/,
    );
  });

  it("refuses to call a function of the provider that has no stand-in", async () => {
    await assert.rejects(
      capture(() => ({ vpc: ec2.getVpcOutput({ default: true }).id })),
      /aws:ec2\/getVpc:getVpc was called; a plan has no AWS account/,
    );
  });
});
