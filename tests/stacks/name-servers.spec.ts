import assert from "node:assert/strict";
import { planStack } from "../../graph/plan";
import { delegationLine } from "../../infra/dns/hosted-zone";
import { OUTPUTS_VERSION } from "../../stacks/outputs";

describe("the name servers of the hosted zone", function () {
  this.timeout(60_000);

  it("are an output of the stack that makes the zone, and of no other", async () => {
    const zone = "aws:route53/zone:Zone";
    for (const [stack, makes] of [
      ["dev", true],
      ["prod", true],
      ["prod.eu-west-1", true],
      ["prod.eu-central-1", false],
      ["prod-edge", true],
      ["prod-compute", false],
    ] as const) {
      const { resources, outputs } = await planStack(stack);
      // A zone with a VPC is private: nobody delegates to it.
      const made = resources.find(({ type, inputs }) => type === zone && inputs["vpcs"] === undefined);
      assert.equal(made !== undefined, makes, stack);
      assert.deepEqual(outputs["nameServers"], made?.outputs["nameServers"], stack);
      assert.equal(outputs["version"], OUTPUTS_VERSION);
    }
  });

  it("are told with what to do with them", () => {
    const line = delegationLine("example.org", ["ns-1.example.net", "ns-2.example.net"]);
    assert.match(
      line,
      /^zone example\.org is served by ns-1\.example\.net, ns-2\.example\.net; enter these as its NS records/,
    );
  });
});
