import assert from "node:assert/strict";
import { Cloud } from "./cloud";
import { received } from "./dropped";
import { inputsOf } from "./shapes";

const SERVICE = "aws:servicediscovery/service:Service";
const ACL = "aws:wafv2/webAcl:WebAcl";

describe("what the provider drops", () => {
  it("is an empty health check of a Cloud Map service, and not one with its threshold", () => {
    assert.deepEqual(received(SERVICE, { name: "a", healthCheckCustomConfig: {} }), { name: "a" });
    const whole = { name: "a", healthCheckCustomConfig: { failureThreshold: 1 } };
    assert.deepEqual(received(SERVICE, whole), whole);
    assert.ok(Object.hasOwn(inputsOf(SERVICE), "healthCheckCustomConfig"));
  });

  it("is no empty block of another type or property, which is meant", () => {
    const acl = { defaultAction: { allow: {} }, visibilityConfig: {} };
    assert.deepEqual(received(ACL, acl), acl);
    assert.deepEqual(received(SERVICE, { dnsConfig: {} }), { dnsConfig: {} });
  });

  it("is in no resource that the cloud holds", async () => {
    const inputs = { name: "a", healthCheckCustomConfig: {} };
    const held = await new Cloud().create({ type: SERVICE, name: "a", inputs, region: "eu-west-1" });
    assert.equal("healthCheckCustomConfig" in held.outputs, false);
    assert.equal("healthCheckCustomConfig" in held.inputs, false);
  });
});
