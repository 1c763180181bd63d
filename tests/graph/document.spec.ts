import assert from "node:assert/strict";
import * as ec2 from "@pulumi/aws/ec2";
import * as aws from "@pulumi/aws/provider";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { capture } from "../../graph/capture/capture";
import { planDocument } from "../../graph/document";

class Cell extends pulumi.ComponentResource {}

/** A secret, an unknown, an archive, a protected child in a region, and outputs of each kind. */
async function sample() {
  const program = () => {
    const provider = new aws.Provider("west", { region: "eu-west-1" });
    const cell = new Cell("test:index:Cell", "cell", {}, { providers: { aws: provider } });
    const group = new ec2.SecurityGroup(
      "group",
      { description: pulumi.secret("hunter2"), tags: { owner: "me" } },
      { parent: cell, protect: true, ignoreChanges: ["name"] },
    );
    const archive = new pulumi.asset.FileArchive("./folder");
    const object = new s3.BucketObjectv2(
      "object",
      { bucket: "bucket", key: group.id, source: archive },
      { parent: cell },
    );
    new ec2.SecurityGroup("later", { description: object.storageClass }, { parent: cell });
    return { id: group.id, word: pulumi.secret("hunter2"), later: object.storageClass };
  };
  return planDocument(await capture(program, { project: "sample", stack: "test", unknowns: "keep" }));
}

describe("the plan's JSON document", () => {
  it("has the fields it promises, and no other", async () => {
    const document = await sample();
    assert.deepEqual(Object.keys(document), ["project", "stack", "resources", "outputs", "policy"]);
    for (const resource of document.resources) {
      assert.deepEqual(Object.keys(resource), [
        "urn",
        "type",
        "name",
        "parent",
        "custom",
        "remote",
        "inputs",
        "region",
        "provider",
        "dependencies",
        "protect",
        "ignoreChanges",
      ]);
    }
  });

  it("shows a resource with its place, region and options", async () => {
    const document = await sample();
    const cell = "urn:pulumi:test::sample::test:index:Cell";
    assert.deepEqual(
      document.resources.find(({ name }) => name === "group"),
      {
        urn: `${cell}$aws:ec2/securityGroup:SecurityGroup::group`,
        type: "aws:ec2/securityGroup:SecurityGroup",
        name: "group",
        parent: `${cell}::cell`,
        custom: true,
        remote: false,
        inputs: { description: "[secret]", tags: { owner: "me" } },
        region: "eu-west-1",
        provider: "urn:pulumi:test::sample::pulumi:providers:aws::west",
        dependencies: [],
        protect: true,
        ignoreChanges: ["name"],
      },
    );
    const component = document.resources.find(({ name }) => name === "cell")!;
    assert.deepEqual([component.custom, component.region, component.provider], [false, null, null]);
    assert.equal(document.resources.find(({ type }) => type === "pulumi:pulumi:Stack")!.parent, null);
  });

  it("spells secrets, unknowns and archives so that they cannot be taken for values", async () => {
    const document = await sample();
    const inputs = (name: string) => document.resources.find((resource) => resource.name === name)!.inputs;
    assert.deepEqual(inputs("object")["source"], { archive: "./folder" });
    assert.deepEqual(inputs("later"), { description: "[unknown]" });
    assert.equal(document.outputs["word"], "[secret]");
    assert.equal(document.outputs["later"], "[unknown]");
    assert.doesNotMatch(JSON.stringify(document), /hunter2/);
  });

  it("lists resources by URN, so that equal programs print equal documents", async () => {
    const [first, second] = await Promise.all([sample(), sample()]);
    const urns = first.resources.map(({ urn }) => urn);
    assert.deepEqual(urns, urns.toSorted());
    assert.equal(JSON.stringify(first), JSON.stringify(second));
  });
});
