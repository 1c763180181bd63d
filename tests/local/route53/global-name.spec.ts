import assert from "node:assert/strict";
import { Route53 } from "../../../local/route53/route53";
import { TimeScale } from "../../../local/time-scale";
import { replanned } from "../../conformance/plans";

describe("the global name of an environment", function () {
  this.timeout(60_000);

  it("is the API's, although a service has a shorter name that fails over", async () => {
    const index = await replanned("prod", (config) => {
      config.services.shipping.failoverName = "p.example.com";
    });
    const route53 = new Route53(index, { time: new TimeScale(1), gateway: () => undefined });
    assert.equal(route53.globalName, "api.example.com");
    assert.equal(route53.answers["p.example.com"], "eu-west-1");
  });
});
