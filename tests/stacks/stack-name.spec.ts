import assert from "node:assert/strict";
import {
  checkStackName,
  formatStackName,
  layerNames,
  ownsLayer,
  parseStackName,
  siblingStack,
} from "../../stacks/stack-name";

describe("stack name", () => {
  it("says what a stack owns, in four ways", () => {
    assert.deepEqual(parseStackName("prod"), { environment: "prod" });
    assert.deepEqual(parseStackName("prod-compute"), { environment: "prod", layer: "compute" });
    assert.deepEqual(parseStackName("prod.eu-west-1"), { environment: "prod", region: "eu-west-1" });
    assert.deepEqual(parseStackName("prod-edge.eu-west-1"), {
      environment: "prod",
      layer: "edge",
      region: "eu-west-1",
    });
  });

  it("is the same after parsing and formatting", () => {
    for (const name of ["dev", "dev-network", "dev.us-east-1", "dev-data.us-east-1"]) {
      assert.equal(formatStackName(parseStackName(name)), name);
    }
  });

  it("refuses another form, with an example of the right one", () => {
    for (const name of ["", "Prod", "prod-", "prod.", "prod_x", "-compute", "prod-compute-x", "prod\nx", "__proto__"]) {
      assert.throws(
        () => parseStackName(name),
        /must be named <environment>\[-<layer>\]\[\.<region>\]; try "prod"/,
        name,
      );
    }
  });

  it("refuses a layer that does not exist and lists those that do", () => {
    assert.throws(
      () => parseStackName("prod-constructor"),
      /names layer "constructor"; the layers are network, identity, data, compute, edge/,
    );
  });

  it("refuses a region the environment does not have", () => {
    assert.throws(
      () => checkStackName(parseStackName("prod.us-east-1"), [{ name: "eu-west-1" }]),
      /stack "prod.us-east-1" names region "us-east-1", but Pulumi.prod.yaml has eu-west-1/,
    );
  });

  it("gives every layer of every region exactly one owner in each way of splitting", () => {
    const regions = ["eu-west-1", "eu-central-1"];
    const ways = [
      ["prod"],
      layerNames.map((layer) => `prod-${layer}`),
      regions.map((region) => `prod.${region}`),
      layerNames.flatMap((layer) => regions.map((region) => `prod-${layer}.${region}`)),
    ];
    for (const stacks of ways) {
      for (const layer of layerNames) {
        for (const region of regions) {
          const owners = stacks.filter((stack) => ownsLayer(parseStackName(stack), layer, region));
          assert.equal(owners.length, 1, `${layer} of ${region} in ${stacks.join(" ")}`);
          for (const stack of stacks) assert.equal(siblingStack(parseStackName(stack), layer, region), owners[0]);
        }
      }
    }
  });
});
