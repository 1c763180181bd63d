import assert from "node:assert/strict";
import fc from "fast-check";
import { capture } from "../../../graph/capture/capture";
import { createListener, createTargetGroup, healthyMinimum } from "../../../infra/balancer/service-listener";
import { ServicePlan } from "../compute/fixture";

describe("createTargetGroup", () => {
  it("checks /healthz every 10 s and lets requests in flight end", async () => {
    const plan = new ServicePlan(
      await capture(() => {
        const args = { vpcId: "vpc-1", port: 8084, targetType: "instance", zones: 3, minServers: 6 } as const;
        const targets = createTargetGroup("eu-west-1-price-calculator-targets", args, {});
        const action = { kind: "forward", targetGroupArn: targets.arn } as const;
        createListener("listener", { balancer: { loadBalancerArn: "arn:lb" }, port: 8084, action }, {});
      }),
    );
    const targets = plan.index.one("aws:lb/targetGroup:TargetGroup", {});
    assert.ok(`${targets.name}-1234567`.length <= 32);
    assert.deepEqual(targets.inputs, {
      vpcId: "vpc-1",
      port: 8084,
      protocol: "HTTP",
      targetType: "instance",
      deregistrationDelay: 30,
      loadBalancingAlgorithmType: "least_outstanding_requests",
      healthCheck: {
        enabled: true,
        protocol: "HTTP",
        port: "traffic-port",
        path: "/healthz",
        matcher: "200",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
      },
      targetGroupHealth: {
        dnsFailover: { minimumHealthyTargetsCount: "2" },
        unhealthyStateRouting: { minimumHealthyTargetsCount: 2 },
      },
    });
    assert.deepEqual(plan.inputs("aws:lb/listener:Listener"), {
      loadBalancerArn: "arn:lb",
      port: 8084,
      protocol: "HTTP",
      defaultActions: [{ type: "forward", targetGroupArn: targets.outputs["arn"] }],
    });
  });
});

describe("healthyMinimum", () => {
  const zones = fc.integer({ min: 2, max: 6 });
  const perZone = fc.integer({ min: 1, max: 100 });

  it("is never reached by the loss of one zone alone", () => {
    fc.assert(
      fc.property(zones, perZone, (z, n) => {
        assert.ok(healthyMinimum(z, z * n) <= n * (z - 1));
      }),
    );
  });

  it("is above one wherever two servers are left", () => {
    fc.assert(
      fc.property(zones, perZone, (z, n) => {
        assert.equal(healthyMinimum(z, z * n) > 1, n * (z - 1) > 1);
      }),
    );
  });

  it("is half of what is left of many", () => {
    assert.deepEqual([healthyMinimum(2, 2), healthyMinimum(3, 3), healthyMinimum(3, 30)], [1, 2, 10]);
  });
});
